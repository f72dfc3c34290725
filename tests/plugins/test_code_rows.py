"""The rows of a new installation's code tables, read as the API reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest

from meibo.codes.seeding import merged
from meibo.codes.tables import SHARED
from meibo.errors import PluginError
from meibo.host import load_host
from meibo.items.kinds import Storage
from meibo.items.shared import lists
from meibo.professions.compiled import Profession

Row = Mapping[str, object]
ROWS = merged(load_host(only={"doctor"}).code_rows(), SHARED)
DAYS = ("valid_from", "valid_to")


@pytest.fixture(scope="module")
def doctor() -> Profession:
    return load_host()["doctor"]


def test_every_table_has_rows(doctor: Profession) -> None:
    assert list(ROWS) == [group.key for group in doctor.code_tables]
    assert {table: len(rows) for table, rows in ROWS.items()} == {
        "licence_type_master": 1,
        "domicile_master": 61,
        "exam_site_master": 12,
        "reason_master": 22,
        "minister_master": 17,
        "bureau_director_master": 21,
        "school_master": 41,
        "chief_medical_officer_master": 5,
    }


@pytest.mark.parametrize("table", ROWS)
def test_rows_fit_their_items(doctor: Profession, table: str) -> None:
    items = doctor.groups[table].items
    for row in ROWS[table]:
        for name, value in row.items():
            if name in DAYS:
                assert date.fromisoformat(str(value)).isoformat() == value
            else:
                assert items[name].storage is Storage.CLEAR
                items[name].kind.parse(value, items[name])
        assert {item.name for item in items.values() if item.required} <= row.keys()


@pytest.mark.parametrize("table", ROWS)
def test_keys_are_unlike_one_another(doctor: Profession, table: str) -> None:
    keys = [item.name for item in doctor.groups[table].items.values() if item.key]
    found = [(*(row[key] for key in keys), row.get("valid_from")) for row in ROWS[table]]
    assert len(set(found)) == len(found)


def test_domiciles_are_the_prefectures_and_some_countries() -> None:
    rows = ROWS["domicile_master"]
    national = [row["domicile_code"] for row in rows if row["foreign_flag"] is False]
    assert national == list(lists.PREFECTURE.values)
    assert all(len(str(row["domicile_code"])) == 3 for row in rows if row["foreign_flag"] is True)


def test_reasons_are_of_known_categories() -> None:
    categories = {row["processing_category_code"] for row in ROWS["reason_master"]}
    assert categories == lists.PROCESSING_CATEGORY.values.keys()


@pytest.mark.parametrize(
    "table", ["minister_master", "bureau_director_master", "chief_medical_officer_master"]
)
def test_terms_follow_one_another(table: str) -> None:
    terms = [
        (date.fromisoformat(str(row["term_start"])), date.fromisoformat(str(row["term_end"])))
        for row in ROWS[table]
    ]
    assert all((b[0] - a[1]).days == 1 for a, b in pairwise(terms))
    assert terms[-1][1] >= date(2029, 12, 31)


def test_one_school_took_another_name() -> None:
    named = [row for row in ROWS["school_master"] if row["alma_mater_code"] == "00003"]
    assert [(row.get("valid_from"), row["alma_mater_name"]) for row in named] == [
        (None, "見本第3大学"),
        ("2003-10-01", "見本総合大学"),
    ]


def given(*names: str) -> list[tuple[str, dict[str, list[Row]]]]:
    """Plugins a, b, … that name the same examination site."""
    sites: list[list[Row]] = [[{"exam_site_code": "01", "exam_site_name": name}] for name in names]
    return [(plugin, {"exam_site_master": rows}) for plugin, rows in zip("abc", sites, strict=False)]


def test_the_same_row_of_two_plugins_is_one() -> None:
    assert merged(given("北海道", "北海道"), SHARED) == given("北海道")[0][1]


def test_two_rows_for_one_code_are_refused() -> None:
    with pytest.raises(PluginError) as refused:
        merged(given("北海道", "北海道", "札幌市"), SHARED)
    assert refused.value.en == (
        "The plugins 'a' and 'c' give different rows of 'exam_site_master' for the code 01:"
        " choose another code, or give the same row."
    )


def test_rows_of_an_unknown_table_are_refused() -> None:
    with pytest.raises(PluginError) as refused:
        merged([("a", {"site_master": [{}]})], SHARED)
    assert refused.value.en == "The plugin 'a' gives rows of 'site_master', which is no code table."
