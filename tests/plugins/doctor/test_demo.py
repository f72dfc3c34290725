"""The synthetic doctors against the plugin's items, rules and code rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest

from meibo.codes.seeding import merged
from meibo.codes.tables import SHARED
from meibo.demo.holders import Row
from meibo.demo.persons import LAST_DAY, persons
from meibo.host import load_host
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register.validation import missing, read
from meibo.values.numbers import parse_individual_number
from tests.doctors import doctor_rows

COUNT = 1_000
NEVER = {
    "remarks_4",
    "remarks_5",
    *(f"deregistration_{part}" for part in ("date", "reason_code", "reason_text")),
}
"""What the demo's office has not written."""
OFFICES = ("minister_code", "bureau_director_code", "chief_medical_officer_code")
RARE = ("髙", "﨑", "𠮷", "\U000e0100", "\ufa19", "ﾀﾅｶ")
TABLES = merged(load_host(only={"doctor"}).code_rows(), SHARED)
KNOWN = {(table, str(value)) for table, rows in TABLES.items() for row in rows for value in row.values()}


@pytest.fixture(scope="module")
def doctor() -> Profession:
    return load_host()["doctor"]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(doctor_rows(COUNT, seed=1))


def groups_of(doctor: Profession, row: Row) -> dict[str, dict[str, str]]:
    """The row's values by group; the number goes another way."""
    raw: dict[str, dict[str, str]] = defaultdict(dict)
    for group in doctor.content_groups:
        for name in group.items.keys() & row.keys():
            raw[group.key][name] = row[name]
    return raw


def record_of(doctor: Profession, row: Row) -> Record:
    """The row as a record; every value read and every code found."""
    reading = read(doctor, groups_of(doctor, row), lambda table, code: (table, code) in KNOWN)
    assert reading.findings == []
    empty = doctor.empty()
    return Record({key: group.with_values(reading.patch.get(key, {})) for key, group in empty.groups.items()})


def test_headers_are_items(doctor: Profession, rows: list[Row]) -> None:
    content = [item.name for group in doctor.content_groups for item in group.items.values() if item.settable]
    assert {tuple(row) for row in rows} == {(*content, "individual_number")}


def test_rows_are_sound(doctor: Profession, rows: list[Row]) -> None:
    for row in rows:
        record = record_of(doctor, row)
        assert list(missing(doctor, record)) == []
        day = date.fromisoformat(row["registration_date"])
        assert doctor.findings(record, None, "register", day) == []


def test_rows_fill_most_items(rows: list[Row]) -> None:
    filled = [sum(bool(value) for value in row.values()) for row in rows]
    assert min(filled) >= 40
    assert 50 <= sum(filled) / COUNT <= 65
    assert {name for name in rows[0] if not any(row[name] for row in rows)} == NEVER


def test_numbers_are_unlike_one_another(rows: list[Row]) -> None:
    assert len({row["registration_number"] for row in rows}) == COUNT
    assert len({row["individual_number"] for row in rows}) == COUNT


def test_individual_numbers_are_of_the_synthetic_range(rows: list[Row]) -> None:
    assert {parse_individual_number(row["individual_number"])[:4] for row in rows} == {"9999"}


def test_rows_come_in_the_order_of_registration(rows: list[Row]) -> None:
    days = [row["registration_date"] for row in rows]
    assert days == sorted(days)
    national = [int(row["registration_number"]) for row in rows if len(row["domicile_code"]) == 2]
    assert all(a < b for a, b in pairwise(national))


def test_nothing_happens_after_the_last_day(rows: list[Row]) -> None:
    days = {value for row in rows for name, value in row.items() if name.endswith("_date") and value}
    assert max(days) <= LAST_DAY.isoformat()


def test_rare_names_are_among_them(rows: list[Row]) -> None:
    text = "".join(row["family_name"] + row["family_name_kana"] for row in rows)
    assert [name for name in RARE if name not in text] == []


def test_some_are_foreign_nationals_and_some_bear_one_name(rows: list[Row]) -> None:
    foreign = [row for row in rows if len(row["domicile_code"]) == 3]
    assert len(foreign) == 20
    assert {row["domicile_code"] for row in foreign if not row["given_name"]} == {"360", "104"}
    assert sum(bool(row["common_family_name"]) for row in foreign) == 10


def test_some_birth_dates_are_partial(rows: list[Row]) -> None:
    assert sum(row["birth_date"].endswith("-XX") for row in rows) == 13


def test_office_holders_were_in_office(rows: list[Row]) -> None:
    for name in OFFICES:
        table = name.removesuffix("_code") + "_master"
        terms = {str(row[name]): (str(row["term_start"]), str(row["term_end"])) for row in TABLES[table]}
        for row in rows:
            if row[name]:
                start, end = terms[row[name]]
                assert start <= row["registration_date"] <= end


def test_same_seed_gives_the_same_rows(rows: list[Row]) -> None:
    assert list(doctor_rows(COUNT, seed=1)) == rows


def test_another_seed_gives_other_rows(rows: list[Row]) -> None:
    other = list(doctor_rows(COUNT, seed=2))
    assert sum(a["address"] == b["address"] for a, b in zip(rows, other, strict=True)) < COUNT // 20


def test_professions_take_other_people() -> None:
    first, second = list(persons(50, 1, of="doctor")), list(persons(50, 1, of="nurse"))
    numbers = {person.individual_number for person in first + second}
    assert len(numbers) == 100
