"""Whatever happens to the other side or to a worker, what is there in the end is what the register says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from meibo.audit.leaves import LeafKind
from meibo.database.stores import Store
from meibo.exchange.beats import Side, Turn
from meibo.exchange.tables import feed, feed_entry
from meibo.jobs.tables import job
from meibo.register.fold import Verb
from meibo_sandbox.existing import Fault
from tests.core.exchange.conftest import ADMINISTRATOR, World
from tests.core.register.doctors import DAY, TODAY


async def test_a_licence_is_told_under_its_pseudonym_with_what_the_register_has_and_no_number(
    world: World,
) -> None:
    licence = await world.doctors.enter(individual="123456789018")
    await world.beat()
    told = await world.told(licence)
    assert (told["state"], told["items"]["register.family_name"], told["items"]["register.birth_date"]) == (
        "REGISTERED", "見本", ["1990-01-15", None],
    )  # fmt: skip
    assert set(told) == {"licence", "state", "items"}
    assert "123456789018" not in str(world.system.records)


async def test_two_days_without_the_other_side_are_one_batch_more(world: World) -> None:
    licence = await world.doctors.enter()
    await world.beat()
    world.system.faults = [Fault.DOWN] * 10_000
    await world.doctors.enter("500002")
    for hour in range(48):
        world.time.ahead += timedelta(hours=1)
        if hour % 12 == 0:
            await world.doctors.act(
                licence, Verb.CORRECT, values={"register": {"family_name": f"手本{hour}"}}
            )
        await world.beat()
    assert len(world.system.records["doctor"]) == 1
    assert {row.state for row in await world.rows(job)} == {"done"}  # No turn piles up.
    world.system.faults = []
    await world.beat()
    assert (await world.told(licence))["items"]["register.family_name"] == "手本36"
    assert len(world.system.records["doctor"]) == 2
    # The one that waited, and the one with all that came meanwhile.
    assert [row.number for row in await world.rows(feed) if row.connector == "licence_registration"] == [3]


async def test_what_ends_by_the_date_alone_is_told_on_that_day(world: World) -> None:
    licence = await world.doctors.enter()
    await world.doctors.act(licence, Verb.SUSPEND, end_date=TODAY + 2 * DAY)
    await world.beat()
    assert (await world.told(licence))["state"] == "SUSPENDED"
    came = len(world.batches())
    world.time.ahead += timedelta(days=1)
    await world.beat()
    assert len(world.batches()) == came
    world.time.ahead += timedelta(days=3)
    await world.beat()
    assert ((await world.told(licence))["state"], len(world.batches())) == ("REGISTERED", came + 1)


async def test_two_workers_at_once_tell_once(world: World) -> None:
    await world.doctors.enter()
    feeds = list(world.installation.exchange.beats.feeds.values())
    await asyncio.gather(*(f.tell() for f in feeds * 3))
    assert sorted((row.number, row.pending) for row in await world.rows(feed)) == [(1, None), (1, None)]
    assert (len(set(world.batches())), world.public.lists["doctor"].total()) == (1, 1)


async def test_a_paused_system_is_told_nothing_until_it_goes_on(world: World) -> None:
    await world.doctors.enter()
    await world.installation.links.office.switch(ADMINISTRATOR, "licence_registration", paused=True)
    await world.beat()
    assert (len(world.batches()), len(world.public.came)) == (0, 1)
    await world.installation.links.office.switch(ADMINISTRATOR, "licence_registration", paused=False)
    await world.beat()
    assert len(world.batches()) == 1


async def test_after_five_failures_it_is_left_alone(world: World) -> None:
    world.system.faults = [Fault.DOWN] * 6
    await world.doctors.enter()
    for _ in range(3):  # In each it is asked, and told.
        await world.beat()
    [told] = [
        f
        for f in world.installation.exchange.beats.feeds.values()
        if f.view.connector == "licence_registration"
    ]
    with pytest.raises(Exception, match=r"does not answer"):
        await told.tell()
    assert len(world.system.faults) == 1  # It was not asked a sixth time.


async def test_whose_data_left_is_in_the_log_before_it_leaves(world: World) -> None:
    world.system.faults = world.public.faults = [Fault.DOWN]
    licence = await world.doctors.enter()
    await world.beat()
    async with world.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(text("SELECT body FROM audit_leaf"))).all()
    told = [body for body in bodies if b'"exchange.tell"' in bytes(body)]
    assert len(told) == 2
    pseudonym = (await world.pseudonym(licence)).encode()
    assert all(LeafKind.EXPORT.encode() in bytes(body) and pseudonym in bytes(body) for body in told)


async def test_more_than_a_batch_holds_is_told_in_several(world: World) -> None:
    for number in range(5):
        await world.doctors.enter(f"50000{number}")
    feed = world.installation.exchange.beats.feeds[Turn(Side.EXISTING_SYSTEM, world.scope)]
    assert await replace(feed, most=2).tell() == 3
    assert (len(world.system.records["doctor"]), len(world.batches())) == (5, 3)


CANARY = ("ｶﾅﾘｱ鳥", "123456789018")


@pytest.mark.parametrize("faults", [[], [Fault.DOWN], [Fault.GARBLED], [Fault.FOREIGN]])
async def test_a_canary_is_found_nowhere_in_the_clear(
    world: World, faults: list[Fault], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.public.faults, world.system.faults = list(faults), list(faults)
    name, number = CANARY
    await world.doctors.enter(family_name=name, individual=number)
    await world.beat()
    kept = caplog.text
    for table in (feed, feed_entry, job):
        kept += "".join(
            value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            for row in await world.rows(table)
            for value in row
        )
    assert len(kept) > 500
    assert [each for each in CANARY if each in kept] == []
