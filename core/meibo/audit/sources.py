"""Where leaves come from that live in another store: a change's leaf is its action row in the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

AUDIT = "audit"  # The source of the log's own leaves; no other may have this name.
FIRST = datetime.min.replace(tzinfo=UTC)
"""Comes before the instant of every row."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a source: a cursor that no other has, the bytes that are its leaf, its licences."""

    cursor: str
    body: bytes
    subjects: tuple[str, ...] = ()


class ChangeSource(Protocol):
    """A store whose rows get places in the tree; the tree keeps the row's leaf hash, source and cursor."""

    @property
    def name(self) -> str:
        """A stable short name, such as `register`."""

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The next rows after that cursor (None: from the first), at most `limit`, in commit order.

        A row that was given must never afterwards gain a row before it.
        """
