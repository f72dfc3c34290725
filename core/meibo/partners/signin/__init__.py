"""How partners sign in: an assertion signed with a registered key (RFC 7523) for a token of ten minutes, which is bound
to a key of theirs by DPoP (RFC 9449) or to their certificate by mTLS (RFC 8705).

A token is a JWT under a MAC of our own, read by our processes alone: nothing is stored that could be stolen, and a
request costs no look-up but the partner's. It names the partner's version, so that every act upon the partner, such as
a suspension, ends its tokens.
"""

from meibo.partners.signin.certificates import certificate_thumbprint
from meibo.partners.signin.service import (
    Declined,
    Issued,
    PartnerCall,
    PartnerSignIn,
    TokenRequest,
    open_sign_in,
)

__all__ = [
    "Declined",
    "Issued",
    "PartnerCall",
    "PartnerSignIn",
    "TokenRequest",
    "certificate_thumbprint",
    "open_sign_in",
]
