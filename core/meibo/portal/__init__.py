"""The holder's side: who has signed in, what they see of their own licences, whom they let see what,
which certificates they have.

A portal opens the register, the links and the audit log. It has no way to the vault's numbers, nor to their keys.
"""

from meibo.portal.certificates import CertificateRequest, HolderCertificates
from meibo.portal.holders import Holder, HolderReader, LicenceAccess
from meibo.portal.opening import Portal, open_portal, portal_of

__all__ = [
    "CertificateRequest",
    "Holder",
    "HolderCertificates",
    "HolderReader",
    "LicenceAccess",
    "Portal",
    "open_portal",
    "portal_of",
]
