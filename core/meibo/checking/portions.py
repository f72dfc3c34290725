"""A day's portion of a run: its batches are handed to the queue, in the transaction that says that the day began."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.checking.states import BatchState, RunState
from meibo.checking.tables import check_batch, check_run
from meibo.jobs import JobKind, Payload, Priority, enqueue
from meibo.jobs.payloads import Scope


class Batch(Payload, frozen=True):
    """A batch of a run."""

    batch: UUID
    scope: Scope


async def begin_portion(connection: AsyncConnection, kind: JobKind[Batch], run: UUID, day: date) -> int:
    """Ask for the jobs of a run's day, unless they were asked for; gives how many batches that are.

    The run's row stays locked until the commit, so that a day begins once.
    """
    found = await lock_run(connection, run)
    if found.state != RunState.RUNNING or (found.portion_date is not None and found.portion_date >= day):
        return 0
    row, at = check_batch.c, clock.now()
    waiting = select(row.id, row.scope).where(row.run_id == run, row.state == BatchState.PLANNED)
    most = max(1, found.per_day // found.per_batch)
    batches = (await connection.execute(waiting.order_by(row.number).limit(most))).all()
    for id, scope in batches:
        await enqueue(connection, kind, Batch(id, scope), dedupe_key=str(id))
    ids = [id for id, _ in batches]
    await connection.execute(
        update(check_batch).where(row.id.in_(ids)).values(state=BatchState.ASKED, asked_at=at)
    )
    await connection.execute(update(check_run).where(check_run.c.id == run).values(portion_date=day))
    return len(ids)


async def lock_run(connection: AsyncConnection, run: UUID) -> Any:
    """A run's row, which others wait for until the commit."""
    return (await connection.execute(select(check_run).where(check_run.c.id == run).with_for_update())).one()


async def end_if_over(connection: AsyncConnection, run: UUID) -> None:
    """End a run of which every batch is done; its row is the caller's."""
    row = check_batch.c
    left = select(row.id).where(row.run_id == run, row.state != BatchState.DONE).exists()
    over = (check_run.c.id == run, check_run.c.state == RunState.RUNNING, ~left)
    await connection.execute(update(check_run).where(*over).values(state=RunState.DONE, ended_at=clock.now()))


async def running(connection: AsyncConnection) -> list[UUID]:
    """The runs that go on."""
    row = check_run.c
    return list(await connection.scalars(select(row.id).where(row.state == RunState.RUNNING)))


CHECK = JobKind("checks.batch", Batch, Priority.LATER, most_attempts=40)
