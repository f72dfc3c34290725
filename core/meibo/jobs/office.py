"""What an operator does with jobs: looks at them, has dead ones tried again, discards them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.jobs.queue import Job
from meibo.jobs.states import JobState
from meibo.jobs.tables import job

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class JobOffice:
    """The verbs on jobs; each needs `registry:job:manage`, and changes leave a leaf first."""

    database: Database
    guard: Guard

    async def listed(self, principal: Principal, state: JobState | None = None) -> list[Job]:
        """The newest jobs, 1,000 at most, all or those in a state; raises Forbidden."""
        await self.guard.demand(principal, Permission.JOB_MANAGE, "job.list")
        row = job.c
        statement = select(row.id, row.kind, row.state, row.attempts, row.due_at, row.failure)
        if state is not None:
            statement = statement.where(row.state == state)
        async with self.database.read() as connection:
            found = await connection.execute(statement.order_by(row.enqueued_at.desc()).limit(MOST_LISTED))
            return [Job(r.id, r.kind, JobState(r.state), r.attempts, r.due_at, r.failure) for r in found]

    async def retry(self, principal: Principal, id: UUID) -> None:
        """Have a dead job tried again as though for the first time; raises Forbidden, NotFound where it is not dead."""
        values = {"state": JobState.WAITING, "attempts": 0, "due_at": clock.now(), "ended_at": None}
        await self._change(principal, "job.retry", id, (JobState.DEAD,), values)

    async def discard(self, principal: Principal, id: UUID) -> None:
        """End a dead or waiting job for good; raises Forbidden, NotFound where it is neither."""
        values = {"state": JobState.DISCARDED, "ended_at": clock.now()}
        await self._change(principal, "job.discard", id, (JobState.DEAD, JobState.WAITING), values)

    async def counts(self) -> dict[tuple[str, JobState], int]:
        """How many jobs there are by kind and state: a metric, which tells of nobody."""
        row = job.c
        async with self.database.read() as connection:
            found = await connection.execute(
                select(row.kind, row.state, func.count()).group_by(row.kind, row.state)
            )
            return {(kind, JobState(state)): count for kind, state, count in found}

    async def _change(
        self,
        principal: Principal,
        operation: str,
        id: UUID,
        states: Sequence[JobState],
        values: dict[str, Any],
    ) -> None:
        await self.guard.demand(principal, Permission.JOB_MANAGE, operation)
        async with self.guard.acting(principal, operation, str(id)), self.database.write() as work:
            changed = await work.connection.execute(
                update(job).where(job.c.id == id, job.c.state.in_(states)).values(**values)
            )
            if changed.rowcount != 1:
                raise NotFound("job in such a state")
            await work.commit()
