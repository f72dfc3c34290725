"""Asking on another's behalf: a batch is asked about once, and what came of it is read back without a number."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from meibo.identity import NumberKind
from meibo.linkage.residents import Answered, Key, NumberTold, Outcome
from meibo.linkage.residents.tables import resident_batch, resident_request, resident_run
from tests.core.linkage.residents.conftest import CLERK, HANAKO, TARO, TWINS, World

NEXT = "123123123128"


async def test_a_batch_is_asked_once_and_answered_by_licence(world: World) -> None:
    asking, batch = world.installation.residents.asking, uuid4()
    world.network.register.residents[:] = [  # type: ignore[attr-defined]
        replace(HANAKO, individual_number=NEXT, former_numbers=(HANAKO.individual_number,)), TARO, *TWINS,
    ]  # fmt: skip
    twin = {
        "family_name": "並木",
        "given_name": "実",
        "family_name_kana": "ナミキ",
        "given_name_kana": "ミノル",
    }
    changed = await world.doctors.enter("500001", HANAKO.individual_number)
    same = await world.doctors.enter("500002", TARO.individual_number)
    several = await world.doctors.enter("500003", birth_date="1980-03-03", sex_code="1", **twin)
    nobody = await world.doctors.enter("500004", family_name="別", birth_date="1970-01-01")
    asked = [changed, same, several, nobody]
    assert await asking.answers(batch, "doctor") is None
    for _ in range(2):
        await asking.ask(batch, "doctor", asked, key=Key.NUMBER_OR_FACTS, on_behalf_of="check")
    assert await asking.answers(batch, "doctor") is None
    await world.work()
    found = await asking.answers(batch, "doctor")
    assert found is not None
    told = {licence: (a.outcome, a.number, a.by_facts) for licence, a in found.items()}
    assert told == {
        changed: (Outcome.FOUND, NumberTold.CHANGED, False),
        same: (Outcome.FOUND, NumberTold.SAME, False),
        several: (Outcome.SEVERAL, NumberTold.NONE, False),
        nobody: (Outcome.NOT_FOUND, NumberTold.NONE, True),
    }
    assert (found[same].values["living_status"], found[same].values["address"]) == ("1", TARO.address)
    assert not {"individual_number", "resident_code", "subject_individual_number"} & found[same].values.keys()
    assert found[several].values == {}
    counts = [len(await world.rows(table)) for table in (resident_run, resident_batch, resident_request)]
    assert counts == [1, 1, 4]
    assert [row.requested_by for row in await world.rows(resident_run)] == ["check"]


async def test_who_has_neither_number_nor_facts_is_not_asked_about(world: World) -> None:
    asking, batch = world.installation.residents.asking, uuid4()
    licence = await world.doctors.enter()
    await asking.ask(batch, "doctor", [licence], key=Key.INDIVIDUAL_NUMBER, on_behalf_of="check")
    await world.work()
    assert world.network.came == []
    expected = {licence: Answered(Outcome.NO_KEY, NumberTold.NONE, False, {})}
    assert await asking.answers(batch, "doctor") == expected


async def test_a_number_that_came_by_facts_in_place_of_one_is_not_taken(world: World) -> None:
    """A namesake may be the only one whom the network knows."""
    asking, batch = world.installation.residents.asking, uuid4()
    licence = await world.doctors.enter()
    await asking.ask(batch, "doctor", [licence], key=Key.NUMBER_OR_FACTS, on_behalf_of="check")
    await world.work()
    found = await asking.answers(batch, "doctor")
    assert found is not None
    assert (found[licence].number, found[licence].by_facts) == (NumberTold.BY_FACTS, True)
    reader = world.installation.reader(CLERK, "test")
    number = HANAKO.individual_number
    assert await reader.find_by_number("doctor", NumberKind.INDIVIDUAL_NUMBER, number) is None
