"""Lets the entries of certificates follow the standing of their licences, in the register's own transaction.

One change of standing flips every instance of the licence, and marks their lists as changed. What changes by the
date alone, a suspension that begins or a term that ends, flips at midnight in Japan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.certificates.status.lists import Status
from meibo.certificates.tables import certificate, status_list
from meibo.database.stores import Database
from meibo.database.types import Instant
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import tables
from meibo.register.fold import Segment, State, on

STATUS_OF: Mapping[State, Status] = {
    State.REGISTERED: Status.VALID,
    State.SUSPENDED: Status.SUSPENDED,
    State.REVOKED: Status.INVALID,
    State.STRUCK_OFF: Status.INVALID,
    State.EXPIRED: Status.INVALID,
}
BATCH = 500
"""Licences that one unit of work of the midnight job takes."""


class EndReason(StrEnum):
    """Why an instance ended before its day."""

    SUPERSEDED = "superseded"
    """What it says was corrected: the holder gets a new one."""
    WITHDRAWN = "withdrawn"
    """The holder asked for it: the telephone was lost."""
    RETIRED = "retired"
    """The register is no longer kept here, so nobody answers for it."""


async def standings(connection: AsyncConnection, licences: Iterable[UUID], day: date) -> dict[UUID, State]:
    """The standing of licences on a day, as it is known now; those that do not stand in the register are left out."""
    span, version = tables.licence_span, tables.licence_version
    rows = await connection.execute(
        select(span.c.licence_id, version.c.state)
        .join(version, version.c.id == span.c.version_id)
        .where(
            span.c.licence_id.in_(list(licences)),
            span.c.known_to.is_(None),
            span.c.valid_from <= day,
            span.c.valid_to.is_(None) | (span.c.valid_to > day),
        )
    )
    return {row.licence_id: State(row.state) for row in rows}


async def follow(connection: AsyncConnection, licences: Sequence[UUID], day: date, at: datetime) -> int:
    """Bring the entries of licences to their standing on a day; gives how many flipped."""
    changed: list[str] = []
    for licence, state in (await standings(connection, licences, day)).items():
        rows = await connection.execute(
            update(certificate)
            .where(
                certificate.c.licence_id == licence,
                certificate.c.ended_at.is_(None),
                certificate.c.status != STATUS_OF[state],
            )
            .values(status=STATUS_OF[state])
            .returning(certificate.c.status_list_id)
        )
        changed += rows.scalars()
    await _mark(connection, changed, at)
    return len(changed)


async def end(
    connection: AsyncConnection, licence: UUID, reason: EndReason, at: datetime, only: UUID | None = None
) -> int:
    """End the instances of a licence, or the one named, for good; gives how many."""
    rows = await connection.execute(
        update(certificate)
        .where(
            certificate.c.licence_id == licence,
            certificate.c.ended_at.is_(None),
            *([certificate.c.id == only] if only else []),
        )
        .values(status=Status.INVALID, ended_at=at, end_reason=reason)
        .returning(certificate.c.status_list_id)
    )
    changed = list(rows.scalars())
    await _mark(connection, changed, at)
    return len(changed)


async def after_act(
    connection: AsyncConnection,
    profession: Profession,
    licence: UUID,
    before: Sequence[Segment],
    after: Sequence[Segment],
    day: date,
    at: datetime,
) -> None:
    """What an act means for certificates: they follow the standing, and end where what they say was corrected."""
    was, now = on(before, day), on(after, day)
    if was and now and claimed(profession, was.record) != claimed(profession, now.record):
        await end(connection, licence, EndReason.SUPERSEDED, at)
    await follow(connection, [licence], day, at)


def claimed(profession: Profession, record: Record) -> tuple[object, ...]:
    """The values of a record that certificates show."""
    return tuple(record.value(path) for claim in profession.claims for path in claim.paths)


async def midnight(database: Database, scopes: Iterable[int], day: date, at: datetime) -> int:
    """Flip what a day's beginning changed, licence by licence; gives how many entries. May be run again, and late."""
    scopes, flipped = list(scopes), 0
    while True:
        async with database.write(scopes) as work:
            due = await _due(work.connection, day)
            flipped += await follow(work.connection, due, day, at)
            await _look_ahead(work.connection, due, day)
            await work.commit()
        if len(due) < BATCH:
            return flipped


async def _due(connection: AsyncConnection, day: date) -> list[UUID]:
    """Some licences whose standing has changed by itself, held until the commit."""
    licence = tables.licence
    rows = await connection.execute(
        select(licence.c.id)
        .where(licence.c.next_change_date <= day)
        .order_by(licence.c.id)
        .limit(BATCH)
        .with_for_update()
    )
    return list(rows.scalars())


async def _look_ahead(connection: AsyncConnection, licences: Sequence[UUID], day: date) -> None:
    """Let licences say how they stand on a day, and the next on which that changes by itself."""
    licence, span, version = tables.licence, tables.licence_span, tables.licence_version
    known = span.c.licence_id == licence.c.id, span.c.known_to.is_(None)
    ahead = select(func.min(span.c.valid_from)).where(*known, span.c.valid_from > day).scalar_subquery()
    joined = span.join(version, version.c.id == span.c.version_id)
    holds = span.c.valid_from <= day, span.c.valid_to.is_(None) | (span.c.valid_to > day)
    state, content = (
        select(column).select_from(joined).where(*known, *holds).scalar_subquery()
        for column in (version.c.state, version.c.content)
    )
    present = {"present_state": state, "present_content": content, "next_change_date": ahead}
    await connection.execute(update(licence).where(licence.c.id.in_(licences)).values(present))


async def _mark(connection: AsyncConnection, lists: Iterable[str], at: datetime) -> None:
    """Mark lists as changed; each once, in order, so that two acts never wait for each other."""
    row = status_list.c
    first = func.coalesce(row.dirty_at, literal(at, Instant))
    for each in sorted(set(lists)):
        marking = update(status_list).where(row.id == each)
        await connection.execute(marking.values(changes=row.changes + 1, dirty_at=first))
