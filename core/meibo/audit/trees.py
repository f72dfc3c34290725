"""The tree as it is stored: its size, the hashes of its complete subtrees, its growth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit.merkle import Node, append, subtrees
from meibo.audit.tables import node, place, subject
from meibo.database.direct.scripts import Ask, Pour, Script
from meibo.database.direct.statements import Statement, among

_last = select(func.max(place.c.leaf_index))
_leaves = select(place.c.leaf_index, place.c.hash).where(among(place.c.leaf_index, "lasts"))
_inner = select(node).where(among(node.c.leaf_index, "lasts"))
_LAST, _LEAVES, _INNER = Statement(_last), Statement(_leaves), Statement(_inner)


class Entry(NamedTuple):
    """A leaf that is to get a place: its source, its cursor there, its hash, the licences concerned."""

    source: str
    cursor: str
    hash: bytes
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as its root follows from it: `frontier` holds the hashes of `subtrees(range(size))`."""

    size: int
    frontier: list[bytes]


async def size(connection: AsyncConnection) -> int:
    """How many leaves have a place."""
    last = await connection.scalar(_last)
    return 0 if last is None else last + 1


async def load(connection: AsyncConnection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of those of the nodes that are stored."""
    lasts = {"lasts": list({each.last for each in nodes})}
    leaves = await connection.execute(_leaves, lasts)
    inner = await connection.execute(_inner, lasts)
    return _by_node(leaves.all(), inner.all())


def grow(entries: Sequence[Entry]) -> Script[Tree]:
    """Give the entries the next places. The caller holds the lock."""
    ((last,),) = yield Ask(_LAST, {})
    start = 0 if last is None else last + 1
    frontier = yield from _frontier(start)
    placed = list(enumerate(entries, start))
    inner = [
        (index, level, hash)
        for index, entry in placed
        for level, hash in enumerate(append(frontier, index, entry.hash))
        if level
    ]
    # What is worked out between two steps holds up all that the process does.
    yield Pour(node, inner)
    yield Pour(place, [(index, each.source, each.cursor, each.hash) for index, each in placed])
    yield Pour(subject, [(each, index) for index, entry in placed for each in dict.fromkeys(entry.subjects)])
    return Tree(start + len(entries), frontier)


def _frontier(size: int) -> Script[list[bytes]]:
    """The hashes of the complete subtrees that make up the tree of that size."""
    nodes = subtrees(range(size))
    lasts = {"lasts": [each.last for each in nodes]}
    leaves = yield Ask(_LEAVES, lasts)
    inner = yield Ask(_INNER, lasts)
    hashes = _by_node(leaves, inner)
    return [hashes[each] for each in nodes]


def _by_node(leaves: Iterable[Any], inner: Iterable[Any]) -> dict[Node, bytes]:
    hashes = {Node(index, 0): hash for index, hash in leaves}
    return hashes | {Node(last, level): hash for last, level, hash in inner}
