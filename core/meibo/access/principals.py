"""Who is asking: made from a token, or for an act by command; carried to every service call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from meibo.access.permissions import Permission
from meibo.errors import Forbidden


class Surface(StrEnum):
    """Where a request came in."""

    REGISTRY = "registry"
    PORTAL = "portal"
    VERIFY = "verify"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller: account, office, terminal, and what was granted on which professions (by code)."""

    account: str
    institution: str
    terminal: str
    surface: Surface
    permissions: frozenset[Permission]
    professions: frozenset[str]
    offices: frozenset[str] | None = None
    """Codes of the receiving offices whose entries alone the caller reaches; None: all entries."""

    @property
    def rights(self) -> tuple[object, ...]:
        """All that decides what the caller may see: equal for those who may see the same."""
        return self.institution, self.surface, self.permissions, self.professions, self.offices

    def may(self, permission: Permission, profession: str | None = None) -> bool:
        """Whether the permission was granted, and for this profession where one is given."""
        return permission in self.permissions and (profession is None or profession in self.professions)

    def demand(self, permission: Permission, profession: str | None = None) -> None:
        """Raise Forbidden unless `may`."""
        if not self.may(permission, profession):
            raise Forbidden(permission)

    def sees(self, professions: Iterable[str]) -> frozenset[str]:
        """Those of the professions that lie in the caller's scope."""
        return self.professions & frozenset(professions)
