"""Results are deleted at the intermediate server when their time is over, and that is shown; or it is told that not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meibo import clock
from meibo.family import FamilyStatistics, InquiryKind
from meibo.family.deletions import DELETIONS
from meibo.family.tables import family_result
from meibo.jobs import NOTHING, enqueue
from meibo.link.states import Status
from meibo_sandbox.family import Answer, Fault
from tests.core.family.conftest import OFFICER, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Time:
    """A clock that both sides go by."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed, self.world, real = timedelta(0), world, clock.now
        self.now = lambda: real() + self.passed
        monkeypatch.setattr(clock, "now", self.now)
        world.stand_in.now = self.now

    async def passes(self, span: timedelta) -> int:
        """So much later, the clock's job is done; gives how many messages went out for it."""
        self.passed += span
        before = self.asked()
        async with self.world.installation.register.write() as work:
            await enqueue(work.connection, DELETIONS, NOTHING)
            await work.commit()
        await self.world.work()
        return self.asked() - before

    def asked(self) -> int:
        return [type for type, _ in self.world.stand_in.came].count("ask_deletion")


@pytest.fixture
async def time(world: World, monkeypatch: pytest.MonkeyPatch) -> Time:
    """A result has come."""
    made = Time(world, monkeypatch)
    await world.obtain()
    await world.office.ask(OFFICER, world.request())
    await world.work()
    return made


async def statistics(world: World, until: date = date.max) -> FamilyStatistics:
    return await world.office.statistics(OFFICER, "doctor", date.min, until)


async def test_nobody_asks_before_the_time_is_over(world: World, time: Time) -> None:
    assert await time.passes(HOUR / 2) == 0
    told = await statistics(world)
    assert (told.kept, told.deleted, told.overdue) == (1, 0, 0)


async def test_a_deletion_is_asked_about_once_and_shown(world: World, time: Time) -> None:
    assert await time.passes(2 * HOUR) == 1
    [row] = await world.rows(family_result)
    [held] = world.stand_in.held.values()
    assert (row.deleted_at, held.values) == (held.deleted_at, {})
    assert [await time.passes(DAY) for _ in range(2)] == [0, 0]
    [inquiry] = [
        i for i in (await world.office.inquiries(OFFICER, "doctor")).nodes if i.kind is InquiryKind.REGISTER
    ]
    assert inquiry.deleted_at == held.deleted_at
    told = await statistics(world)
    assert (told.kept, told.deleted, told.overdue) == (0, 1, 0)
    assert dict(told.inquiries) == {
        (InquiryKind.SYMBOL, Status.ACCEPTED): 2, (InquiryKind.REGISTER, Status.ACCEPTED): 1,
    }  # fmt: skip


async def test_a_result_that_is_kept_too_long_is_asked_about_daily_and_reported(
    world: World, time: Time
) -> None:
    world.stand_in.fault = Fault.FORGETFUL
    assert [await time.passes(2 * HOUR), await time.passes(HOUR)] == [1, 0]
    assert await world.office.overdue() == {"doctor": 0}
    assert await time.passes(DAY) == 1
    assert await world.office.overdue() == {"doctor": 1}
    told = await statistics(world)
    assert (told.kept, told.deleted, told.overdue) == (0, 0, 1)
    world.stand_in.fault = None
    assert await time.passes(DAY) == 1
    assert await world.office.overdue() == {"doctor": 0}


async def test_statistics_are_of_a_time(world: World, time: Time) -> None:
    told = await statistics(world, clock.today() - DAY)
    assert (dict(told.inquiries), told.kept, told.deleted, told.overdue) == ({}, 0, 0, 0)


async def test_a_deletion_that_nobody_asked_about_counts_too(world: World, time: Time) -> None:
    """The server may tell by itself; of a result that never came it may tell nothing."""
    [id] = world.stand_in.held
    at = clock.now().replace(microsecond=0)
    told = world.stand_in.wire.write(Answer("deleted", {"inquiry": id, "at": at.isoformat()}), at)
    inbox = world.installation.links.inbox
    assert [await inbox.receive("intermediate_server", told) for _ in range(2)] == [True, False]
    [row] = await world.rows(family_result)
    assert row.deleted_at == at
    assert await time.passes(DAY) == 0
