"""kill -9 of a worker before each of its commits, in the register and in the vault: no number is lost or entered twice,
and the centre hears of each once in effect. After a commit is before the next one: nothing durable lies between."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from meibo.database.stores import Store
from meibo.exchange.inbound.beats import ANSWERS
from meibo.exchange.inbound.tables import paper_batch, paper_line
from meibo.jobs import enqueue
from meibo.jobs.payloads import NOTHING
from meibo.jobs.tables import job
from meibo.vault.tables import enrolment, lookup
from meibo_sandbox.world.numbers import individual_number
from tests.core.exchange.inbound.conftest import PROFESSION, Centre, line
from tests.databases import POSTGRES

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
ROOT = Path(__file__).parents[4]
MOST = 20
"""Commits of a worker that takes a batch and answers it: fewer."""


class Dying:
    """Workers in processes of their own."""

    def __init__(self, centre: Centre) -> None:
        settings = centre.installation.settings
        told = {f"MEIBO_{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(settings)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.exchange.inbound.crash"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | told, text=True,
        )  # fmt: skip

    def exit_code(self, nth: int) -> int:
        """That of a worker that kills itself before its n-th commit, if it comes to that."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{nth}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def dying(centre: Centre) -> Iterator[Dying]:
    started = Dying(centre)
    yield started
    started.process.communicate()


async def counted(centre: Centre, store: Store, table: Any) -> int:
    async with centre.installation.databases[store].read([centre.scope]) as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def ask_for_answers(centre: Centre) -> None:
    """A turn of the clock's job: the slot of the minute may be used up."""
    async with centre.installation.register.write() as work:
        await enqueue(work.connection, ANSWERS, NOTHING)
        await work.commit()


async def due(centre: Centre) -> None:
    """Whatever waits, or was in a dead worker's hands, is due by the clock of other processes too."""
    async with centre.installation.register.write() as work:
        await work.connection.execute(update(job).values(due_at=centre.time.real() - timedelta(seconds=1)))
        await work.commit()


async def died(centre: Centre, dying: Dying, nth: int) -> bool:
    """Whether a worker of its own died of a batch; another did the rest."""
    licence: UUID = await centre.enter(str(2_000_000 + nth), pass_certificate_number=f"K{nth}")
    number = individual_number(10_000 + nth)
    sent = line(number, registration_number=str(2_000_000 + nth))
    await centre.receive(centre.system.numbers(PROFESSION, [sent]))
    await ask_for_answers(centre)
    await due(centre)
    code = await asyncio.to_thread(dying.exit_code, nth)
    assert code in (0, -signal.SIGKILL)
    await due(centre)
    await centre.work()
    assert (nth, await centre.number(licence)) == (nth, number)
    assert await centre.pseudonym(licence) in centre.system.known.values()
    return code != 0


async def test_a_worker_that_dies_before_any_commit_loses_and_doubles_nothing(
    centre: Centre, dying: Dying
) -> None:
    nth = 1
    while await died(centre, dying, nth):
        nth += 1
        assert nth < MOST
    assert nth > 8  # It commits in the register and in the vault.
    rows = [
        await counted(centre, Store.REGISTER, paper_batch), await counted(centre, Store.REGISTER, paper_line),
        await counted(centre, Store.NUMBERS, enrolment), await counted(centre, Store.KEYS, lookup),
        len(centre.system.known),
    ]  # fmt: skip
    assert rows == [nth] * 5
    assert [row for row in await centre.rows(paper_batch) if row.encrypted or not row.answered_at] == []
