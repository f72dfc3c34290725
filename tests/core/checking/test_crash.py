"""kill -9 of a worker at every commit of a check, and at any moment: nobody is lost, and nobody counted twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from meibo import clock
from meibo.checking.states import RunState
from meibo.jobs import JobState
from meibo.jobs.tables import job
from tests.core.checking.standins import PLAN, PLANNER, Checked
from tests.core.register.doctors import Doctors
from tests.databases import POSTGRES

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
WHERE = pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
HOLDERS = 6
COMMITS = 2 + 2 + 2 * 3
"""At most: the job of the day is asked for; it, and each of three batches, is taken and done."""


def start(checked: Checked, nth: int, when: str = "before") -> subprocess.Popen[bytes]:
    settings = asdict(checked.installation.settings)
    told = {f"MEIBO_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "tests.core.checking.crash", str(nth), when]
    return subprocess.Popen(command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, cwd=ROOT)


async def give_back(checked: Checked) -> None:
    """As though the leases of the dead had run out."""
    async with checked.installation.register.write() as work:
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
        dying = start(checked, nth, when)
        ended = await asyncio.to_thread(dying.wait, 60)
        assert (nth, sum((await checked.outcomes(run)).values()) <= HOLDERS) == (nth, True)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        await give_back(checked)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": HOLDERS}
    report = await checked.checks.runs.report(PLANNER, run.id)
    assert (report.run.state, report.batches) == (RunState.DONE, {"done": 3})


@WHERE
async def test_workers_killed_at_any_moment_lose_and_double_nobody(
    doctors: Doctors, checked: Checked
) -> None:
    """Two at a time, four deaths."""
    random, holders = Random(7), 24
    for n in range(holders):
        await doctors.enter(str(500_001 + n))
    run = await checked.run(replace(PLAN, per_batch=1))
    workers = [start(checked, 0) for _ in range(2)]
    for turn in range(4):
        await asyncio.sleep(2 + random.random())
        dying, workers = workers[0], [*workers[1:], start(checked, 0)]
        dying.kill()
        assert (turn, await asyncio.to_thread(dying.wait, 30)) == (turn, -signal.SIGKILL)
    for each in workers:
        each.kill()
        each.wait(30)
    await give_back(checked)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": holders}
    assert (await checked.checks.runs.report(PLANNER, run.id)).run.state is RunState.DONE
