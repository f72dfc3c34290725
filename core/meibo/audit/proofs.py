"""Proofs from the stored tree, as plain values that anybody can verify with `meibo.audit.merkle`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit import tables, trees
from meibo.audit.merkle import (
    Node,
    consistency_proof,
    consistency_spans,
    inclusion_proof,
    inclusion_spans,
    proof,
    subtrees,
)
from meibo.audit.sources import AUDIT
from meibo.database.stores import Database
from meibo.errors import NotFound


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That the leaf `index`, whose hash is `leaf`, is in the tree of `size` leaves under `root`."""

    index: int
    size: int
    leaf: bytes
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of `new` leaves begins with the tree of `old` leaves."""

    old: int
    new: int
    old_root: bytes
    new_root: bytes
    path: tuple[bytes, ...]


async def inclusion(database: Database, leaf: int | str, size: int | None = None) -> InclusionProof:
    """The proof for a leaf, by index or by id, in the tree of `size` leaves (None: the present one).

    Raises NotFound where that tree does not hold the leaf, or is larger than the log.
    """
    async with database.read() as connection:
        size = await _known_size(connection, size)
        index = leaf if isinstance(leaf, int) else await _index_of(connection, leaf)
        if not 0 <= index < size:
            raise NotFound("leaf")
        spans = [range(index, index + 1), range(size), *inclusion_spans(index, size)]
        hashes = await _hashes(connection, spans)
    own, root = proof(spans[:2], hashes)
    return InclusionProof(index, size, own, root, tuple(inclusion_proof(index, size, hashes)))


async def consistency(database: Database, old: int, new: int | None = None) -> ConsistencyProof:
    """The proof between two sizes (None: the present one). Raises NotFound for sizes that never were."""
    async with database.read() as connection:
        new = await _known_size(connection, new)
        if not 0 <= old <= new:
            raise NotFound("tree size")
        hashes = await _hashes(connection, [range(old), range(new), *consistency_spans(old, new)])
    old_root, new_root = proof([range(old), range(new)], hashes)
    return ConsistencyProof(old, new, old_root, new_root, tuple(consistency_proof(old, new, hashes)))


async def newest_checkpoint(database: Database) -> str | None:
    """The signed note over the present tree; None before the first leaf."""
    newest = select(tables.checkpoint.c.note).order_by(tables.checkpoint.c.size.desc()).limit(1)
    async with database.read() as connection:
        return await connection.scalar(newest)


async def _known_size(connection: AsyncConnection, size: int | None) -> int:
    present = await trees.size(connection)
    if size is not None and size > present:
        raise NotFound("tree size")
    return present if size is None else size


async def _index_of(connection: AsyncConnection, id: str) -> int:
    place = tables.place
    found = select(place.c.leaf_index).where(place.c.source == AUDIT, place.c.cursor == id)
    index = await connection.scalar(found)
    return -1 if index is None else index


async def _hashes(connection: AsyncConnection, spans: Sequence[range]) -> dict[Node, bytes]:
    return await trees.load(connection, [each for span in spans for each in subtrees(span)])
