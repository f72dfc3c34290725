"""What an operator does with jobs: looks at them, has dead ones tried again, discards them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import Order, walk
from meibo.errors import NotFound
from meibo.jobs.queue import Job
from meibo.jobs.states import JobState
from meibo.jobs.tables import job

ORDER = Order((job.c.enqueued_at, job.c.id), newest_first=True)
SHOWN = select(
    job.c.id, job.c.kind, job.c.state, job.c.attempts, job.c.due_at, job.c.failure, job.c.enqueued_at
)
"""What an operator sees of jobs."""


@dataclass(frozen=True, slots=True)
class JobOffice:
    """The verbs on jobs; each needs `registry:job:manage`, and changes leave a leaf first."""

    database: Database
    keys: KeyProvider
    guard: Guard

    async def listed(
        self, principal: Principal, state: JobState | None = None, request: PageRequest = FIRST_PAGE
    ) -> Page[Job]:
        """A page of all jobs, or of those in a state, the newest first; raises Forbidden, BadCursor, InvalidValue."""
        await self.guard.demand(principal, Permission.JOB_MANAGE, "job.list")
        statement = SHOWN if state is None else SHOWN.where(job.c.state == state)
        way = walk(self.keys, "jobs", ORDER, state, principal.account)
        async with self.database.read() as connection:
            found = await way.page(connection, statement, request)
        return found.showing([_job(row) for row in found.nodes])

    async def counted(self, principal: Principal) -> dict[tuple[str, JobState], int]:
        """How many jobs there are by kind and state; raises Forbidden."""
        await self.guard.demand(principal, Permission.JOB_MANAGE, "job.count")
        return await self.counts()

    async def retry(self, principal: Principal, id: UUID, *, validate_only: bool = False) -> Job:
        """Have a dead job tried again as though for the first time; gives it as it is then, or would be where that is
        only validated. Raises Forbidden, NotFound where it is not dead."""
        values = {"state": JobState.WAITING, "attempts": 0, "due_at": clock.now(), "ended_at": None}
        return await self._change(principal, "job.retry", id, (JobState.DEAD,), values, validate_only)

    async def discard(self, principal: Principal, id: UUID, *, validate_only: bool = False) -> Job:
        """End a dead or waiting job for good; the same, and NotFound where it is neither."""
        values = {"state": JobState.DISCARDED, "ended_at": clock.now()}
        states = (JobState.DEAD, JobState.WAITING)
        return await self._change(principal, "job.discard", id, states, values, validate_only)

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
        validate_only: bool,
    ) -> Job:
        await self.guard.demand(principal, Permission.JOB_MANAGE, operation)
        acting = nullcontext() if validate_only else self.guard.acting(principal, operation, str(id))
        async with acting, self.database.write() as work:
            changed = await work.connection.execute(
                update(job).where(job.c.id == id, job.c.state.in_(states)).values(**values)
            )
            if changed.rowcount != 1:
                await self.guard.refused(principal, operation, None, NotFound.code)
                raise NotFound("job in such a state")
            row = (await work.connection.execute(SHOWN.where(job.c.id == id))).one()
            if not validate_only:
                await work.commit()
        return _job(row)


def _job(row: Any) -> Job:
    return Job(row.id, row.kind, JobState(row.state), row.attempts, row.due_at, row.failure)
