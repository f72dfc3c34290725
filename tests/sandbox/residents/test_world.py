"""The network over the synthetic world: whom it finds, and what it tells of what has happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from meibo.linkage.residents.inquiries import Facts, Inquiry, Key, Outcome, answers_to, records_of
from meibo_sandbox.residents import WorldRegister
from meibo_sandbox.residents.replies import replies
from meibo_sandbox.world import Gaiji, Kin, Person, PersonList, World, population
from meibo_sandbox.world.places import refuses

PEOPLE = list(population(7, 2_000))


@pytest.fixture
def world() -> World:
    return World(PersonList(PEOPLE))


def asked(world: World, key: Key, number: str = "", **facts: str) -> tuple[Outcome, list[Mapping[str, str]]]:
    """What comes back for one inquiry."""
    inquiry = Inquiry(uuid4(), key, number, Facts(**facts))
    records = list(replies(WorldRegister(world), records_of([inquiry], date(2026, 11, 26))))
    [answer] = answers_to([inquiry.reference], records)
    return answer.outcome, [record.values for record in answer.records]


def joining(world: World) -> Person:
    """Somebody whose municipality takes part."""
    return next(person for person in PEOPLE if not person.refuses and person.kin is Kin.NOBODY)


def test_a_person_is_found_by_number_code_and_facts(world: World) -> None:
    person = joining(world)
    for key, number, facts in (
        (Key.INDIVIDUAL_NUMBER, person.individual_number, {}),
        (Key.RESIDENT_CODE, person.resident_code, {}),
        (Key.FACTS, "", {"name": person.name, "birth_date": person.birth_date.isoformat()}),
        (Key.FACTS, "", {"kana": person.kana, "address": person.address}),
    ):
        outcome, [values] = asked(world, key, number, **facts)
        assert (outcome, values["full_name_kanji"], values["address"]) == (
            Outcome.FOUND,
            person.name,
            person.address,
        )
        assert (values["living_status"], values["individual_number"]) == ("0", person.individual_number)


def test_nobody_is_found_by_what_is_nobodys(world: World) -> None:
    assert asked(world, Key.INDIVIDUAL_NUMBER, "123456789018")[0] is Outcome.NOT_FOUND
    facts = {"name": joining(world).name, "birth_date": "1800-01-01"}
    assert asked(world, Key.FACTS, **facts)[0] is Outcome.NOT_FOUND


def test_of_two_of_one_name_and_birthday_both_are_told(world: World) -> None:
    person = next(p for p in PEOPLE if p.kin is Kin.NAMESAKE and not p.refuses)
    facts = {"name": person.name, "birth_date": person.birth_date.isoformat()}
    outcome, values = asked(world, Key.FACTS, **facts)
    assert (outcome, len(values)) == (Outcome.SEVERAL, 2)
    outcome, [one] = asked(world, Key.FACTS, **facts, address=person.address)
    assert (outcome, one["individual_number"]) == (Outcome.FOUND, person.individual_number)


def test_what_has_happened_is_told(world: World) -> None:
    person = joining(world)
    world.change_number(person.index)
    world.change_number(person.index)
    now = world.person(person.index)
    assert now is not None
    _, [values] = asked(world, Key.INDIVIDUAL_NUMBER, person.individual_number)
    assert values["individual_number"] == now.individual_number != person.individual_number
    assert values["change_status"] == "1"
    world.leave(person.index)
    _, [values] = asked(world, Key.INDIVIDUAL_NUMBER, now.individual_number)
    assert (values["living_status"], values["movement_date"]) == ("2", world.today().isoformat())
    world.die(person.index)
    _, [values] = asked(world, Key.INDIVIDUAL_NUMBER, now.individual_number)
    assert (values["living_status"], values["movement_date"]) == ("1", world.today().isoformat())


def test_a_municipality_that_refuses_tells_nothing(world: World) -> None:
    person = next(p for p in PEOPLE if p.refuses)
    assert refuses(person.municipality_code)
    _, [values] = asked(world, Key.INDIVIDUAL_NUMBER, person.individual_number)
    assert values["non_participating_body_flag"] == "1"
    assert not {"full_name_kanji", "address", "individual_number", "living_status"} & values.keys()


def test_a_character_that_a_name_lacks_is_a_glyph() -> None:
    person = replace(
        PEOPLE[0], family_name="〓田", gaiji=(Gaiji("name", 0, "MJ000001"),), municipality_code="13101"
    )
    register = WorldRegister(World(PersonList([person])))
    inquiry = Inquiry(uuid4(), Key.INDIVIDUAL_NUMBER, person.individual_number)
    [record] = replies(register, records_of([inquiry], date(2026, 11, 26)))
    assert [(g.item, g.position, g.name) for g in record.glyphs] == [("full_name_kanji", 0, "MJ000001")]
    assert (record.values["name_gaiji_count"], record.values["gaiji_record_count"]) == ("1", "1")
