"""Whose licence it is: enrolling, finding and revealing numbers, and the act that spans the vault and the register.

    permission -> intent leaf -> links, numbers -> the register's commit -> done leaf

What dies on the way is swept by `reconcile`, which asks the register whether the licence is there.
"""

from meibo.identity.acts import Linked
from meibo.identity.reconciling import ReconcileReport
from meibo.identity.service import Identity

__all__ = ["Identity", "Linked", "ReconcileReport"]
