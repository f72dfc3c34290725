"""Read the whole log again and find the first difference.

One pass recomputes every leaf's hash, every node and the root at every checkpoint. As all those roots come
from one sequence of leaves, a checkpoint that agrees is consistent with the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit import faults, suspicions
from meibo.audit.checkpoints import CHECKPOINT_KEY, Checkpoint, origin, verifier_key, verify_checkpoint
from meibo.audit.faults import Found, VerifyReport
from meibo.audit.leaves import decode
from meibo.audit.merkle import Node, append, leaf_hash, root
from meibo.audit.sources import AUDIT, ChangeSource
from meibo.audit.suspicions import SourceRows
from meibo.audit.tables import checkpoint, leaf, node, place, subject, unplaced
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import InvalidValue, OperatorError, SealBroken

PAGE = 1000
PAIRS = 5000  # Rows of the subject index looked up by one statement, with two variables each.


async def verify(
    database: Database,
    keys: KeyProvider,
    sources: Sequence[ChangeSource],
    installation: str = "local",
    witnessed: Sequence[str] = (),
) -> VerifyReport:
    """Verify everything that has a place when this begins, and report the first fault.

    `witnessed` are checkpoints that somebody kept elsewhere: they alone tell that a log was cut short, or
    written anew by one who holds the key. Raises OperatorError where `sources` lacks one of the log's.
    """
    async with database.read() as connection:
        run = _Verification(connection, keys, sources, origin(installation))
        try:
            await run.everything(witnessed)
        except Found as found:
            return VerifyReport(run.size, run.checkpoints, found.fault)
    return VerifyReport(run.size, run.checkpoints, None)


class _Verification:
    """One pass over the log; raises the first fault."""

    def __init__(
        self, connection: AsyncConnection, keys: KeyProvider, sources: Sequence[ChangeSource], origin: str
    ) -> None:
        self.size = 0
        self.checkpoints = 0
        self._connection = connection
        self._keys = keys
        self._origin = origin
        self._rows = {source.name: SourceRows(source) for source in sources}
        self._frontier: list[bytes] = []
        self._signed = 0
        self._suspect: Node | None = None
        self._witnessed: dict[int, bytes] = {}

    async def everything(self, witnessed: Sequence[str]) -> None:
        """Places, leaves, nodes, checkpoints, index of subjects, queue."""
        last_signed = await self._measure()
        self._witnessed = {each.size: each.root for each in map(self._witness, witnessed)}
        for start in range(0, self.size, PAGE):
            await self._page(range(start, min(start + PAGE, self.size)))
        beyond = max([last_signed, *self._witnessed])
        if beyond > self.size:
            raise faults.checkpoint_beyond(beyond, self.size)
        if self._signed < self.size:
            raise faults.unsigned(self._signed)
        await self._queue()

    async def _measure(self) -> int:
        """Size of the log and of its newest checkpoint, by one statement: a sequencer may go on meanwhile."""
        signed = select(func.max(checkpoint.c.size)).scalar_subquery()
        count = select(func.count()).select_from(checkpoint).scalar_subquery()
        last = select(func.max(place.c.leaf_index)).scalar_subquery()
        row = (await self._connection.execute(select(last, signed, count))).one()
        self.size = 0 if row[0] is None else row[0] + 1
        self.checkpoints = row[2]
        return row[1] or 0

    async def _page(self, span: range) -> None:
        """The leaves of a span, with what completes there."""
        places = {row.leaf_index: row for row in await self._select(_places(), place.c.leaf_index, span)}
        nodes = await self._select(select(node), node.c.leaf_index, span)
        stored = {Node(row.leaf_index, row.level): row.hash for row in nodes}
        signed = range(span.start + 1, span.stop + 1)
        notes = {row.size: row for row in await self._select(select(checkpoint), checkpoint.c.size, signed)}
        pairs: list[tuple[str, int]] = []
        for index in span:
            if index not in places:
                raise faults.place_removed(index)
            pairs += [(each, index) for each in await self._leaf(places[index])]
            self._grow(index, places[index].hash, stored)
            if index + 1 in notes:
                await self._checkpoint(notes[index + 1])
            if index + 1 in self._witnessed and self._witnessed[index + 1] != root(self._frontier):
                raise faults.rewritten(0, index + 1)
        await self._indexed(pairs)

    async def _select(self, query: Any, column: Any, span: range) -> Sequence[Row[Any]]:
        between = column.between(span.start, span.stop - 1)
        return (await self._connection.execute(query.where(between))).all()

    async def _leaf(self, row: Row[Any]) -> Sequence[str]:
        """Compare a leaf with the hash at its place; returns its subjects."""
        if row.source == AUDIT and row.body is None:
            raise faults.removed(row.leaf_index)
        body, subjects = (row.body, None) if row.source == AUDIT else await self._source_row(row)
        hash = leaf_hash(body)
        if hash != row.hash:
            raise await suspicions.unlike_its_hash(self._connection, row.leaf_index, hash)
        return _subjects(row.leaf_index, body) if subjects is None else subjects

    async def _source_row(self, row: Row[Any]) -> tuple[bytes, Sequence[str]]:
        """The row of another store whose turn it is."""
        rows = self._rows.get(row.source)
        if rows is None:
            raise OperatorError(f"The log holds leaves of {row.source}: give that source to verify them.")
        change = await rows.next()
        if change is None or change.cursor != row.cursor:
            raise await suspicions.out_of_step(
                self._connection, row.leaf_index, row.source, row.cursor, change, rows
            )
        return change.body, change.subjects

    def _grow(self, index: int, hash: bytes, stored: dict[Node, bytes]) -> None:
        """Compute what a leaf completes. Whether a wrong node or its leaves are at fault, the root tells."""
        for level, computed in enumerate(append(self._frontier, index, hash)):
            each = Node(index, level)
            if level and self._suspect is None and stored.get(each) != computed:
                self._suspect = each

    async def _checkpoint(self, row: Row[Any]) -> None:
        signed = self._open(row.note, row.key_version)
        if signed is None or signed.size != row.size:
            raise faults.forged(row.size)
        if signed.root != root(self._frontier):
            if self._suspect is not None:
                raise await suspicions.unlike_its_node(self._connection, self._suspect)
            raise faults.rewritten(self._signed, row.size)
        if self._suspect is not None:
            raise faults.tree_damaged(self._suspect.last, self._suspect.level)
        self._signed = row.size

    def _open(self, note: str, version: int) -> Checkpoint | None:
        try:
            key = self._keys.version(CHECKPOINT_KEY, version)
            return verify_checkpoint(note, verifier_key(key, self._origin))
        except (InvalidValue, SealBroken):
            return None

    def _witness(self, note: str) -> Checkpoint:
        """A checkpoint from elsewhere, signed by any of our keys. Raises OperatorError for another log's."""
        for version in range(self._keys.newest(CHECKPOINT_KEY).version, 0, -1):
            if found := self._open(note, version):
                return found
        raise OperatorError("A witnessed checkpoint was not signed by this log: is the file the right one?")

    async def _indexed(self, pairs: Sequence[tuple[str, int]]) -> None:
        """A leaf that its subjects' holders could not find would be hidden from them."""
        key = tuple_(subject.c.subject, subject.c.leaf_index)
        missing: set[tuple[str, int]] = set()
        for start in range(0, len(pairs), PAIRS):
            some = pairs[start : start + PAIRS]
            found = await self._connection.execute(select(subject).where(key.in_(some)))
            missing |= set(some) - {(row.subject, row.leaf_index) for row in found}
        if missing:
            raise faults.unindexed(min(index for _, index in missing))

    async def _queue(self) -> None:
        """Every leaf has a place or waits for one."""
        nowhere = (
            select(func.min(leaf.c.number))
            .outerjoin(place, and_(place.c.source == AUDIT, place.c.cursor == leaf.c.id))
            .outerjoin(unplaced, unplaced.c.leaf_id == leaf.c.id)
            .where(place.c.leaf_index.is_(None), unplaced.c.leaf_id.is_(None))
        )
        number = await self._connection.scalar(nowhere)
        if number is not None:
            raise faults.unplaced(number)


def _subjects(index: int, body: bytes) -> Sequence[str]:
    """The subjects that a leaf names; where it is no leaf at all, its hash was altered with it."""
    try:
        return decode(body).leaf.subjects
    except (KeyError, TypeError, ValueError) as error:
        raise faults.altered(index) from error


def _places() -> Any:
    """Every place, with the body where the leaf is the log's own."""
    own = and_(place.c.source == AUDIT, leaf.c.id == place.c.cursor)
    return select(place, leaf.c.body).outerjoin(leaf, own)
