"""A population follows from its seed, person by person."""

from __future__ import annotations

from datetime import date

import pytest

from meibo.errors import OperatorError
from meibo.values.names import validate_kana, validate_text
from meibo.values.numbers import parse_individual_number, parse_resident_code
from meibo_sandbox.world import Kin, Person, population

SIZE = 4000


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return list(population(1, SIZE))


def test_equal_seeds_give_equal_people() -> None:
    assert list(population(7, 500)) == list(population(7, 500))
    assert not set(population(7, 500)) & set(population(8, 500))


def test_a_person_is_the_same_in_a_population_of_any_size(people: list[Person]) -> None:
    assert [population(1, 10_000_000)[index] for index in (0, 1, 2999)] == [people[i] for i in (0, 1, 2999)]
    assert population(1, 10_000_000)[9_999_999].individual_number == "999999999996"


def test_nobody_is_beyond_the_last(people: list[Person]) -> None:
    for index in (-1, SIZE):
        with pytest.raises(IndexError):
            population(1, SIZE)[index]
    with pytest.raises(OperatorError):
        population(1, 10_000_001)


def test_numbers_names_and_places_are_as_registers_take_them(people: list[Person]) -> None:
    for each in people:
        assert parse_individual_number(each.individual_number)[:4] == "9999"
        assert parse_resident_code(each.resident_code, check_digit=True)[:3] == "990"
        assert validate_text(each.name, 100) == each.name
        assert validate_kana(each.kana) == each.kana
        assert each.municipality_code[2] == "9"
    assert (
        len({each.individual_number for each in people})
        == len({each.resident_code for each in people})
        == SIZE
    )


def test_couples_share_family_name_and_address(people: list[Person]) -> None:
    couples = [pair for pair in zip(people[::2], people[1::2], strict=True) if pair[0].kin is Kin.SPOUSE]
    assert 750 < len(couples) < 850
    for one, other in couples:
        assert (one.family_name, one.address) == (other.family_name, other.address)
        assert (one.sex, other.sex, one.kin_index, other.kin_index) == ("1", "2", other.index, one.index)
    assert sum(bool(wife.former_family_name) for _, wife in couples) > 700


def test_twins_share_all_but_their_given_names(people: list[Person]) -> None:
    twins = [pair for pair in zip(people[::2], people[1::2], strict=True) if pair[0].kin is Kin.TWIN]
    assert len(twins) > 20
    for one, other in twins:
        assert (one.family_name, one.birth_date, one.address) == (
            other.family_name,
            other.birth_date,
            other.address,
        )
        assert one.given_name != other.given_name


def test_namesakes_share_all_but_their_addresses_and_numbers(people: list[Person]) -> None:
    namesakes = [pair for pair in zip(people[::2], people[1::2], strict=True) if pair[0].kin is Kin.NAMESAKE]
    assert len(namesakes) > 5
    for one, other in namesakes:
        assert (one.name, one.kana, one.sex, one.birth_date) == (
            other.name,
            other.kana,
            other.sex,
            other.birth_date,
        )
        assert one.address != other.address
        assert one.individual_number != other.individual_number


def test_there_is_what_troubles_registers(people: list[Person]) -> None:
    lacking = [each for each in people if each.gaiji]
    assert {each.family_name[0] for each in lacking} == {"〓", "\ue001"}
    assert {each.gaiji[0].name for each in lacking} == {"MJ900001", "MJ900002", "MJ900003"}
    for sign in ("髙", "﨑", "\U000e0100", "\ufa19", "𠮷"):
        assert any(sign in each.family_name for each in people)
    assert any(each.family_name.isascii() and not each.given_name for each in people)
    assert 10 < sum(each.refuses for each in people) < 80
    assert min(each.birth_date for each in people) >= date(1935, 1, 1)
