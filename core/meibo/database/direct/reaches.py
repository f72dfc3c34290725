"""What a caller may reach, as PostgreSQL's row-level security compares it with every row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ALL_OFFICES = "*"


@dataclass(frozen=True, slots=True)
class Reach:
    """Professions by their numbers, and receiving offices by their codes; None means every office's entries."""

    scope: frozenset[int]
    offices: frozenset[str] | None = None

    @classmethod
    def of(cls, scope: Iterable[int], offices: Iterable[str] | None) -> Reach:
        """The reach of these professions and offices."""
        return cls(frozenset(scope), None if offices is None else frozenset(offices))

    @property
    def settings(self) -> tuple[str, str]:
        """The values of `app.scope` and `app.offices`."""
        scope = "{" + ",".join(str(int(number)) for number in sorted(self.scope)) + "}"
        return scope, ALL_OFFICES if self.offices is None else ",".join(sorted(self.offices))
