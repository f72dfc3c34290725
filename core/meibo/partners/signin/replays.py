"""What partners signed serves once, over all processes: its hash is written to the register, and the first wins.

One commit at a time, and one for many: while a commit runs, the proofs of other requests gather for the next.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from meibo import clock
from meibo.database.stores import Database
from meibo.partners.tables import used_proof

BATCH = 500
CLEANED_SECONDS = 60
"""How often a process forgets what is too old to be believed anyway."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    hash: bytes
    forget_at: datetime
    is_first: asyncio.Future[bool]


class UsedProofs:
    """Assertions and proofs that were used; one for each process and event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._cleaned = 0.0
        make = sqlite.insert if database.is_sqlite else postgresql.insert
        self._insert = make(used_proof).on_conflict_do_nothing().returning(used_proof.c.hash)

    async def is_first(self, kind: str, signer: str, jti: str, forget_at: float) -> bool:
        """Whether an id of a signer is seen for the first time; it has been from now on, until that second."""
        hashed = hashlib.sha256("\0".join((kind, signer, jti)).encode("utf-8", "surrogatepass")).digest()
        waiting = _Waiting(
            hashed, datetime.fromtimestamp(forget_at, UTC), asyncio.get_running_loop().create_future()
        )
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        return await waiting.is_first

    async def _drain(self) -> None:
        """Write batch after batch until nobody waits; a caller that gave up harms no other."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._settle(batch)
        finally:
            self._writer = None

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Write a batch and tell its callers; where it cannot be written, none of them is let in."""
        try:
            new = await self._write({each.hash: each.forget_at for each in batch})
        except BaseException as error:
            for each in batch:
                if not each.is_first.done():
                    each.is_first.set_exception(error if isinstance(error, Exception) else OSError())
            if not isinstance(error, Exception):
                raise
            return
        for each in batch:
            if not each.is_first.done():
                each.is_first.set_result(each.hash in new)
            new.discard(each.hash)

    async def _write(self, proofs: dict[bytes, datetime]) -> set[bytes]:
        """Those of the hashes that nobody had written before."""
        rows = [{"hash": hash, "forget_at": at} for hash, at in proofs.items()]
        async with self._database.write() as work:
            new = set((await work.connection.execute(self._insert, rows)).scalars())
            if time.monotonic() - self._cleaned >= CLEANED_SECONDS:
                self._cleaned = time.monotonic()
                old = delete(used_proof).where(used_proof.c.forget_at < clock.now())
                await work.connection.execute(old)
            await work.commit()
        return new
