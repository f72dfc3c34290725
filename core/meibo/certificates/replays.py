"""Remembers key bindings and nonces until they are too old to be believed, so that none serves twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete

from meibo.certificates.sdjwt.binding import OLDEST
from meibo.certificates.tables import seen_binding
from meibo.certificates.times import SKEW
from meibo.database.stores import Database

MOST = 1_000_000
"""Bindings remembered at once; beyond that the oldest makes room."""
KEEP = OLDEST + 2 * SKEW


class Replays(Protocol):
    """Whether a key binding is seen for the first time. One process remembers by itself; several share a table."""

    async def is_first(self, binding: bytes, at: datetime) -> bool:
        """Whether this binding was never seen before; it has been from now on."""


class ProcessReplays:
    """What one process has seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()

    async def is_first(self, binding: bytes, at: datetime) -> bool:
        while self._seen and (len(self._seen) >= MOST or next(iter(self._seen.values())) <= at - KEEP):
            self._seen.popitem(last=False)
        if binding in self._seen:
            return False
        self._seen[binding] = at
        return True


async def forget(database: Database, at: datetime) -> int:
    """Forget what was shown so long ago that nobody believes it any more; gives how much."""
    async with database.write() as work:
        gone = await work.connection.execute(delete(seen_binding).where(seen_binding.c.seen_at <= at - KEEP))
        await work.commit()
    return gone.rowcount
