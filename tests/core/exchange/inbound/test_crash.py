"""kill -9 of a worker before each of its commits, in the register and in the vault: no number is lost or entered twice,
and the centre hears of each once in effect. After a commit is before the next one: nothing durable lies between."""

from __future__ import annotations

import signal
from datetime import timedelta
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
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.exchange.inbound.crash"
MOST = 20
"""Commits of a worker that takes a batch and answers it: fewer."""


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


async def died(centre: Centre, nth: int) -> bool:
    """Whether a worker of its own died of a batch; another did the rest."""
    licence: UUID = await centre.enter(str(2_000_000 + nth), pass_certificate_number=f"K{nth}")
    number = individual_number(10_000 + nth)
    sent = line(number, registration_number=str(2_000_000 + nth))
    await centre.receive(centre.system.numbers(PROFESSION, [sent]))
    await ask_for_answers(centre)
    await due(centre)
    code = await exit_code(CRASH, centre.installation.settings, nth)
    assert code in (0, -signal.SIGKILL)
    await due(centre)
    await centre.work()
    assert (nth, await centre.number(licence)) == (nth, number)
    assert await centre.pseudonym(licence) in centre.system.known.values()
    return code != 0


async def test_a_worker_that_dies_before_any_commit_loses_and_doubles_nothing(centre: Centre) -> None:
    nth = 1
    while await died(centre, nth):
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
