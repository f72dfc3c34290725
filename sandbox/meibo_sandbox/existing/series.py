"""How the other side of a feed keeps count: each batch of a series once, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Series:
    """For each profession, the series that is being taken, and the number of its last batch."""

    stands: dict[str, tuple[str, int]] = field(default_factory=dict)

    def begins(self, batch: dict[str, Any]) -> bool:
        """Whether a batch is the first of a series that is not known: what was told before is void."""
        return bool(self._series(batch) != batch["series"] and batch["number"] == 1)

    def follows(self, batch: dict[str, Any]) -> bool:
        """Whether a batch is the one that comes next; it counts as taken from here on."""
        known = self._number(batch) if self._series(batch) == batch["series"] else 0
        if batch["number"] != known + 1:
            return False
        self.stands[batch["profession"]] = (batch["series"], batch["number"])
        return True

    def taken(self, batch: dict[str, Any]) -> tuple[str, dict[str, int]]:
        """The answer: how far this side has come in the batch's series."""
        known = self._number(batch) if self._series(batch) == batch["series"] else 0
        return "taken", {"number": known}

    def _series(self, batch: dict[str, Any]) -> str:
        return self.stands.get(batch["profession"], ("", 0))[0]

    def _number(self, batch: dict[str, Any]) -> int:
        return self.stands.get(batch["profession"], ("", 0))[1]
