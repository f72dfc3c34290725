"""kill -9 of workers, at every commit and at any moment: no job is lost, and none is done twice in effect."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from random import Random
from uuid import uuid4

import pytest

from meibo import clock
from meibo.database.stores import Database
from meibo.jobs import JobState, Worker, enqueue
from tests.core.jobs.kinds import BRIEF, Note, notes, noting
from tests.core.jobs.test_queue import ask, change, rows
from tests.databases import POSTGRES
from tests.forking.processes import Process, exit_code

pytestmark = pytest.mark.slow
CRASH = "tests.core.jobs.crash"
WHERE = pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
COMMITS = 2
"""Of one job: it is taken, and it is done."""


async def until_written(database: Database, count: int) -> None:
    """Wait until so many notes are written, a minute at most: a busy machine starts workers slowly."""
    for _ in range(1_200):
        if len(await notes(database)) >= count:
            break
        await asyncio.sleep(0.05)


@WHERE
async def test_a_worker_that_dies_at_a_commit_leaves_the_job_done_or_to_do(register: Database) -> None:
    for nth in range(1, COMMITS + 1):
        for when in ("before", "after"):
            payload, done = Note(uuid4()), (nth, when) == (COMMITS, "after")
            await ask(register, payload)
            assert await exit_code(CRASH, None, register.url, nth, when) == -signal.SIGKILL
            assert (nth, when, str(payload.id) in await notes(register)) == (nth, when, done)
            if not done:
                await change(register, due_at=clock.now())
            assert await Worker(register, [noting()]).run_one() is not done
            taken = 1 if done or (nth, when) == (1, "before") else 2
            assert (await notes(register))[str(payload.id)] == str(taken)
    assert {(row.state, row.failure) for row in await rows(register)} == {(JobState.DONE, None)}


@WHERE
async def test_a_worker_that_lives_needs_no_other_commit(register: Database) -> None:
    await ask(register)
    assert await exit_code(CRASH, None, register.url, COMMITS + 1, "before") == 0
    [row] = await rows(register)
    assert (row.state, row.fence) == (JobState.DONE, 1)


@WHERE
async def test_workers_killed_at_any_moment_lose_and_double_nothing(register: Database) -> None:
    """Two at a time, eight deaths; a note that were written twice would be refused, and told by the job's failure."""
    random, asked = Random(7), 120
    async with register.write() as work:
        for _ in range(asked):
            await enqueue(work.connection, BRIEF, Note(uuid4()))
        await work.commit()
    begin = partial(Process, CRASH, None, register.url, 0, "before")
    workers = [begin() for _ in range(2)]
    for turn in range(8):
        await until_written(register, min(len(await notes(register)) + 1, asked))
        await asyncio.sleep(random.random() / 5)
        dying, workers = workers[0], [*workers[1:], begin()]
        assert (turn, await dying.killed()) == (turn, -signal.SIGKILL)
    await until_written(register, asked)
    for each in workers:
        await each.killed()
    ended = await rows(register)
    assert len(await notes(register)) == asked
    assert [(row.state, row.failure) for row in ended] == [(JobState.DONE, None)] * asked
    assert max(row.fence for row in ended) > 1  # Some died with a job in their hands.
