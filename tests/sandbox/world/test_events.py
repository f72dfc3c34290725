"""What the seed has in store for people, and what an event makes of a person."""

from __future__ import annotations

from collections import Counter
from datetime import date

from meibo_sandbox.world import Event, Kind, population
from meibo_sandbox.world.events import after, happened
from meibo_sandbox.world.names import Name
from meibo_sandbox.world.persons import Gaiji
from meibo_sandbox.world.places import Place

PEOPLE = population(1, 4000)
SINCE, UNTIL = date(2025, 4, 1), date(2026, 4, 1)
DAY = date(2025, 7, 1)


def of_year(since: date = SINCE, until: date = UNTIL) -> list[Event]:
    return [event for index in range(len(PEOPLE)) for event in PEOPLE.events(index, since, until)]


def test_a_year_has_each_kind_about_as_often_as_said() -> None:
    counted = Counter(event.kind for event in of_year())
    assert 150 < counted[Kind.MOVED] < 250
    assert 30 < counted[Kind.DIED] < 70
    assert 15 < counted[Kind.RENAMED] < 50
    assert 10 < counted[Kind.NUMBER_CHANGED] < 50
    assert 3 < counted[Kind.LEFT] < 25


def test_days_are_in_the_period_and_in_order() -> None:
    for index in range(len(PEOPLE)):
        days = [event.day for event in PEOPLE.events(index, SINCE, UNTIL)]
        assert days == sorted(days)
        assert all(SINCE <= day < UNTIL for day in days)


def test_nothing_comes_after_death() -> None:
    for index in range(len(PEOPLE)):
        kinds = [event.kind for event in PEOPLE.events(index, SINCE, UNTIL)]
        assert Kind.DIED not in kinds[:-1]


def test_two_halves_hold_what_the_whole_does() -> None:
    middle = date(2025, 11, 17)
    for person in PEOPLE:
        halves = [
            *PEOPLE.events(person.index, SINCE, middle),
            *PEOPLE.events(person.index, middle, UNTIL),
        ]
        assert happened(person, halves) == happened(person, PEOPLE.events(person.index, SINCE, UNTIL))


def test_some_numbers_change_more_than_once() -> None:
    now = [happened(person, PEOPLE.events(person.index, SINCE, UNTIL)) for person in PEOPLE]
    chains = [person for person in now if len(person.former_numbers) > 1]
    assert chains
    for person in chains:
        assert person.former_numbers[0] == PEOPLE[person.index].individual_number
        numbers = (*person.former_numbers, person.individual_number)
        assert [number[2:4] for number in numbers] == ["99", "98", "97", "96", "95"][: len(numbers)]


def test_each_event_changes_what_it_is_of() -> None:
    person = PEOPLE[2]
    moved = after(person, Event(2, Kind.MOVED, DAY, place=Place("13901", "東京都見本市本町一丁目1番1号")))
    assert (moved.municipality_code, moved.address) == ("13901", "東京都見本市本町一丁目1番1号")
    renamed = after(person, Event(2, Kind.RENAMED, DAY, family=Name("〓田", "ツジタ", "MJ900001")))
    assert (renamed.name, renamed.kana) == ("〓田　祐介", "ツジタ　ユウスケ")
    assert (renamed.former_family_name, renamed.gaiji) == ("水野", (Gaiji("name", 0, "MJ900001"),))
    numbered = after(person, Event(2, Kind.NUMBER_CHANGED, DAY))
    assert (numbered.individual_number, numbered.former_numbers) == ("999800000022", ("999900000020",))
    assert after(person, Event(2, Kind.DIED, DAY)).died_date == DAY
    assert after(person, Event(2, Kind.LEFT, DAY)).left_date == DAY


def test_nothing_happens_to_the_dead_and_only_death_to_those_abroad() -> None:
    person = PEOPLE[0]
    dead = after(person, Event(0, Kind.DIED, DAY))
    assert happened(dead, [Event(0, Kind.NUMBER_CHANGED, DAY), Event(0, Kind.DIED, UNTIL)]) == dead
    gone = after(person, Event(0, Kind.LEFT, DAY))
    assert happened(gone, [Event(0, Kind.NUMBER_CHANGED, DAY)]) == gone
    assert happened(gone, [Event(0, Kind.DIED, UNTIL)]).died_date == UNTIL
