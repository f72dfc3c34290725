"""Asking for jobs, and taking them: one worker at a time has a job, whatever dies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import LeaseLost
from meibo.jobs.kinds import JobKind
from meibo.jobs.leases import Lease
from meibo.jobs.payloads import P, write_payload
from meibo.jobs.states import OPEN, JobState
from meibo.jobs.tables import job

KEPT = timedelta(days=7)
"""How long a job that was done is remembered, and with it its dedupe key."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as an operator sees it; `failure` is the code of its last failure."""

    id: UUID
    kind: str
    state: JobState
    attempts: int
    due_at: datetime
    failure: str | None


async def enqueue(
    connection: AsyncConnection,
    kind: JobKind[P],
    payload: P,
    *,
    due_at: datetime | None = None,
    dedupe_key: str | None = None,
) -> UUID | None:
    """Ask for a job in the caller's transaction: it is there if that commits. Gives its id, or None where a job with
    this dedupe key was asked for in the last 7 days."""
    at, id = clock.now(), uuid4()
    row = {
        "id": id, "kind": kind.name, "payload": write_payload(payload), "dedupe_key": dedupe_key,
        "state": JobState.WAITING, "priority": int(kind.priority), "due_at": due_at or at, "attempts": 0,
        "fence": 0, "enqueued_at": at,
    }  # fmt: skip
    entered = await connection.execute(insert_new(job, job.c.dedupe_key).values(row))
    return id if entered.rowcount == 1 else None


async def hasten(connection: AsyncConnection, dedupe_key: str) -> None:
    """What the job of a dedupe key waits for has come: it is due once the caller's transaction commits."""
    waits = (job.c.dedupe_key == dedupe_key) & (job.c.state == JobState.WAITING)
    await connection.execute(update(job).where(waits).values(due_at=clock.now()))


async def take(database: Database, kinds: Mapping[str, JobKind[Any]]) -> Lease | None:
    """The first due job of these kinds, leased; None where there is none. One that was broken off too often is
    buried instead."""
    async with database.read() as connection:  # Looking takes no lock: most looks find nothing.
        if (await connection.execute(select(job.c.id).where(_due(kinds)).limit(1))).first() is None:
            return None
    async with database.write() as work:
        row = (
            await work.connection.execute(
                select(job)
                .where(_due(kinds))
                .order_by(job.c.priority, job.c.due_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
        ).first()
        if row is None:
            return None
        lease = await _lease(database, work.connection, row, kinds[row.kind])
        await work.commit()
    return lease or await take(database, kinds)


async def prune(database: Database) -> int:
    """Forget jobs that were done or discarded more than 7 days ago; gives how many."""
    forgotten = job.c.state.in_([JobState.DONE, JobState.DISCARDED]) & (job.c.ended_at < clock.now() - KEPT)
    async with database.write() as work:
        gone = await work.connection.execute(delete(job).where(forgotten))
        await work.commit()
    return gone.rowcount


async def _lease(
    database: Database, connection: AsyncConnection, row: Row[Any], kind: JobKind[Any]
) -> Lease | None:
    """Take a locked row; None where its workers died on it so often that it is buried."""
    at = clock.now()
    change = update(job).where(job.c.id == row.id)
    if row.attempts >= kind.most_attempts:
        await connection.execute(change.values(state=JobState.DEAD, ended_at=at, failure=LeaseLost.code))
        return None
    lease = Lease(database, row.id, row.kind, row.payload, row.attempts + 1, row.fence + 1, at + kind.lease)
    await connection.execute(
        change.values(state=JobState.RUNNING, attempts=lease.attempt, fence=lease.fence, due_at=lease.ends_at)
    )
    return lease


def _due(kinds: Mapping[str, JobKind[Any]]) -> ColumnElement[bool]:
    return job.c.state.in_(OPEN) & (job.c.due_at <= clock.now()) & job.c.kind.in_(list(kinds))
