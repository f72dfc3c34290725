"""A closer look, once something does not agree: which fault it is. Slow, for it runs once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit import faults, trees
from meibo.audit.faults import Found
from meibo.audit.merkle import Node, node_hash
from meibo.audit.sources import Change, ChangeSource
from meibo.audit.tables import place

PAGE = 1000


class SourceRows:
    """A source's rows one by one, read in pages."""

    def __init__(self, source: ChangeSource) -> None:
        self._source = source
        self._page: list[Change] = []
        self._after: str | None = None

    async def next(self) -> Change | None:
        """The next row, or None after the last."""
        if not self._page:
            self._page = list(await self._source.changes(self._after, PAGE))[::-1]
        if not self._page:
            return None
        change = self._page.pop()
        self._after = change.cursor
        return change

    async def holds(self, cursor: str) -> bool:
        """Whether a later row has this cursor; reads on to it."""
        while change := await self.next():
            if change.cursor == cursor:
                return True
        return False


async def unlike_its_hash(connection: AsyncConnection, index: int, hash: bytes) -> Found:
    """A leaf's bytes do not have the hash at its place: are they another leaf's?"""
    other = await connection.scalar(select(place.c.leaf_index).where(place.c.hash == hash).limit(1))
    return faults.altered(index) if other is None else faults.reordered(index, other)


async def out_of_step(
    connection: AsyncConnection,
    index: int,
    source: str,
    expected: str,
    found: Change | None,
    rows: SourceRows,
) -> Found:
    """A source gave another row than the one whose turn it was."""
    if found is None or not await rows.holds(expected):
        return faults.row_removed(index, source)
    here: ColumnElement[bool] = (place.c.source == source) & (place.c.cursor == found.cursor)
    placed = await connection.scalar(select(place.c.leaf_index).where(here))
    return faults.row_added(index, source) if placed is None else faults.row_moved(index, source)


async def unlike_its_node(connection: AsyncConnection, node: Node) -> Found:
    """The hashes at places agree with the leaves, but not with the node above them and the signed root."""
    span = range(node.last + 1 - (1 << node.level), node.last + 1)
    stored = (await trees.load(connection, [node])).get(node)
    if node.level > 1 or stored is None:
        return faults.altered_with_hash(span)
    hashes = await trees.load(connection, [Node(node.last - 1, 0), Node(node.last, 0)])
    left, right = hashes[Node(node.last - 1, 0)], hashes[Node(node.last, 0)]
    if node_hash(right, left) == stored:
        return faults.reordered(span.start, node.last)
    async for row in await connection.stream(select(place.c.leaf_index, place.c.hash)):
        if node_hash(row.hash, right) == stored:
            return faults.reordered(span.start, row.leaf_index)
        if node_hash(left, row.hash) == stored:
            return faults.reordered(node.last, row.leaf_index)
    return faults.altered_with_hash(span)
