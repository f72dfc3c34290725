"""kill -9 of a worker at each commit to any store: a symbol is obtained once, a result is filed once."""

from __future__ import annotations

import signal

import pytest
from sqlalchemy import func, select

from meibo.database.stores import Store
from meibo.family import InquiryKind
from meibo.family.tables import family_result
from meibo.link.tables import link_action, link_receipt
from meibo.vault.tables import enrolment
from tests.core.family.conftest import OFFICER, SAYS, World
from tests.databases import POSTGRES
from tests.forking.processes import exit_code

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)]
CRASH = "tests.core.family.crash"
COMMITS = {InquiryKind.SYMBOL: 4, InquiryKind.REGISTER: 2}
"""Of one delivery, to all stores: the job is taken; the vault's, where there is a symbol; the job is done. Leaves go to
the audit store past the engine that is watched."""
DEATHS = [(kind, nth, "before") for kind, last in COMMITS.items() for nth in range(1, last + 1)]
DEATHS += [(kind, last, "after") for kind, last in COMMITS.items()]


async def ask(world: World, kind: InquiryKind) -> None:
    if kind is InquiryKind.REGISTER:
        await world.obtain()
        world.stand_in.came.clear()
    await world.office.ask(OFFICER, world.request(kind))


async def enrolments(world: World) -> int:
    """How many symbols the vault keeps."""
    statement = select(func.count()).where(enrolment.c.kind == "institution_code")
    async with world.installation.databases[Store.NUMBERS].read() as connection:
        return int((await connection.execute(statement)).scalar_one())


@pytest.mark.parametrize(("kind", "nth", "when"), DEATHS, ids=lambda each: str(each))
async def test_a_worker_that_dies_leaves_nothing_lost_or_doubled(
    world: World, kind: InquiryKind, nth: int, when: str
) -> None:
    await ask(world, kind)
    before = len(await world.rows(link_receipt))
    assert await exit_code(CRASH, world.installation.settings, nth, when) == -signal.SIGKILL
    await world.hurry()
    await world.work()
    assert len({id for _, id in world.stand_in.came}) == 1
    assert len(await world.rows(link_receipt)) == before + 1
    assert [row.status for row in await world.rows(link_action)].count("accepted") == before + 1
    if kind is InquiryKind.SYMBOL:
        assert (await world.holds_symbol(world.licences[0]), await enrolments(world)) == (True, 1)
    else:
        assert (await world.replies(), len(await world.rows(family_result))) == ([dict(SAYS)], 1)


@pytest.mark.parametrize("kind", InquiryKind)
async def test_a_worker_that_lives_needs_no_other_commit(world: World, kind: InquiryKind) -> None:
    await ask(world, kind)
    assert await exit_code(CRASH, world.installation.settings, COMMITS[kind] + 1, "before") == 0
