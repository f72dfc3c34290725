"""A medium carries what the line would, to nobody but the other side; it is in the book until it is destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc.errors import JoseError

from meibo.access.permissions import Permission, Role
from meibo.errors import Forbidden, InvalidValue, MessageRefused, NotFound, SettingsError
from meibo.exchange.media import Media, Medium
from meibo.exchange.tables import feed, feed_medium
from meibo.exchange.views import RecordView, views_of
from meibo.host import Host
from meibo.jobs import Worker
from meibo.register.fold import Verb
from meibo_sandbox.existing import RegistrationStandIn
from tests.core.exchange.conftest import ADMINISTRATOR, US, World, drained
from tests.installed import principal

NAME = "licence_registration"
ABOUT = (ADMINISTRATOR, NAME, "doctor")


async def written(world: World, label: str = "USB 1") -> tuple[Medium, bytes]:
    found = await world.installation.exchange.media.write(*ABOUT, label)
    assert found is not None
    return found


def test_care_workers_centre_is_told_items_3_to_80_and_no_number(all_professions: Host) -> None:
    [view] = views_of(all_professions["careworker"])
    assert isinstance(view, RecordView)
    assert (view.connector, [each.number for each in view.items]) == (
        "care_worker_registration",
        [*range(3, 81)],
    )
    assert {each.group for each in view.items} == {"register"}


@pytest.mark.parametrize("code", ["doctor", "nurse", "pharmacist"])
def test_nobody_is_told_a_number_or_a_reply(all_professions: Host, code: str) -> None:
    [view] = [each for each in views_of(all_professions[code]) if isinstance(each, RecordView)]
    groups = {each.group for each in view.items}
    assert "register" in groups
    assert groups.isdisjoint({"numbers", "resident_record", "family_register", "identity"})


def test_dietitians_are_told_to_nobody(all_professions: Host) -> None:
    assert views_of(all_professions["dietitian"]) == []


async def test_a_medium_is_written_read_and_received(world: World) -> None:
    licence = await world.doctors.enter()
    medium, file = await written(world)
    receipt = world.system.read_medium(file)
    assert (await world.told(licence))["items"]["register.family_name"] == "見本"
    world.time.ahead += timedelta(days=20)
    media = world.installation.exchange.media
    await media.receive(*ABOUT, medium.id, receipt)
    await media.destroyed(*ABOUT, medium.id)
    [entered] = await media.listed(*ABOUT)
    assert (entered.label, entered.number, entered.digest) == ("USB 1", 1, medium.digest)
    assert None not in (entered.received_at, entered.destroyed_at)
    [row] = [row for row in await world.rows(feed) if row.connector == NAME]
    assert (row.number, row.pending) == (1, None)
    assert await media.write(*ABOUT, "USB 2") is None  # Nothing has changed since.


async def test_a_lost_medium_is_written_again_with_the_same_batch(world: World) -> None:
    licence = await world.doctors.enter()
    first, one = await written(world)
    await world.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": "手本"}})
    second, other = await written(world, "USB 2")
    assert (first.number, second.number, one == other) == (1, 1, False)
    world.system.read_medium(other)
    receipt = world.system.read_medium(one)  # The lost one turned up: it is known.
    await world.installation.exchange.media.receive(*ABOUT, second.id, receipt)
    third, file = await written(world, "USB 3")
    world.system.read_medium(file)
    assert (third.number, (await world.told(licence))["items"]["register.family_name"]) == (2, "手本")


async def test_nobody_else_can_read_a_medium(world: World) -> None:
    await world.doctors.enter(family_name="カナリア鳥", individual="123456789018")
    _, file = await written(world)
    with pytest.raises(JoseError):
        RegistrationStandIn(NAME, US).read_medium(file)
    for planted in ("カナリア鳥", "123456789018"):
        assert planted.encode() not in file
    assert "123456789018" not in str(world.system.read_medium(file)) + str(world.system.records)


@pytest.mark.parametrize("fault", ["garbled", "truncated", "of_another"])
async def test_a_receipt_that_is_none_changes_nothing(world: World, fault: str) -> None:
    await world.doctors.enter()
    medium, file = await written(world)
    sound = world.system.read_medium(file)
    other = world.system._signed(str(uuid4()), "taken", {"number": 1}, None)
    receipt = {"garbled": b"garbled", "truncated": sound[:-9], "of_another": other}[fault]
    with pytest.raises(MessageRefused):
        await world.installation.exchange.media.receive(*ABOUT, medium.id, receipt)
    [row] = await world.rows(feed_medium)
    assert row.received_at is None
    assert [r.number for r in await world.rows(feed) if r.connector == NAME] == [0]


async def test_a_receipt_comes_once(world: World) -> None:
    await world.doctors.enter()
    medium, file = await written(world)
    receipt, media = world.system.read_medium(file), world.installation.exchange.media
    await media.receive(*ABOUT, medium.id, receipt)
    with pytest.raises(NotFound):
        await media.receive(*ABOUT, medium.id, receipt)
    for verb in (media.receive(*ABOUT, uuid4(), receipt), media.destroyed(*ABOUT, uuid4())):
        with pytest.raises(NotFound):
            await verb


async def test_a_medium_that_is_not_destroyed_in_time_is_overdue(world: World) -> None:
    await world.doctors.enter()
    medium, _ = await written(world)
    media = world.installation.exchange.media
    world.time.ahead += timedelta(days=31)
    assert [each.overdue for each in await media.listed(*ABOUT)] == [True]
    await media.destroyed(*ABOUT, medium.id)
    assert [each.overdue for each in await media.listed(*ABOUT)] == [False]


@pytest.mark.parametrize(
    "caller",
    [
        principal(Role.OFFICER),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.EXCHANGE_CARRY})),
        principal(Role.ADMINISTRATOR, professions={"nurse"}),
    ],
)
async def test_each_verb_needs_the_permission(world: World, caller: Any) -> None:
    await world.doctors.enter()
    media, about = world.installation.exchange.media, (caller, NAME, "doctor")
    for act in (
        media.write(*about, "USB 1"),
        media.receive(*about, uuid4(), b""),
        media.destroyed(*about, uuid4()),
        media.listed(*about),
    ):
        with pytest.raises(Forbidden):
            await act
    assert (await world.rows(feed_medium), await world.rows(feed)) == ([], [])


async def test_what_cannot_be_written_is_refused_and_not_entered(world: World) -> None:
    await world.doctors.enter()
    media = world.installation.exchange.media
    with pytest.raises(InvalidValue):
        await media.write(*ABOUT, "x" * 65)
    with pytest.raises(NotFound):  # The public list goes over the line alone.
        await media.write(ADMINISTRATOR, "public_search", "doctor", "USB 1")
    assert await world.rows(feed) == []
    nowhere: Media = replace(media, folder=media.folder / "nowhere")
    with pytest.raises(SettingsError):
        await nowhere.write(*ABOUT, "USB 1")
    assert await world.rows(feed_medium) == []


async def test_a_system_without_an_address_is_not_asked_over_the_line(world: World) -> None:
    await world.doctors.enter()
    beats = world.installation.exchange.beats
    alone = {
        turn: replace(each, calls=replace(each.calls, client=replace(each.calls.client, addresses={})))
        for turn, each in beats.feeds.items()
    }
    assert await drained(Worker(world.installation.register, replace(beats, feeds=alone).handlers)) == 1
    assert (await world.rows(feed), world.system.came, world.public.came) == ([], [], [])
