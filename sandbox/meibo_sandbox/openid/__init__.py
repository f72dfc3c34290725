"""A stand-in OpenID provider: discovery, keys, a page to be anybody on, tokens with PKCE; and tokens gone wrong."""

from meibo_sandbox.openid.faults import Fault
from meibo_sandbox.openid.keys import SigningKeys
from meibo_sandbox.openid.provider import IdentityProviderStandIn, identity_provider

__all__ = ["Fault", "IdentityProviderStandIn", "SigningKeys", "identity_provider"]
