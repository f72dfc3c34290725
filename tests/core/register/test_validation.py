"""From what callers hand in to values: everything that is wrong is told at once, by path and rule."""

from __future__ import annotations

from datetime import date as day
from typing import Any

import pytest

from meibo.errors import FindingCode
from meibo.professions.compiled import Profession, compile_profession
from meibo.register.fold import patched
from meibo.register.validation import missing, read
from meibo.values.dates import EraMonth
from meibo.values.eras import EraDate
from tests.core.professions.dancers import PLUGIN

PLANTED = "機密4711"


@pytest.fixture
def dancers() -> Profession:
    return compile_profession(PLUGIN)


def no_table(table: str, code: str) -> bool:
    """No code table has any code."""
    return False


def found(
    dancers: Profession, raw: dict[str, dict[str, Any]]
) -> list[tuple[tuple[str, ...] | str, str, str]]:
    return [(f.path, f.code, f.rule) for f in read(dancers, raw, no_table).findings]


def test_everything_wrong_is_told_at_once(dancers: Profession) -> None:
    raw = {
        "register": {"registration_number": "1" * 13, "nickname": PLANTED, "registration_date": "2020-02-30"},
        "practice": {"colour": "3"},
        "identity": {"qualification_pseudonym_id": PLANTED},
        "numbers": {"individual_number": "123456789018"},
        "reeducation": {},
    }
    told = found(dancers, raw)
    assert told == [
        (("register", "registration_number"), FindingCode.INVALID_VALUE, "text.too_long"),
        (("register", "nickname"), FindingCode.NOT_FOUND, "item.unknown"),
        (("register", "registration_date"), FindingCode.INVALID_VALUE, "date.no_such_day"),
        (("practice", "colour"), FindingCode.UNKNOWN_CODE, "code.unknown"),
        (("identity", "qualification_pseudonym_id"), FindingCode.INVALID_VALUE, "item.not_settable"),
        (("numbers",), FindingCode.NOT_FOUND, "item.unknown"),
        (("reeducation",), FindingCode.NOT_FOUND, "item.unknown"),
    ]  # fmt: skip
    texts = "".join(f.ja + f.en for f in read(dancers, raw, no_table).findings)
    assert PLANTED not in texts
    assert "123456789018" not in texts


@pytest.mark.parametrize("empty", [None, ""])
def test_nothing_clears(dancers: Profession, empty: str | None) -> None:
    reading = read(dancers, {"register": {"remarks": empty}}, no_table)
    assert (reading.patch, reading.findings) == ({"register": {"remarks": None}}, [])


@pytest.mark.parametrize(
    ("given", "date", "era"),
    [
        pytest.param(
            {"started_era": "S", "started_date": "500503"}, EraDate("S", "500503"), "S", id="verbatim"
        ),
        pytest.param(
            {"started_era": "昭和", "started_date": "50年5月3日"},
            EraDate("昭和", "50年5月3日"),
            "昭和",
            id="in words",
        ),
        pytest.param({"started_date": "1975-05-03"}, EraDate("3", "500503"), "3", id="a whole date alone"),
        pytest.param({"started_date": day(1975, 5, 3)}, EraDate("3", "500503"), "3", id="an act's own day"),
        pytest.param(
            {"started_era": "S", "started_date": "1975-05-03"},
            EraDate("S", "500503"),
            "S",
            id="a whole date with its era",
        ),
        pytest.param(
            {"started_era": "T", "started_date": "1926-12-25"},
            EraDate("T", "151225"),
            "T",
            id="a day of two eras, the old",
        ),
        pytest.param(
            {"started_era": None, "started_date": "1926-12-25"},
            EraDate("3", "011225"),
            "3",
            id="a day of two eras, none said",
        ),
        pytest.param({"started_era": None, "started_date": None}, None, None, id="cleared"),
        pytest.param({"started_date": None}, None, None, id="clearing the date clears the era"),
    ],
)
def test_pairs(dancers: Profession, given: dict[str, Any], date: EraDate | None, era: str | None) -> None:
    reading = read(dancers, {"practice": given}, no_table)
    assert (reading.patch, reading.findings) == (
        {"practice": {"started_date": date, "started_era": era}},
        [],
    )


