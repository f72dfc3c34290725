"""kill -9 of a worker at every commit of a check, and at any moment: nobody is lost, and nobody counted twice."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from meibo import clock
from meibo.checking.outcomes import Outcome
from meibo.checking.states import RunState
from meibo.installation import Installation
from meibo.jobs import JobState
from meibo.jobs.tables import job
from meibo.linkage.residents.tables import resident_reply, resident_request, resident_run
from tests.core.checking.standins import PLAN, PLANNER, Checked
from tests.core.checking.test_residents import BORN, begun, found, outcomes, work
from tests.core.linkage.residents.conftest import HANAKO, TARO, World
from tests.core.linkage.residents.conftest import world as world
from tests.core.register.doctors import Doctors
from tests.databases import POSTGRES
from tests.forking.processes import Process, exit_code

pytestmark = pytest.mark.slow
CRASH = "tests.core.checking.crash"
WHERE = pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
HOLDERS = 6
CHANGED = "123123123128"
FACTS: tuple[dict[str, Any], ...] = ({}, BORN["taro"])
STEPS = 16
"""More than a worker that lives takes: the jobs of the day, asking, waiting, writing, filing, judging."""
COMMITS = 2 + 2 + 2 * 3
"""At most: the job of the day is asked for; it, and each of three batches, is taken and done."""


async def give_back(installation: Installation) -> None:
    """As though the leases of the dead had run out, and whoever waits had waited."""
    async with installation.register.write() as work:
        held = job.c.state.in_([JobState.RUNNING, JobState.WAITING])
        await work.connection.execute(update(job).values(due_at=clock.now()).where(held))
        await work.commit()


@WHERE
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_worker_that_dies_at_a_commit_changes_no_count(
    doctors: Doctors, checked: Checked, when: str
) -> None:
    """It dies at its first commit, the next at its second, and so on, until one lives: then all is done, once."""
    for n in range(HOLDERS):
        await doctors.enter(str(500_001 + n))
    run = await checked.run(replace(PLAN, per_batch=2))
    for nth in range(1, COMMITS + 1):
        code = await exit_code(CRASH, checked.installation.settings, nth, when, "registry")
        assert (nth, sum((await checked.outcomes(run)).values()) <= HOLDERS) == (nth, True)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        await give_back(checked.installation)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": HOLDERS}
    report = await checked.checks.runs.report(PLANNER, run.id)
    assert (report.run.state, report.batches) == (RunState.DONE, {"done": 3})


@WHERE
async def test_a_worker_that_dies_while_the_network_is_asked_changes_no_count(world: World) -> None:
    """From asking by way of writing, sending and filing to judging, each step is a commit: a worker dies right before
    its first, the next right after its second, and so on, until one lives."""
    changed = replace(HANAKO, individual_number=CHANGED, former_numbers=(HANAKO.individual_number,))
    world.network.register.residents[:] = [changed, TARO]  # type: ignore[attr-defined]
    for n, each in enumerate((HANAKO, TARO)):
        await world.doctors.enter(str(500_001 + n), each.individual_number, **FACTS[n])
    run = await begun(world)
    for nth in range(1, STEPS + 1):
        code = await exit_code(
            CRASH, world.installation.settings, nth, "before" if nth % 2 else "after", "residents"
        )
        if code == 0:
            break
        assert (nth, code) == (nth, -signal.SIGKILL)
        await give_back(world.installation)
    await work(world)
    assert await outcomes(world, run) == {Outcome.NUMBER_CHANGED: 1, Outcome.DEAD: 1}
    assert sorted((await found(world)).values()) == [Outcome.DEAD, Outcome.NUMBER_CHANGED]
    kept = (resident_run, resident_request, resident_reply)
    assert [len(await world.rows(table)) for table in kept] == [1, 2, 2]
    assert len({id for id, _ in world.network.came}) == 1


@WHERE
async def test_workers_killed_at_any_moment_lose_and_double_nobody(
    doctors: Doctors, checked: Checked
) -> None:
    """Two at a time, four deaths."""
    random, holders = Random(7), 24
    for n in range(holders):
        await doctors.enter(str(500_001 + n))
    run = await checked.run(replace(PLAN, per_batch=1))
    begin = partial(Process, CRASH, checked.installation.settings, 0, "before", "registry")
    workers = [begin() for _ in range(2)]
    for turn in range(4):
        await asyncio.sleep(random.random())
        dying, workers = workers[0], [*workers[1:], begin()]
        assert (turn, await dying.killed()) == (turn, -signal.SIGKILL)
    for each in workers:
        await each.killed()
    await give_back(checked.installation)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": holders}
    assert (await checked.checks.runs.report(PLANNER, run.id)).run.state is RunState.DONE
