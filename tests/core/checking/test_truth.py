"""Outcomes against a hidden truth: a year of the synthetic world, told as the network tells it, and never as an event.

Precision is the part of what was said that is so, recall the part of what is so that was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from meibo.checking.classifying import judge
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Key, Life, Number, Outcome
from meibo_sandbox.world import Kin, Person, Population, population
from meibo_sandbox.world.events import happened

SEED, SIZE = 20_261_126, 20_000
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)
CERTAIN = (Outcome.DEAD, Outcome.NUMBER_CHANGED)


def held_of(person: Person) -> Held:
    """What a register that was right on the first day holds."""
    return Held(
        person.family_name, person.given_name, person.family_name_kana, person.given_name_kana,
        person.birth_date.isoformat(), person.sex, person.address,
    )  # fmt: skip


def told_of(before: Person, now: Person) -> Told:
    """What the network tells of somebody."""
    life = Life.DEAD if now.died_date else Life.REMOVED if now.left_date else Life.LIVING
    changed = now.individual_number != before.individual_number
    return Told(
        now.name, now.kana, now.birth_date.isoformat(), now.sex, now.address, now.former_family_name, life,
        str(now.died_date or ""), Number.CHANGED if changed else Number.SAME,
    )  # fmt: skip


def truth_of(before: Person, now: Person) -> Outcome:
    """What happened, by the world's own word."""
    if now.refuses:
        return Outcome.NON_PARTICIPATING
    if now.died_date:
        return Outcome.DEAD
    if now.left_date:
        return Outcome.NO_MATCH
    if now.individual_number != before.individual_number:
        return Outcome.NUMBER_CHANGED
    if (now.family_name, now.family_name_kana) != (before.family_name, before.family_name_kana):
        return Outcome.RENAMED
    return Outcome.MOVED if now.address != before.address else Outcome.UNCHANGED


def by_number(before: Person, now: Person, _everybody: list[Person]) -> Reply:
    return Reply(Key.NUMBER, (), True) if now.refuses else Reply(Key.NUMBER, (told_of(before, now),))


def by_twins_number(before: Person, now: Person, everybody: list[Person]) -> Reply:
    """The number in the vault is that of whoever is beside: somebody has mistaken one twin for the other."""
    other = everybody[now.index ^ 1]
    return Reply(Key.NUMBER, (told_of(other, other),))


def measured(
    population: Population, reply: Callable[..., Reply], kin: frozenset[Kin]
) -> list[tuple[Outcome, Outcome]]:
    """(truth, outcome) of everybody of these kin."""
    now = [happened(each, population.events(each.index, FIRST, LAST)) for each in population]
    return [
        (truth_of(each, now[each.index]), judge(held_of(each), reply(each, now[each.index], now)).outcome)
        for each in population
        if each.kin in kin
    ]


def told(pairs: list[tuple[Outcome, Outcome]]) -> dict[Outcome, tuple[float, float]]:
    """Precision and recall of each outcome that is so, or was said."""
    right = Counter(truth for truth, said in pairs if truth is said)
    so, said = (Counter(column) for column in zip(*pairs, strict=True))
    return {
        each: (right[each] / (said[each] or 1), right[each] / (so[each] or 1))
        for each in Outcome
        if so[each] or said[each]
    }


@pytest.mark.slow
def test_a_year_of_the_world_is_found_out(record_property: Callable[[str, object], None]) -> None:
    figures = told(measured(population(SEED, SIZE), by_number, frozenset(Kin)))
    for outcome, (precision, recall) in figures.items():
        record_property("figures", f"{outcome:<18} precision {precision:.4f}, recall {recall:.4f}")
    assert {outcome: figures[outcome] for outcome in CERTAIN} == dict.fromkeys(CERTAIN, (1.0, 1.0))
    assert figures[Outcome.NO_MATCH] == figures[Outcome.NON_PARTICIPATING] == (1.0, 1.0)
    assert min(min(figures[each]) for each in (Outcome.MOVED, Outcome.RENAMED, Outcome.UNCHANGED)) > 0.97


@pytest.mark.slow
def test_numbers_change_in_chains_in_that_year() -> None:
    people = population(SEED, SIZE)
    now = (happened(each, people.events(each.index, FIRST, LAST)) for each in people)
    changes = Counter(len(each.former_numbers) for each in now)
    assert changes[2] > 10


@pytest.mark.slow
def test_a_twin_or_a_namesake_is_never_taken_for_the_holder() -> None:
    """By the other's number, and by facts that fit both: nobody comes to an outcome of the other's."""
    people = population(SEED, SIZE)
    pairs = measured(people, by_twins_number, frozenset({Kin.TWIN}))
    assert len(pairs) > 100
    assert {said for _, said in pairs} == {Outcome.AMBIGUOUS}

    def by_facts(before: Person, now: Person, everybody: list[Person]) -> Reply:
        return Reply(Key.FACTS, tuple(told_of(people[i], everybody[i]) for i in (now.index, now.index ^ 1)))

    namesakes = measured(people, by_facts, frozenset({Kin.NAMESAKE}))
    assert len(namesakes) > 50
    assert {said for _, said in namesakes} == {Outcome.AMBIGUOUS}

    def the_other_by_facts(before: Person, now: Person, everybody: list[Person]) -> Reply:
        other = everybody[now.index ^ 1]
        return Reply(Key.FACTS, (told_of(other, other),))

    other = measured(people, the_other_by_facts, frozenset({Kin.NAMESAKE, Kin.TWIN}))
    assert {said for _, said in other} == {Outcome.AMBIGUOUS}
