"""Whose licence it is: enrolling, finding and revealing numbers, in one act with the register.

    permission -> intent leaf -> links, numbers -> the register's commit -> done leaf

What dies on the way is swept by `reconcile`, which asks the register whether the licence is there.
"""

from meibo.identity.drawing import Drawing, Drawn, NewHolder
from meibo.identity.guards import Entry
from meibo.identity.holders import HolderLinks, holder_grants, open_holder_links
from meibo.identity.opening import open_identity, vault_grants
from meibo.identity.reconciling import ReconcileReport
from meibo.identity.service import Identity
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.links import HeldLicence, Linked
from meibo.vault.numbers import NumberStatus

__all__ = [
    "Drawing",
    "Drawn",
    "Entry",
    "HeldLicence",
    "HolderLinks",
    "Identity",
    "Linked",
    "NewHolder",
    "NumberKind",
    "NumberStatus",
    "ReconcileReport",
    "VerifiedBy",
    "holder_grants",
    "open_holder_links",
    "open_identity",
    "parse_number",
    "vault_grants",
]
