"""`meibo worker` and `meibo jobs`, run as an operator runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update

from meibo import clock
from meibo.access.tokens import command_principal
from meibo.installation import Installation
from meibo.jobs import JobState, enqueue
from meibo.jobs.tables import job
from tests import forking
from tests.core.jobs.kinds import NOTE, Note
from tests.databases import POSTGRES

pytestmark = pytest.mark.slow
WHERE = pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
OF_THE_CLOCK = dict.fromkeys(
    (
        "standing.midnight",
        "jobs.prune",
        "links.prune",
        "checks.day",
        "exchange.answers",
        "exchange.beat",
        "exchange.forget_lists",
        "exchange.overdue",
        "exchange.overdue_erasures",
        "family.deletions",
    ),
    JobState.DONE,
)
"""What a worker finds to do where nobody asked for anything."""
ABSENT = "0c8a1f0e-0000-4000-8000-000000000000"


def start(installation: Installation, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [forking.meibo(), *arguments],
        env=os.environ | forking.told(installation.settings) | {"MEIBO_PROFESSIONS": "doctor"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


def meibo(installation: Installation, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    running = start(installation, folder, *arguments)
    out, err = running.communicate(timeout=60)
    return running.returncode, out, err


async def states(installation: Installation) -> dict[str, JobState]:
    operator = command_principal("test", installation.host.professions)
    return {each.kind: each.state for each in (await installation.jobs.listed(operator)).nodes}


@WHERE
async def test_a_worker_does_what_is_due_and_ends(installation: Installation, tmp_path: Path) -> None:
    assert meibo(installation, tmp_path, "worker", "--drain") == (0, "", "")
    assert await states(installation) == OF_THE_CLOCK
    assert meibo(installation, tmp_path, "worker", "--drain") == (0, "", "")
    code, out, _ = meibo(installation, tmp_path, "jobs", "list", "--state", "done")
    assert (code, {line.split("\t")[1] for line in out.splitlines()}) == (0, set(OF_THE_CLOCK))


@WHERE
async def test_two_workers_stop_when_told(installation: Installation, tmp_path: Path) -> None:
    workers = [start(installation, tmp_path, "worker") for _ in range(2)]
    for each in workers:
        assert each.stdout is not None
        assert each.stdout.readline() == "This worker does jobs until it is told to stop.\n"
    for _ in range(150):
        if await states(installation) == OF_THE_CLOCK:
            break
        time.sleep(0.2)  # noqa: ASYNC251 - Nothing else runs here.
    for each in workers:
        each.send_signal(signal.SIGTERM)
    assert [(each.communicate(timeout=30), each.returncode) for each in workers] == [(("", ""), 0)] * 2
    assert await states(installation) == OF_THE_CLOCK


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_a_dead_job_is_retried_or_discarded_by_hand(installation: Installation, tmp_path: Path) -> None:
    async with installation.register.write() as work:
        id = await enqueue(work.connection, NOTE, Note(uuid4()), due_at=clock.now())
        await work.connection.execute(update(job).values(state=JobState.DEAD, failure="X"))
        await work.commit()
    assert meibo(installation, tmp_path, "jobs", "retry", str(id)) == (0, "The job waits for a worker.\n", "")
    assert await states(installation) == {NOTE.name: JobState.WAITING}
    assert meibo(installation, tmp_path, "jobs", "discard", str(id)) == (0, "The job was discarded.\n", "")
    assert await states(installation) == {NOTE.name: JobState.DISCARDED}
    refused = (2, "", "meibo: There is no such job in such a state.\n")
    assert meibo(installation, tmp_path, "jobs", "retry", ABSENT) == refused
