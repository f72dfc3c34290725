"""A job in the hands of one worker: it is ended in the transaction of its effect, or it was not done at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.stores import Database, UnitOfWork
from meibo.errors import LeaseLost
from meibo.jobs.states import JobState
from meibo.jobs.tables import job


@dataclass(slots=True)
class Lease:
    """The right to do a job until `ends_at`; `fence` tells it from every earlier and later one."""

    database: Database
    id: UUID
    kind: str
    payload: str
    attempt: int
    fence: int
    ends_at: datetime
    settled: bool = field(default=False, init=False)
    """Whether this worker has ended or given back the job."""

    @asynccontextmanager
    async def write(self, scope: Iterable[int] | None = None) -> AsyncIterator[UnitOfWork]:
        """A unit of work of the register whose commit ends the job.

        Raises LeaseLost, before anything is written, where the lease has run out or another worker has the job.
        """
        async with self.database.write(scope) as work:
            await self._settle(work.connection, state=JobState.DONE, ended_at=clock.now(), failure=None)
            yield work
            self.settled = work.committed

    async def finish(self) -> None:
        """End a job that changed nothing here; raises LeaseLost."""
        async with self.write() as work:
            await work.commit()

    async def postpone(self, until: datetime) -> None:
        """Give the job back until an instant, as though it had not been tried; raises LeaseLost."""
        await self._give_back(state=JobState.WAITING, due_at=until, attempts=job.c.attempts - 1)

    async def fail(self, failure: str, until: datetime | None) -> None:
        """Give the job back until an instant, or bury it where there is none; raises LeaseLost."""
        if until is None:
            await self._give_back(state=JobState.DEAD, failure=failure, ended_at=clock.now())
        else:
            await self._give_back(state=JobState.WAITING, failure=failure, due_at=until)

    async def _give_back(self, **values: Any) -> None:
        async with self.database.write() as work:
            await self._settle(work.connection, **values)
            await work.commit()
        self.settled = True

    async def _settle(self, connection: AsyncConnection, **values: Any) -> None:
        """Change the job's row, which stays locked until the commit, if it is still this lease's."""
        held = (job.c.id == self.id) & (job.c.fence == self.fence) & (job.c.due_at > clock.now())
        changed = await connection.execute(
            update(job).where(held, job.c.state == JobState.RUNNING).values(**values)
        )
        if changed.rowcount != 1:
            raise LeaseLost
