"""An operator's verbs on jobs: permission, leaf, effect."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind, decode
from meibo.database.stores import Database, Store
from meibo.errors import Forbidden, NotFound
from meibo.installation import Installation
from meibo.jobs import JobState, enqueue
from meibo.jobs.tables import job
from tests.core.jobs.kinds import NOTE, Note
from tests.installed import principal

MANAGER = principal(Role.ADMINISTRATOR)


@pytest.fixture
async def id(register: Database) -> UUID:
    async with register.write() as work:
        id = await enqueue(work.connection, NOTE, Note(uuid4()))
        await work.commit()
    assert id is not None
    return id


async def stands(installation: Installation, state: JobState) -> None:
    async with installation.register.write() as work:
        await work.connection.execute(update(job).values(state=state, attempts=3, failure="X"))
        await work.commit()


async def leaves(installation: Installation) -> list[tuple[LeafKind, str, str, str | None]]:
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))).all()
    told = [decode(body).leaf for body in bodies]
    return [(e.kind, e.operation, e.outcome, e.reference) for e in told if e.operation.startswith("job.")]


async def test_a_dead_job_is_tried_again(installation: Installation, id: UUID) -> None:
    await stands(installation, JobState.DEAD)
    await installation.jobs.retry(MANAGER, id)
    [found] = (await installation.jobs.listed(MANAGER, JobState.WAITING)).nodes
    assert (found.id, found.attempts, found.failure) == (id, 0, "X")
    assert await installation.jobs.counts() == {("test.note", JobState.WAITING): 1}
    assert await leaves(installation) == [
        (LeafKind.INTENT, "job.retry", "ok", str(id)),
        (LeafKind.DONE, "job.retry", "ok", str(id)),
    ]


async def test_a_job_is_discarded(installation: Installation, id: UUID) -> None:
    await installation.jobs.discard(MANAGER, id)
    [found] = (await installation.jobs.listed(MANAGER)).nodes
    assert found.state is JobState.DISCARDED
    with pytest.raises(NotFound):
        await installation.jobs.retry(MANAGER, id)


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.DONE, JobState.DISCARDED])
async def test_only_a_dead_job_is_tried_again(installation: Installation, id: UUID, state: JobState) -> None:
    await stands(installation, state)
    with pytest.raises(NotFound):
        await installation.jobs.retry(MANAGER, id)
    [found] = (await installation.jobs.listed(MANAGER)).nodes
    assert (found.state, found.attempts) == (state, 3)


@pytest.mark.parametrize(
    "caller",
    [
        principal(Role.OFFICER),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.JOB_MANAGE})),
    ],
)
async def test_without_the_permission_there_is_a_leaf_and_no_change(
    installation: Installation, id: UUID, caller: Principal
) -> None:
    await stands(installation, JobState.DEAD)
    office = installation.jobs
    for act in (office.listed(caller), office.retry(caller, id), office.discard(caller, id)):
        with pytest.raises(Forbidden):
            await act
    assert [(kind, outcome) for kind, _, outcome, _ in await leaves(installation)] == [
        (LeafKind.REFUSAL, "FORBIDDEN")
    ] * 3
    [found] = (await office.listed(MANAGER)).nodes
    assert found.state is JobState.DEAD
