"""The world as its stand-ins see it: people of today, found by what is asked for."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from meibo.errors import OperatorError
from meibo_sandbox.world import Fault, Faults, Kind, PersonList, World, population
from meibo_sandbox.world.names import Name
from meibo_sandbox.world.places import Place

SIZE = 200


@pytest.fixture
def world() -> World:
    """A world in which nothing happens by itself."""
    return World(PersonList(population(1, SIZE)))


def test_people_are_found_by_number_code_and_birthday(world: World) -> None:
    person = world.people[6]
    assert world.by_number(person.individual_number) == person
    assert world.by_resident_code(person.resident_code) == person
    assert list(world.born_on(person.birth_date)) == [world.people[6], world.people[7]]


@pytest.mark.parametrize(
    "number", ["", "abc", "999900000004", "999800000007", "123456789018", "９９９９０００００００３"]
)
def test_nobody_is_found_by_another_number(world: World, number: str) -> None:
    assert world.by_number(number) is None
    assert world.by_resident_code(number) is None


def test_a_former_number_still_finds_its_person(world: World) -> None:
    first = world.people[3].individual_number
    world.change_number(3)
    world.change_number(3)
    person = world.by_number(first)
    assert person is not None
    assert len(person.former_numbers) == 2
    assert world.by_number(person.individual_number) == world.by_number(person.former_numbers[1]) == person


def test_what_is_told_happens_today(world: World) -> None:
    world.set_clock(datetime(2027, 3, 1, 3, tzinfo=UTC))
    event = world.die(5)
    assert (event.kind, event.day) == (Kind.DIED, date(2027, 3, 1))
    dead = world.person(5)
    assert dead is not None
    assert dead.died_date == date(2027, 3, 1)
    assert not dead.lives_here


def test_one_moves_and_is_renamed_as_told_or_anyhow(world: World) -> None:
    before = world.people[8]
    world.move(8, Place("13901", "東京都見本市本町一丁目1番1号"))
    world.rename(8, Name("試", "タメシ"))
    told = world.person(8)
    assert told is not None
    assert (told.municipality_code, told.name) == ("13901", f"試　{before.given_name}")
    world.move(8)
    world.rename(8)
    anyhow = world.person(8)
    assert anyhow is not None
    assert anyhow.address != told.address
    assert anyhow.former_family_name == "試"


def test_nothing_is_told_of_nobody_and_of_the_dead(world: World) -> None:
    world.die(4)
    for tell in (world.die, world.move, world.rename, world.change_number, world.leave):
        for index in (4, SIZE, -1):
            with pytest.raises(OperatorError):
                tell(index)
    assert [event.kind for event in world.told] == [Kind.DIED]


def test_what_the_seed_has_in_store_happens_as_the_clock_goes() -> None:
    people, since = population(1, 4000), date(2025, 4, 1)
    world = World(people, since)
    world.set_clock(datetime(2025, 4, 1, 3, tzinfo=UTC))
    [index, *_] = [
        i for i in range(4000) if any(e.kind is Kind.DIED for e in people.events(i, since, date(2026, 4, 1)))
    ]
    died = [e.day for e in people.events(index, since, date(2026, 4, 1)) if e.kind is Kind.DIED]
    living = world.person(index)
    world.advance(timedelta(days=365))
    dead = world.person(index)
    assert living is not None
    assert dead is not None
    assert (living.died_date, dead.died_date) == (None, died[0])


def test_the_clock_goes_on_from_where_it_is_set(world: World) -> None:
    world.set_clock(datetime(2030, 1, 1, tzinfo=UTC))
    first = world.now()
    assert datetime(2030, 1, 1, tzinfo=UTC) <= first <= world.now() < datetime(2030, 1, 1, 0, 5, tzinfo=UTC)
    with pytest.raises(OperatorError):
        world.set_clock(datetime(2030, 1, 1))


async def test_time_has_passed_when_the_clock_says_so_or_by_itself(world: World) -> None:
    waiting = asyncio.create_task(world.passed(timedelta(hours=1)))
    assert (await asyncio.wait([waiting], timeout=0.1))[0] == set()
    world.advance(timedelta(hours=1))
    await waiting
    waiting = asyncio.create_task(world.passed(timedelta(seconds=0.2)))
    await asyncio.sleep(0)
    world.set_clock(world.now() - timedelta(days=1))
    async with asyncio.timeout(10):
        await waiting


def test_reset_is_the_first_day_again(world: World) -> None:
    world.advance(timedelta(days=3))
    world.die(1)
    world.faults.arm("residents", Fault.TWICE)
    world.reset()
    assert world.person(1) == world.people[1]
    assert world.told == ()
    assert abs(world.now() - datetime.now(UTC)) < timedelta(minutes=5)
    assert world.faults.take("residents") is None


def test_what_many_threads_tell_all_happens(world: World) -> None:
    threads = [Thread(target=lambda: [world.change_number(9) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person = world.person(9)
    assert person is not None
    assert len(set(person.former_numbers)) == len(person.former_numbers) == 80


def test_faults_are_used_up_in_order_and_are_one_systems_own() -> None:
    faults = Faults()
    faults.arm("residents", Fault.TWICE, times=2)
    faults.arm("residents", Fault.GARBLED)
    assert faults.waiting("residents") == (Fault.TWICE, Fault.TWICE, Fault.GARBLED)
    assert faults.take("family") is None
    assert [faults.take("residents") for _ in range(4)] == [Fault.TWICE, Fault.TWICE, Fault.GARBLED, None]


def test_a_system_is_down_until_an_instant() -> None:
    faults, noon = Faults(), datetime(2026, 4, 1, 12, tzinfo=UTC)
    faults.down_until("residents", noon)
    assert faults.is_down("residents", noon - timedelta(seconds=1))
    assert not faults.is_down("residents", noon)
    assert not faults.is_down("family", noon - timedelta(days=1))
    faults.reset("residents")
    assert not faults.is_down("residents", noon - timedelta(seconds=1))
