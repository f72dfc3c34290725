"""Who looked at a licence: what its holder may see of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from meibo.audit import tables
from meibo.audit.leaves import LeafKind, RecordedLeaf, decode
from meibo.audit.sources import AUDIT
from meibo.database.stores import Database

LIMIT = 501
"""One more than the largest page, which tells whether there is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccess:
    """One act on a licence. The holder learns the institution and the purpose, not the official's account."""

    index: int
    at: datetime
    institution: str
    purpose: str
    operation: str
    kind: LeafKind
    outcome: str
    surface: str


async def subject_access(
    database: Database, subject: str, *, before: int | None = None, limit: int = LIMIT
) -> list[SubjectAccess]:
    """The acts on a licence pseudonym, the newest first; `before` is the last page's last index.

    Changes from other sources are the licence's own history and are read there.
    """
    indexed, place, leaf = tables.subject, tables.place, tables.leaf
    acts = (
        select(place.c.leaf_index, leaf.c.body)
        .join(indexed, indexed.c.leaf_index == place.c.leaf_index)
        .join(leaf, leaf.c.id == place.c.cursor)
        .where(indexed.c.subject == subject, place.c.source == AUDIT)
        .order_by(place.c.leaf_index.desc())
        .limit(min(limit, LIMIT))
    )
    if before is not None:
        acts = acts.where(indexed.c.leaf_index < before)
    async with database.read() as connection:
        rows = (await connection.execute(acts)).all()
    found = [(row.leaf_index, decode(row.body)) for row in rows]
    # The index only leads to leaves: what a leaf itself does not say is nobody's business.
    return [_access(index, each) for index, each in found if subject in each.leaf.subjects]


def _access(index: int, recorded: RecordedLeaf) -> SubjectAccess:
    leaf = recorded.leaf
    return SubjectAccess(
        index=index,
        at=recorded.at,
        institution=leaf.institution,
        purpose=leaf.purpose,
        operation=leaf.operation,
        kind=leaf.kind,
        outcome=leaf.outcome,
        surface=leaf.surface,
    )
