"""The queue of jobs at the registry: what waits, what failed for good, and trying it again by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo import jobs
from meibo.database.paging import PageRequest
from meibo.jobs import JobOffice, JobState
from meibo_graphql.context import of
from meibo_graphql.pages import Connection, connected
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import UserError

strawberry.enum(
    JobState, description="Where a job stands; a dead one failed too often and waits for a person."
)


@strawberry.type(description="ジョブ: something that a worker does later. It names no licence.")
class Job:
    id: strawberry.ID
    kind: str = strawberry.field(description="Such as link.deliver or checks.batch.")
    state: JobState
    attempts: int
    due_at: datetime
    failure: str | None = strawberry.field(description="The code of its last failure.")


@strawberry.type(description="How many jobs of a kind stand so.")
class JobCount:
    kind: str
    state: JobState
    count: int


@strawberry.input
class JobActInput:
    job_id: strawberry.ID
    validate_only: bool = False


@strawberry.type
class JobPayload:
    job: Job | None
    user_errors: list[UserError]


async def resolve_jobs(
    info: Info[Any, Any],
    state: JobState | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[Job]:
    """A page of jobs."""
    request = PageRequest(first, after, last, before)
    return connected(await _office(info).listed(of(info).principal, state, request), shown)


async def resolve_counts(info: Info[Any, Any]) -> list[JobCount]:
    """The queues."""
    counted = await _office(info).counted(of(info).principal)
    return [JobCount(kind=kind, state=state, count=n) for (kind, state), n in sorted(counted.items())]


def act(verb: Callable[..., Awaitable[jobs.Job]]) -> Callable[..., Any]:
    """The resolver of a verb on a job."""

    async def resolve(info: Info[Any, Any], input: JobActInput) -> JobPayload:
        told = _office(info), of(info).principal, named(input.job_id)
        job, errors = await attempt(verb(*told, validate_only=input.validate_only), "job_id", "job.unknown")
        return JobPayload(job=None if job is None or input.validate_only else shown(job), user_errors=errors)

    return resolve


QUERIES = {
    "jobs": strawberry.field(
        resolver=resolve_jobs, description="ジョブの一覧: all or those in a state, the newest first."
    ),
    "job_counts": strawberry.field(
        resolver=resolve_counts, description="ジョブの件数: how many there are by kind and state."
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "retry_job": strawberry.field(
        resolver=act(JobOffice.retry),
        description="再実行: have a dead job tried again, as though for the first time.",
    ),
    "discard_job": strawberry.field(
        resolver=act(JobOffice.discard), description="破棄: end a dead or waiting job; it is not done."
    ),
}
"""The administrator's verbs, by name."""


def shown(job: jobs.Job) -> Job:
    """A job as the API shows it."""
    return Job(
        id=strawberry.ID(str(job.id)), kind=job.kind, state=job.state, attempts=job.attempts,
        due_at=job.due_at, failure=job.failure,
    )  # fmt: skip


def _office(info: Info[Any, Any]) -> JobOffice:
    return of(info).installation.jobs
