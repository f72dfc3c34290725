"""Gives leaves their places, within a second of their commit; nobody who records a leaf waits for it.

Any number of processes may run one: a place is given under a lock, so places are dense and no leaf has two.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, delete, insert, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.audit import tables, trees
from meibo.audit.checkpoints import CHECKPOINT_KEY, Checkpoint, origin, sign_checkpoint
from meibo.audit.leaves import subjects_of
from meibo.audit.merkle import root
from meibo.audit.sources import AUDIT, Change, ChangeSource
from meibo.crypto.keys import KeyProvider
from meibo.database.direct.statements import among
from meibo.database.stores import Database
from meibo.errors import OperatorError

BATCH = 1000
SECONDS = (
    0.5  # From look to look: a leaf that has just missed one has its place within a second all the same.
)
LOCK = 0x61756474  # "audt": one advisory lock for the sequencers of a PostgreSQL database

_log = logging.getLogger(__name__)


def _waiting() -> Select[Any]:
    # Ordered in the database, this would walk through all leaves ever written to find those that wait.
    queue = select(tables.unplaced.c.leaf_id).limit(BATCH).subquery()
    return select(tables.leaf).join(queue, queue.c.leaf_id == tables.leaf.c.id)


WAITING = _waiting()
"""Leaves without a place."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A source's rows after a cursor."""

    source: str
    after: str | None
    changes: Sequence[Change]


class Sequencer:
    """Sequences the audit store's leaves and the rows of `sources` into one tree, and signs it."""

    def __init__(
        self,
        database: Database,
        keys: KeyProvider,
        sources: Sequence[ChangeSource],
        installation: str = "local",
    ) -> None:
        names = [AUDIT, *(source.name for source in sources)]
        if len(set(names)) < len(names):
            raise OperatorError(f"Two sources of the audit log have one name, or one is named {AUDIT!r}.")
        self._database = database
        self._keys = keys
        self._sources = sources
        self._origin = origin(installation)
        self._cursors: dict[str, str | None] = {}
        """Of each source's last row that has a place, as far as this sequencer knows."""

    async def run_once(self) -> int:
        """Place what waits, at most 1000 from each source, in one transaction; returns how many."""
        offers = [await self._offer(source) for source in self._sources]
        async with self._database.write() as work:
            if not self._database.is_sqlite:  # SQLite's BEGIN IMMEDIATE is a lock already.
                await work.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            entries = await _queued(work.connection)
            for offer in offers:
                entries += await self._still_new(work.connection, offer)
            if entries:
                await self._sign(work.connection, *await trees.grow(work.connection, entries))
                await work.commit()
        return len(entries)

    async def run(self, stop: asyncio.Event, every: float = SECONDS) -> None:
        """Sequence until `stop`, looking every so many seconds, at once where a batch was full; a store that fails is
        tried again."""
        while not stop.is_set():
            try:
                placed = await self.run_once()
            except Exception as error:
                # The class alone: a driver's message may repeat what was written.
                _log.warning("The audit log's sequencer failed (%s) and tries again.", type(error).__name__)
                placed = 0
            if placed < BATCH:
                await _sleep(stop, every)

    async def _offer(self, source: ChangeSource) -> _Offer:
        """What a source has beyond its last place; asked outside the lock, for it may be slow."""
        if source.name not in self._cursors:
            async with self._database.read() as connection:
                self._cursors[source.name] = await _last_cursor(connection, source.name)
        after = self._cursors[source.name]
        return _Offer(source.name, after, await source.changes(after, BATCH))

    async def _still_new(self, connection: AsyncConnection, offer: _Offer) -> list[trees.Entry]:
        """The offer's rows, unless another sequencer was faster; where it stands then is asked anew."""
        if not offer.changes:
            return []
        del self._cursors[offer.source]
        if await _last_cursor(connection, offer.source) != offer.after:
            return []
        return [trees.Entry(offer.source, each.cursor, each.body, each.subjects) for each in offer.changes]

    async def _sign(self, connection: AsyncConnection, size: int, frontier: Sequence[bytes]) -> None:
        key = self._keys.newest(CHECKPOINT_KEY)
        note = sign_checkpoint(Checkpoint(self._origin, size, root(frontier)), key)
        row = {"size": size, "note": note, "key_version": key.version, "signed_at": clock.now()}
        await connection.execute(insert(tables.checkpoint), row)


async def _queued(connection: AsyncConnection) -> list[trees.Entry]:
    """Take leaves without a place from the queue, at most a batch; the oldest among them come first."""
    rows = sorted((await connection.execute(WAITING)).all(), key=itemgetter(0))  # By number.
    if rows:
        taken = delete(tables.unplaced).where(among(tables.unplaced.c.leaf_id, "ids"))
        await connection.execute(taken, {"ids": [id for _, id, _ in rows]})
    return [trees.Entry(AUDIT, id, body, subjects_of(body)) for _, id, body in rows]


async def _last_cursor(connection: AsyncConnection, source: str) -> str | None:
    """The cursor of a source's last row that has a place."""
    place = tables.place
    # The second condition lets the partial index audit_place_last serve.
    of_source = (place.c.source == source) & (place.c.source != literal_column(f"'{AUDIT}'"))
    newest = select(place.c.cursor).where(of_source).order_by(place.c.leaf_index.desc()).limit(1)
    return await connection.scalar(newest)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
