"""The tree as it is stored: its size, the hashes of its complete subtrees, its growth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit.merkle import Node, append, leaf_hash, subtrees
from meibo.audit.tables import node, place, subject
from meibo.database.bulk import Row, pour, shape_of


class Entry(NamedTuple):
    """A leaf that is to get a place: its source, its cursor there, its bytes, the licences concerned."""

    source: str
    cursor: str
    body: bytes
    subjects: tuple[str, ...]


async def size(connection: AsyncConnection) -> int:
    """How many leaves have a place."""
    last = await connection.scalar(select(func.max(place.c.leaf_index)))
    return 0 if last is None else last + 1


async def load(connection: AsyncConnection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of those of the nodes that are stored."""
    wanted = set(nodes)
    leaves = [each.last for each in wanted if each.level == 0]
    inner = [(each.last, each.level) for each in wanted if each.level > 0]
    hashes: dict[Node, bytes] = {}
    if leaves:
        found = select(place.c.leaf_index, place.c.hash).where(place.c.leaf_index.in_(leaves))
        hashes |= {Node(row.leaf_index, 0): row.hash for row in await connection.execute(found)}
    if inner:
        found = select(node).where(tuple_(node.c.leaf_index, node.c.level).in_(inner))
        hashes |= {Node(row.leaf_index, row.level): row.hash for row in await connection.execute(found)}
    return hashes


async def grow(connection: AsyncConnection, entries: Sequence[Entry]) -> tuple[int, list[bytes]]:
    """Give the entries the next places; returns the new size and frontier. The caller holds the lock."""
    start = await size(connection)
    frontier = await _frontier(connection, start)
    hashes = [leaf_hash(entry.body) for entry in entries]
    completed: dict[Node, bytes] = {}
    for index, hash in enumerate(hashes, start):
        completed |= append(frontier, index, hash)
    numbered = list(enumerate(entries, start))
    await _write(
        connection,
        place,
        [(index, each.source, each.cursor, hashes[index - start]) for index, each in numbered],
    )
    inner = [(last, level, hash) for (last, level), hash in completed.items() if level]
    await _write(connection, node, inner)
    concerned = [(each, index) for index, entry in numbered for each in dict.fromkeys(entry.subjects)]
    await _write(connection, subject, concerned)
    return start + len(entries), frontier


async def _frontier(connection: AsyncConnection, size: int) -> list[bytes]:
    nodes = subtrees(range(size))
    hashes = await load(connection, nodes)
    return [hashes[each] for each in nodes]


async def _write(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows of a table, in the order of its columns."""
    if rows:
        await pour(connection, shape_of(table, connection.dialect.name), rows)
