"""A network that is late, down, or answers by files gone wrong: nothing of those is filed, and a sound one later is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meibo import clock
from meibo.errors import SourceUnavailable
from meibo.jobs import JobState, enqueue
from meibo.jobs.tables import job
from meibo.linkage.residents.batches import EXCHANGE, POLL, BatchPayload
from meibo.linkage.residents.codec import FileReason
from meibo.linkage.residents.exchange import CONNECTOR
from meibo.linkage.residents.inquiries import Outcome
from meibo.linkage.residents.tables import resident_batch, resident_reply
from meibo_sandbox.residents import Fault
from tests.core.linkage.residents.conftest import ADMINISTRATOR, HANAKO, TARO, World

REASONS = {
    Fault.DOUBLED: FileReason.DUPLICATE,
    Fault.GARBLED: FileReason.UNREADABLE,
    Fault.HOSTILE: FileReason.MALFORMED,
    Fault.OTHER_FILE: FileReason.MISADDRESSED,
    Fault.REORDERED: FileReason.REORDERED,
    Fault.TRUNCATED: FileReason.TRUNCATED,
    Fault.WRONG_ENCODING: FileReason.WRONG_ENCODING,
}


@pytest.fixture
async def two(world: World) -> World:
    """Two doctors whom the network knows."""
    await world.doctors.enter("500001", HANAKO.individual_number)
    await world.doctors.enter("500002", TARO.individual_number)
    return world


async def failures(world: World) -> list[tuple[str, str | None]]:
    """(state, failure) of jobs that are not done."""
    return [(row.state, row.failure) for row in await world.rows(job) if row.state != JobState.DONE]


@pytest.mark.parametrize("fault", REASONS)
async def test_nothing_of_a_spoilt_file_is_filed_and_a_sound_one_is(two: World, fault: Fault) -> None:
    run = await two.begin()
    two.network.faults = [fault]
    await two.work()
    assert await two.rows(resident_reply) == []
    assert set((await two.outcomes()).values()) == {None}
    assert await failures(two) == [("waiting", "MESSAGE_REFUSED")]
    assert two.installation.links.inbox.refused == {(CONNECTOR, REASONS[fault]): 1}
    await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}
    assert len(await two.rows(resident_reply)) == 2


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.OVERSIZED])
async def test_what_the_client_refuses_is_tried_again(two: World, fault: Fault) -> None:
    run = await two.begin()
    two.network.faults = [fault]
    await two.work()
    assert await failures(two) == [("waiting", SourceUnavailable.code)]
    await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}


async def test_answers_that_are_late_are_asked_for(two: World) -> None:
    two.network.late = 3
    run = await two.begin()
    await two.work()
    assert await two.states() == ["sent"]
    [due] = [row.due_at for row in await two.rows(job) if row.state == JobState.WAITING]
    assert timedelta() < due - clock.now() <= POLL
    for _ in range(3):
        await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}
    [batch] = await two.rows(resident_batch)
    assert [(id, bool(raw)) for id, raw in two.network.came] == [
        (str(batch.id), True),
        *[(str(batch.id), False)] * 3,
    ]


async def test_a_file_that_the_network_lost_is_sent_again_as_it_was(two: World) -> None:
    two.network.late = 2
    run = await two.begin()
    await two.work()
    two.network._inquiries.clear()
    await two.hurry()  # It knows nothing of the file that it is asked for.
    await two.hurry()
    assert [bool(raw) for _, raw in two.network.came] == [True, False, True]
    assert two.network.came[0] == two.network.came[2]
    await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}


async def test_a_network_that_is_down_is_left_alone(two: World) -> None:
    run = await two.begin()
    two.network.faults = [Fault.DOWN] * 6
    for _ in range(5):
        await two.hurry()
    asked = len(two.network.came)
    states = {each.connector: each for each in await two.installation.links.office.listed(ADMINISTRATOR)}
    assert (states[CONNECTOR].failures, states[CONNECTOR].open_until is not None) == (5, True)
    assert await two.work() == 0
    assert len(two.network.came) == asked == 5
    await two.hurry()
    assert (await two.run(run.id)).waiting == 2
    await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}


async def test_a_paused_network_is_not_asked(two: World) -> None:
    office = two.installation.links.office
    await office.switch(ADMINISTRATOR, CONNECTOR, paused=True)
    run = await two.begin()
    await two.work()
    assert await two.states() == ["written"]
    assert two.network.came == []
    await office.switch(ADMINISTRATOR, CONNECTOR, paused=False)
    await two.hurry()
    assert (await two.run(run.id)).outcomes == {Outcome.FOUND: 2}


async def test_a_step_that_is_asked_for_again_files_nothing_again(two: World) -> None:
    await two.begin()
    await two.work()
    before = [row.id for row in await two.rows(resident_reply)]
    batches = two.installation.residents.batches
    [batch] = await two.rows(resident_batch)
    async with two.installation.register.write() as work:
        await enqueue(work.connection, EXCHANGE, BatchPayload(batch.id, two.scope))
        await work.commit()
    await two.work()
    assert batches.refused == {}
    assert [row.id for row in await two.rows(resident_reply)] == before


async def test_a_value_that_no_item_takes_spoils_the_file(two: World) -> None:
    two.network.register.residents[0] = replace(HANAKO, sex="7")  # type: ignore[attr-defined]
    await two.begin()
    await two.work()
    assert await two.rows(resident_reply) == []
    assert two.installation.links.inbox.refused == {(CONNECTOR, FileReason.MALFORMED): 1}


@pytest.mark.slow
async def test_two_days_without_the_network_lose_nothing(two: World) -> None:
    """Every attempt is made at once, and the time until the next is counted."""
    run, down = await two.begin(), timedelta()
    await two.work()
    await two.hurry()
    two.network.faults = [Fault.DOWN] * 500
    again = await two.begin()
    while down < timedelta(days=2):
        await two.hurry()
        [due] = [row.due_at for row in await two.rows(job) if row.state == JobState.WAITING]
        down += due - clock.now()
    assert (await two.run(again.id)).waiting == 2
    two.network.faults = []
    await two.hurry()
    assert (await two.run(run.id)).outcomes == (await two.run(again.id)).outcomes == {Outcome.FOUND: 2}
    assert len(await two.rows(resident_reply)) == 4
