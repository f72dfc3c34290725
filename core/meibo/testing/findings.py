"""What a check finds: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; `check` is the name of the check that found it."""

    path: Path
    line: int
    what: str
    mend: str
    check: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"

    def told(self) -> dict[str, str | int]:
        """The finding as JSON."""
        return {
            "path": str(self.path),
            "line": self.line,
            "what": self.what,
            "mend": self.mend,
            "check": self.check,
        }


def at(place: Place, what: str, mend: str) -> Finding:
    """A finding at a place."""
    return Finding(place.path, place.line, what, mend)
