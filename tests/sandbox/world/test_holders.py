"""The holders of a demo live in its world, each as one person."""

from __future__ import annotations

from meibo.demo.holders import holders
from meibo.host import load_host
from meibo_sandbox.residents import WorldRegister
from meibo_sandbox.world import PersonList, World
from meibo_sandbox.world.holders import resident


def test_holders_of_all_professions_are_found_by_their_numbers() -> None:
    host = load_host()
    people = [holder for code in host.professions for holder in holders(host, code, 60)]
    world = World(PersonList(map(resident, people)))
    assert len(world) == len(people) == 600
    for holder in people:
        found = world.by_number(holder.individual_number)
        assert found is not None
        assert (found.family_name, found.given_name, found.family_name_kana, found.given_name_kana) == (
            holder.family_name, holder.given_name, holder.family_name_kana, holder.given_name_kana,
        )  # fmt: skip
        assert (found.birth_date, found.sex, found.address) == (holder.born, holder.sex_code, holder.address)
        assert found.municipality_code == f"{holder.prefecture_code}901"
        assert world.by_resident_code(found.resident_code) == found
        assert found in list(world.born_on(holder.born))
    assert len(list(world)) == 600


def test_a_holders_number_changes_to_one_that_nobody_has() -> None:
    host = load_host()
    world = World(PersonList(map(resident, holders(host, "doctor", 3))))
    [first, *_] = world
    world.change_number(first.index)
    changed = world.by_number(first.individual_number)
    assert changed is not None
    assert changed.former_numbers == (first.individual_number,)
    assert changed.individual_number[:4] == "9998"


def test_the_resident_record_network_finds_holders_by_facts_alone() -> None:
    people = list(holders(load_host(), "doctor", 30))
    world = World(PersonList(map(resident, people)))
    [found] = WorldRegister(world).find({"subject_address": people[7].address})
    assert found.individual_number == people[7].individual_number
