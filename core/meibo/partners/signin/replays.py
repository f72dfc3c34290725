"""What partners signed serves once, over all processes: its hash is written to the register, and the first wins."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import delete

from meibo import clock
from meibo.database.gathering import Gathering
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.partners.tables import used_proof

MOST_TOGETHER = 500
CLEANED_SECONDS = 60
"""How often a process forgets what is too old to be believed anyway."""
_KEEP = insert_new(used_proof).returning(used_proof.c.hash)


class _Proof(NamedTuple):
    hash: bytes
    forget_at: datetime


class UsedProofs:
    """Assertions and proofs that were used; one for each process and event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathering = Gathering(self._together, MOST_TOGETHER)
        self._cleaned = 0.0

    async def is_first(self, kind: str, signer: str, jti: str, forget_at: float) -> bool:
        """Whether an id of a signer is seen for the first time; it has been from now on, until that second. Where that
        cannot be written, it raises, and nobody is let in."""
        hashed = hashlib.sha256("\0".join((kind, signer, jti)).encode("utf-8", "surrogatepass")).digest()
        return await self._gathering(_Proof(hashed, datetime.fromtimestamp(forget_at, UTC)))

    async def _together(self, proofs: Sequence[_Proof]) -> list[bool]:
        """Whether each is new; of equal ones, the first at most."""
        new, first = await self._write(dict(proofs)), []
        for proof in proofs:
            first.append(proof.hash in new)
            new.discard(proof.hash)
        return first

    async def _write(self, proofs: dict[bytes, datetime]) -> set[bytes]:
        """Those of the hashes that nobody had written before."""
        rows = [{"hash": hash, "forget_at": at} for hash, at in sorted(proofs.items())]
        async with self._database.write() as work:
            new = set((await work.connection.execute(_KEEP, rows)).scalars())
            if time.monotonic() - self._cleaned >= CLEANED_SECONDS:
                self._cleaned = time.monotonic()
                old = delete(used_proof).where(used_proof.c.forget_at < clock.now())
                await work.connection.execute(old)
            await work.commit()
        return new
