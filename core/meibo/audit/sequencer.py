"""Gives leaves their places, within a second of their commit; nobody who records a leaf waits for it.

Any number of processes may run one: a place is given under a lock, so places are dense and no leaf has two.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal_column, select

from meibo import clock
from meibo.audit import tables, trees
from meibo.audit.checkpoints import CHECKPOINT_KEY, Checkpoint, origin, sign_checkpoint
from meibo.audit.leaves import subjects_of
from meibo.audit.merkle import leaf_hash, root
from meibo.audit.sources import AUDIT, Change, ChangeSource
from meibo.crypto.keys import KeyProvider
from meibo.database.direct.scripts import Ask, Put, Script
from meibo.database.direct.statements import Statement, among, given
from meibo.database.stores import Database
from meibo.errors import OperatorError

BATCH = 1000
FEW = 100
"""Rows of a source at a time, in a process that serves. They are as large as what was done, and an import leaves a
hundred thousand: whoever asks for anything meanwhile waits for a turn of it."""
SECONDS = (
    0.5  # From look to look: a leaf that has just missed one has its place within a second all the same.
)
BREATH = 0.01
"""Seconds for others between two looks, where there is more to place."""
LOCK = 0x61756474  # "audt": one advisory lock for the sequencers of a PostgreSQL database

_log = logging.getLogger(__name__)


def _last() -> Select[Any]:
    place = tables.place.c
    # The second condition lets the partial index audit_place_last serve.
    of_source = (place.source == given(place.source, "source")) & (
        place.source != literal_column(f"'{AUDIT}'")
    )
    return select(place.cursor).where(of_source).order_by(place.leaf_index.desc()).limit(literal_column("1"))


_LAST = Statement(_last())
"""The cursor of a source's last row that has a place."""
_LOCK = Statement(select(func.pg_advisory_xact_lock(LOCK)))
_QUEUE = Statement(select(tables.unplaced.c.leaf_id).limit(literal_column(str(BATCH))))
_TAKEN = Statement(delete(tables.unplaced).where(among(tables.unplaced.c.leaf_id, "ids")))
WAITING = Statement(select(tables.leaf).where(among(tables.leaf.c.id, "ids")))
"""Leaves by their ids. Ordered in the database, or joined with the queue before PostgreSQL has counted the rows of
either, this would walk through all leaves ever written to find those that wait."""
_SIGNED = Statement(
    insert(tables.checkpoint).values({each.name: given(each, each.name) for each in tables.checkpoint.c})
)


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
        self._full: Sequence[ChangeSource] = ()
        """The sources that gave all that was asked of them, and so may have more."""

    async def run_once(self) -> int:
        """Place what waits, at most 1000 from each source, in one transaction; returns how many."""
        return await self._place(self._sources, BATCH)

    async def run(self, stop: asyncio.Event, every: float = SECONDS) -> None:
        """Sequence until `stop`, looking every so many seconds, sooner where there is more; a store that fails is tried
        again."""
        asked = self._sources
        while not stop.is_set():
            try:
                placed = await self._place(asked, FEW)
            except Exception as error:
                # The class alone: a driver's message may repeat what was written.
                _log.warning("The audit log's sequencer failed (%s) and tries again.", type(error).__name__)
                placed, self._full = 0, ()
            more = placed >= BATCH or self._full
            await _sleep(stop, BREATH if more else every)
            asked = self._full if more else self._sources

    async def _place(self, sources: Sequence[ChangeSource], most: int) -> int:
        """One pass over the queue and these sources, which are asked for so many rows."""
        offers = [await self._offer(source, most) for source in sources]
        self._full = [
            source for source, offer in zip(sources, offers, strict=True) if len(offer.changes) == most
        ]
        return await self._database.play(self._placed(offers))

    async def _offer(self, source: ChangeSource, most: int) -> _Offer:
        """What a source has beyond its last place; asked outside the lock, for it may be slow."""
        if source.name not in self._cursors:
            last = await self._database.fetch(_LAST, source=source.name)
            self._cursors[source.name] = last[0].cursor if last else None
        after = self._cursors[source.name]
        return _Offer(source.name, after, await source.changes(after, most))

    def _placed(self, offers: Sequence[_Offer]) -> Script[int]:
        """Place the leaves of the queue and the rows that are offered."""
        if not self._database.is_sqlite:  # SQLite's BEGIN IMMEDIATE is a lock already.
            yield Ask(_LOCK, {})
        entries = yield from _queued()
        for offer in offers:
            entries += yield from self._still_new(offer)
        if entries:
            tree = yield from trees.grow(entries)
            yield Put(_SIGNED, [self._signed(tree)])
        return len(entries)

    def _still_new(self, offer: _Offer) -> Script[list[trees.Entry]]:
        """The offer's rows, unless another sequencer was faster; where it stands then is asked anew."""
        if not offer.changes:
            return []
        del self._cursors[offer.source]
        last = yield Ask(_LAST, {"source": offer.source})
        if [row.cursor for row in last] != ([] if offer.after is None else [offer.after]):
            return []
        return [
            trees.Entry(offer.source, each.cursor, leaf_hash(each.body), each.subjects)
            for each in offer.changes
        ]

    def _signed(self, tree: trees.Tree) -> dict[str, Any]:
        """The tree's checkpoint, as a row."""
        key = self._keys.newest(CHECKPOINT_KEY)
        note = sign_checkpoint(Checkpoint(self._origin, tree.size, root(tree.frontier)), key)
        return {"size": tree.size, "note": note, "key_version": key.version, "signed_at": clock.now()}


def _queued() -> Script[list[trees.Entry]]:
    """Take leaves without a place from the queue, at most a batch; the oldest among them come first."""
    ids = [id for (id,) in (yield Ask(_QUEUE, {}))]
    if not ids:
        return []
    yield Put(_TAKEN, [{"ids": ids}])
    by_number = sorted((yield Ask(WAITING, {"ids": ids})))
    return [trees.Entry(AUDIT, id, leaf_hash(body), subjects_of(body)) for _, id, body in by_number]


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