@pytest.mark.parametrize(
    ("given", "month", "era"),
    [
        ({"taught_era": "S", "taught_month": "5005"}, EraMonth("S", "5005"), "S"),
        ({"taught_month": "1975-05"}, EraMonth("3", "5005"), "3"),
        ({"taught_era": "S", "taught_month": "1989-01"}, EraMonth("S", "6401"), "S"),
        ({"taught_month": None}, None, None),
    ],
    ids=["verbatim", "a month alone", "a month with its era", "cleared"],
)
def test_pairs_of_months(
    dancers: Profession, given: dict[str, Any], month: EraMonth | None, era: str | None
) -> None:
    reading = read(dancers, {"practice": given}, no_table)
    assert (reading.patch, reading.findings) == (
        {"practice": {"taught_month": month, "taught_era": era}},
        [],
    )


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        pytest.param({"started_era": "S"}, "date.era_alone", id="an era alone"),
        pytest.param({"started_era": None}, "date.era_alone", id="an era cleared alone"),
        pytest.param(
            {"started_era": "S", "started_date": None}, "date.era_alone", id="an era, the date cleared"
        ),
        pytest.param(
            {"started_era": "H", "started_date": "1975-05-03"}, "date.outside_era", id="another era's day"
        ),
        pytest.param({"started_era": "H", "started_date": "500503"}, "date.outside_era", id="past its end"),
        pytest.param({"started_era": "S", "started_date": "soon"}, "date.not_wareki", id="no date"),
        pytest.param({"started_era": "S", "started_date": "1975-5-3"}, "date.not_iso", id="nearly a date"),
        pytest.param(
            {"started_era": "M", "started_date": "1872-12-31"}, "date.before_1873", id="before 1873"
        ),
        pytest.param({"started_date": "1872-12-31"}, "date.before_1873", id="before 1873, no era"),
        pytest.param({"started_date": 5}, "text.form", id="a number"),
    ],
)
def test_pairs_that_cannot_be(dancers: Profession, given: dict[str, Any], rule: str) -> None:
    reading = read(dancers, {"practice": given}, no_table)
    assert [(f.path, f.rule) for f in reading.findings] == [(("practice", "started_date"), rule)]
    assert not any(reading.patch["practice"].values())


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"taught_era": "S"}, "date.era_alone"),
        ({"taught_era": "H", "taught_month": "1975-05"}, "date.outside_era"),
        ({"taught_era": "M", "taught_month": "1975-05"}, "date.outside_era"),
        ({"taught_era": "S", "taught_month": "500503"}, "date.not_wareki_month"),
        ({"taught_month": "5005"}, "date.not_iso_month"),
    ],
    ids=["an era alone", "a later era", "an era long over", "a day", "no era"],
)
def test_pairs_of_months_that_cannot_be(dancers: Profession, given: dict[str, Any], rule: str) -> None:
    reading = read(dancers, {"practice": given}, no_table)
    assert [(f.path, f.rule) for f in reading.findings] == [(("practice", "taught_month"), rule)]
    assert not any(reading.patch["practice"].values())


def test_an_unknown_era_is_told_once(dancers: Profession) -> None:
    told = found(dancers, {"practice": {"started_era": "X", "started_date": "500503"}})
    assert told == [(("practice", "started_date"), FindingCode.INVALID_VALUE, "date.unknown_era")]


def test_required_items_of_groups_that_hold_anything(dancers: Profession) -> None:
    needed = [
        "registration_number",
        "registration_date",
        "family_name",
        "family_name_kana",
        "birth_date",
        "sex_code",
    ]
    assert [f.path for f in missing(dancers, dancers.empty())] == [("register", name) for name in needed]
    begun = patched(dancers.empty(), {"practice": {"memo": "一"}})
    assert {f.path[0] for f in missing(dancers, begun)} == {"register"}
