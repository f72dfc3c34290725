"""What the existing system changes is entered here once, where it is theirs to change; all else waits for a person."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from meibo.access.permissions import Permission, Role
from meibo.errors import Forbidden, NotFound
from meibo.exchange import tables as feed_tables
from meibo.exchange.beats import Side, Turn
from meibo.exchange.masters import Master
from meibo.exchange.outcomes import Outcome
from meibo.exchange.tables import feed_change, feed_heard, feed_item
from meibo_sandbox.existing import Fault
from tests.core.exchange.conftest import ADMINISTRATOR, World
from tests.core.register.doctors import TODAY
from tests.installed import principal

NAME = "licence_registration"
EFFECTS = {"register.register_correction_date", "register.register_correction_reason_code"}
DOMICILE, FAMILY = "register.domicile_code", "register.family_name"


async def give(world: World, path: str = DOMICILE) -> None:
    """An item is theirs to change."""
    await world.installation.exchange.office.set_master(ADMINISTRATOR, NAME, "doctor", path, Master.THEIRS)


async def theirs(world: World, about: Any, items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """They change items of a licence today."""
    told = {"licence": await world.pseudonym(about), "day": TODAY.isoformat(), "reason": "201"} | more
    return world.system.change(
        "doctor", told.pop("licence"), told.pop("day"), told.pop("reason"), items=items, **told
    )


async def outcomes(world: World) -> dict[str, str]:
    """What came of their own changes, by id."""
    return {str(row.change_id): row.outcome for row in await world.rows(feed_change) if row.outcome != "echo"}


async def domicile(world: World, licence: Any) -> Any:
    return (await world.doctors.register(await world.doctors.head(licence)))["domicile_code"]


async def test_a_change_of_theirs_is_entered_under_their_name_and_not_told_back(world: World) -> None:
    licence = await world.doctors.enter()
    await give(world)
    await world.beat()
    before = (await world.told(licence))["items"]
    change = await theirs(world, licence, {DOMICILE: "27"})
    await world.beat()
    after = (await world.told(licence))["items"]
    assert (await domicile(world, licence), await outcomes(world)) == ("27", {change["id"]: "entered"})
    # That it was corrected, and why, is ours to say; what they changed is not told back.
    assert DOMICILE not in after
    assert {path for path in after if after[path] != before[path]} == EFFECTS
    async with world.installation.register.read([world.scope]) as connection:
        acts = await connection.exec_driver_sql("SELECT account, verb FROM action ORDER BY number")
        assert [tuple(row) for row in acts] == [("tester", "register"), (f"link:{NAME}", "correct")]


async def test_what_we_told_comes_back_as_an_echo_and_changes_nothing(world: World) -> None:
    licence = await world.doctors.enter()
    for _ in range(3):
        await world.beat()
    assert [row.outcome for row in await world.rows(feed_change)] == [Outcome.ECHO]
    assert (await world.doctors.version(licence), len(world.system.records["doctor"])) == (1, 1)


@pytest.mark.parametrize(
    ("items", "more", "outcome"),
    [
        ({FAMILY: "手本"}, {}, Outcome.OUR_ITEM),
        ({DOMICILE: "27", FAMILY: "手本"}, {}, Outcome.OUR_ITEM),
        ({DOMICILE: "99999"}, {}, Outcome.INVALID_VALUE),
        ({"register.colour": "blue"}, {}, Outcome.NO_SUCH_ITEM),
        ({"numbers.individual_number": "123456789018"}, {}, Outcome.NO_SUCH_ITEM),
        ({DOMICILE: "27"}, {"reason": "nothing"}, Outcome.REFUSED),
        ({DOMICILE: "27"}, {"day": "2999-01-01"}, Outcome.REFUSED),
        ({DOMICILE: "27"}, {"licence": "L-UNKNOWN"}, Outcome.NO_SUCH_LICENCE),
        ({DOMICILE: "13"}, {}, Outcome.KNOWN),
    ],
)
async def test_what_cannot_be_entered_changes_nothing_and_is_kept_for_a_person(
    world: World, items: dict[str, Any], more: dict[str, Any], outcome: Outcome
) -> None:
    licence = await world.doctors.enter()
    await give(world)
    change = await theirs(world, licence, items, **more)
    await world.beat()
    assert await outcomes(world) == {change["id"]: outcome}
    assert await world.doctors.version(licence) == 1
    office = world.installation.exchange.office
    waiting = [str(each.change) for each in await office.conflicts(ADMINISTRATOR, NAME, "doctor")]
    assert waiting == ([] if outcome is Outcome.KNOWN else [change["id"]])


async def test_a_conflict_is_looked_at_and_settled_once(world: World) -> None:
    office = world.installation.exchange.office
    licence = await world.doctors.enter()
    await theirs(world, licence, {FAMILY: "手本"})
    await world.beat()
    [conflict] = await office.conflicts(ADMINISTRATOR, NAME, "doctor")
    told = await office.conflict(ADMINISTRATOR, NAME, "doctor", conflict.change)
    [item] = told.items
    assert (item.path, item.ours, item.theirs, item.master, item.hidden) == (
        FAMILY,
        "見本",
        "手本",
        Master.OURS,
        False,
    )
    assert (told.conflict, told.conflict.licence) == (conflict, licence)
    await office.settle(ADMINISTRATOR, NAME, "doctor", conflict.change)
    assert await office.conflicts(ADMINISTRATOR, NAME, "doctor") == []
    [row] = [row for row in await world.rows(feed_change) if row.outcome == "our_item"]
    assert (row.sealed, row.settled_at is not None) == (None, True)
    for verb in (office.settle, office.conflict):
        with pytest.raises(NotFound):
            await verb(ADMINISTRATOR, NAME, "doctor", conflict.change)


async def test_changes_that_come_again_or_out_of_order_are_entered_once(world: World) -> None:
    licence = await world.doctors.enter()
    await give(world)
    first = await theirs(world, licence, {DOMICILE: "27"})
    await world.beat()
    await theirs(world, licence, {DOMICILE: "14"})
    await world.beat()
    async with world.installation.register.write([world.scope]) as work:  # They begin again from the start.
        await work.connection.execute(feed_heard.delete())
        await work.commit()
    world.system.changes["doctor"].insert(0, {**first})
    world.system.changes["doctor"].append({**first})
    world.system.changes["doctor"].reverse()
    await world.beat()
    assert (await domicile(world, licence), await world.doctors.version(licence)) == ("14", 3)


async def test_two_workers_at_once_enter_once(world: World) -> None:
    licence = await world.doctors.enter()
    await give(world)
    await theirs(world, licence, {DOMICILE: "27"})
    hearing = world.installation.exchange.beats.hearings[Turn(Side.EXISTING_SYSTEM, world.scope)]
    await asyncio.gather(*(hearing.hear() for _ in range(3)))
    assert (await domicile(world, licence), await world.doctors.version(licence)) == ("27", 2)
    assert list((await outcomes(world)).values()) == ["entered"]


@pytest.mark.parametrize("fault", list(Fault))
async def test_an_answer_that_goes_wrong_is_asked_for_again(world: World, fault: Fault) -> None:
    licence = await world.doctors.enter()
    await give(world)
    await theirs(world, licence, {DOMICILE: "27"})
    world.system.faults = [fault]
    await world.beat()
    assert await domicile(world, licence) == "13"
    assert (await world.told(licence))["state"] == "REGISTERED"  # It was told nevertheless.
    await world.beat()
    assert (await domicile(world, licence), await world.doctors.version(licence)) == ("27", 2)


async def test_many_changes_come_in_pages(world: World) -> None:
    licence = await world.doctors.enter()
    for _ in range(150):
        await theirs(world, licence, {DOMICILE: "13"})
    await world.beat()
    assert len(await outcomes(world)) == 150


async def test_the_office_says_whose_an_item_is_and_nobody_else_does(world: World) -> None:
    office = world.installation.exchange.office
    assert set((await office.masters(ADMINISTRATOR, NAME, "doctor")).values()) == {Master.OURS}
    await give(world)
    assert (await office.masters(ADMINISTRATOR, NAME, "doctor"))[DOMICILE] is Master.THEIRS
    for connector, path in ((NAME, "register.colour"), ("public_search", FAMILY), ("nobody", FAMILY)):
        with pytest.raises(NotFound):
            await office.set_master(ADMINISTRATOR, connector, "doctor", path, Master.THEIRS)
    assert len(await world.rows(feed_item)) == 1


@pytest.mark.parametrize(
    "caller",
    [
        principal(Role.OFFICER),
        principal(Role.AUDITOR),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.EXCHANGE_MANAGE})),
        principal(Role.ADMINISTRATOR, professions={"nurse"}),
    ],
)
async def test_each_verb_needs_the_permission_for_the_profession(world: World, caller: Any) -> None:
    office, licence = world.installation.exchange.office, await world.doctors.enter()
    change = await theirs(world, licence, {FAMILY: "手本"})
    await world.beat()
    about = (caller, NAME, "doctor")
    [conflict] = await office.conflicts(ADMINISTRATOR, NAME, "doctor")
    assert str(conflict.change) == change["id"]
    for act in (
        office.begin_anew(*about),
        office.masters(*about),
        office.set_master(*about, DOMICILE, Master.THEIRS),
        office.conflicts(*about),
        office.conflict(*about, conflict.change),
        office.settle(*about, conflict.change),
    ):
        with pytest.raises(Forbidden):
            await act
    assert (await world.rows(feed_item), len(await office.conflicts(ADMINISTRATOR, NAME, "doctor"))) == (
        [],
        1,
    )


async def test_the_feeds_of_a_caller_are_listed(world: World) -> None:
    office = world.installation.exchange.office
    await world.doctors.enter()
    world.system.faults = [Fault.DOWN] * 2
    await world.beat()
    assert [(s.connector, s.profession, s.number, s.waiting) for s in await office.listed(ADMINISTRATOR)] == [
        ("public_search", "doctor", 1, False),
        (NAME, "doctor", 0, True),
    ]
    assert await office.listed(principal(Role.ADMINISTRATOR, professions={"nurse"})) == []


async def test_what_is_no_item_of_the_exchange_or_nothing_for_the_caller_is_not_shown(world: World) -> None:
    office, licence = world.installation.exchange.office, await world.doctors.enter()
    told = {"numbers.individual_number": "123456789018", FAMILY: "手本"}
    await theirs(world, licence, told)
    await world.beat()
    [conflict] = await office.conflicts(ADMINISTRATOR, NAME, "doctor")
    number, name = (await office.conflict(ADMINISTRATOR, NAME, "doctor", conflict.change)).items
    assert (number.item, number.master, number.ours, number.theirs, number.hidden) == (
        None,
        None,
        None,
        None,
        True,
    )
    assert (name.ours, name.theirs, name.hidden) == ("見本", "手本", False)


async def test_a_validated_verb_changes_nothing(world: World) -> None:
    office, licence = world.installation.exchange.office, await world.doctors.enter()
    await theirs(world, licence, {FAMILY: "手本"})
    await world.beat()
    [conflict] = await office.conflicts(ADMINISTRATOR, NAME, "doctor")
    about, rows = (ADMINISTRATOR, NAME, "doctor"), await world.rows(feed_tables.feed)
    state = await office.begin_anew(*about, validate_only=True)
    assert [state] == [each for each in await office.listed(ADMINISTRATOR) if each.connector == NAME]
    await office.set_master(*about, FAMILY, Master.THEIRS, validate_only=True)
    await office.settle(*about, conflict.change, validate_only=True)
    assert (await world.rows(feed_item), await office.conflicts(*about)) == ([], [conflict])
    assert await world.rows(feed_tables.feed) == rows


async def test_it_needs_leave_to_read_what_is_personal(world: World) -> None:
    office, licence = world.installation.exchange.office, await world.doctors.enter()
    await theirs(world, licence, {FAMILY: "手本"})
    await world.beat()
    [conflict] = await office.conflicts(ADMINISTRATOR, NAME, "doctor")
    with pytest.raises(Forbidden):
        await office.conflict(
            principal(Role.ADMINISTRATOR, without=frozenset({Permission.PERSONAL_READ})),
            NAME, "doctor", conflict.change,
        )  # fmt: skip
