"""What partners signed serves once, over all processes: its hash is written to the register, and the first wins."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select

from meibo import clock
from meibo.database.direct.scripts import Ask, Put, Script
from meibo.database.direct.statements import Statement, given, many
from meibo.database.gathering import Gathering
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.partners.tables import used_proof

MOST_TOGETHER = 500
CLEANED_SECONDS = 60
"""How often a process forgets what is too old to be believed anyway."""
_KEEP = Statement(
    insert_new(used_proof)
    .values({c.name: given(c, c.name) for c in used_proof.c})
    .returning(used_proof.c.hash)
)
_KEEP_TOGETHER = Statement(
    insert_new(used_proof)
    .from_select(
        ["hash", "forget_at"],
        select(func.unnest(many(used_proof.c.hash, "hashes")), given(used_proof.c.forget_at, "forget_at")),
    )
    .returning(used_proof.c.hash)
)
"""All in one statement, for PostgreSQL."""
_FORGET = Statement(delete(used_proof).where(used_proof.c.forget_at < given(used_proof.c.forget_at, "now")))


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
        cleans = time.monotonic() - self._cleaned >= CLEANED_SECONDS
        if cleans:
            self._cleaned = time.monotonic()
        return await self._database.play(_kept(proofs, cleans, self._database.is_sqlite))


def _kept(proofs: Mapping[bytes, datetime], cleans: bool, is_sqlite: bool) -> Script[set[bytes]]:
    """Keep hashes, all as long as the one that is believed longest; gives those that were new."""
    hashes, until = sorted(proofs), max(proofs.values())
    together = Ask(_KEEP_TOGETHER, {"hashes": hashes, "forget_at": until})
    each = [Ask(_KEEP, {"hash": hash, "forget_at": until}) for hash in hashes]
    new: set[bytes] = set()
    for asked in each if is_sqlite else [together]:
        new.update(row.hash for row in (yield asked))
    if cleans:
        yield Put(_FORGET, [{"now": clock.now()}])
    return new
