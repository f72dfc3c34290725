"""What the plugin declares: groups and their storage, law, measures, fees, code rows."""

from __future__ import annotations

from datetime import date, timedelta

from meibo.codes.seeding import merged
from meibo.codes.tables import code_tables
from meibo.host import load_host
from meibo.items.kinds import Storage
from meibo.professions.law import MeasureKind
from tests.plugins.dietitian.records import PROFESSION

PLUGIN = PROFESSION.plugin
TABLES = code_tables([PROFESSION])


def test_groups_by_cardinality() -> None:
    assert [g.key for g in PROFESSION.content_groups] == ["identity", "exam", "practice_periods", "register"]
    assert [g.key for g in PROFESSION.groups.values() if g.repeats] == ["practice_periods"]
    assert [g.key for g in PROFESSION.own_code_tables] == ["training_facility_master"]


def test_the_parts_of_the_examination_are_one_group() -> None:
    numbers = [n.number for n in PROFESSION.numbered if n.group == "exam"]
    assert numbers == [*range(3, 32), *range(40, 47), 183]


def test_item_181_is_the_individual_number_under_its_printed_label() -> None:
    found = PROFESSION.numbered[180]
    assert (found.number, found.item.name, found.item.label, found.item.storage) == (
        181,
        "individual_number",
        "死亡日の不詳・推定区分",
        Storage.VAULT,
    )


def test_what_is_clear() -> None:
    clear = [i.name for g in PROFESSION.content_groups for i in g.stored(Storage.CLEAR)]
    assert clear == ["registration_number", "registration_date", "forwarding_prefecture_code"]


def test_measures() -> None:
    assert [(m.code, m.kind, m.longest_months) for m in PLUGIN.measures] == [
        ("04", MeasureKind.SUSPENSION, 12),
        ("03", MeasureKind.REVOCATION, None),
    ]


def test_fees_and_limits() -> None:
    assert {(f.procedure, f.yen, f.kind) for f in PLUGIN.fees} == {
        ("registration", 15_000, "tax"),
        ("correction", 1_000, "tax"),
        ("rewrite", 2_350, "fee"),
        ("reissue", 2_350, "fee"),
    }
    assert {p.id: p.within for p in PLUGIN.procedures if p.within} == {
        "correction": timedelta(days=30),
        "certificate_return": timedelta(days=5),
        "deregistration_on_death": timedelta(days=30),
    }


def test_law_and_number() -> None:
    bases = {basis.id: f"{basis.law}{basis.article}" for basis in PLUGIN.legal_bases}
    assert bases["number_use"] == "番号法9条1項 別表第一の13"
    assert bases["number_exchange"] == "番号法19条8号 別表第二の21"
    assert bases["resident_record"] == "住民基本台帳法30条の9 別表第一の57の22"
    assert bases.keys() >= {m.legal_basis for m in PLUGIN.measures} | {"notify_governor"}
    assert all(basis.valid_from <= date(2024, 5, 27) for basis in PLUGIN.legal_bases)
    assert (PROFESSION.file, PLUGIN.erasure.destroy_number_when, PLUGIN.public_search) == (
        "dietitian",
        frozenset(),
        None,
    )


def test_every_table_that_it_lists_has_rows_that_fit() -> None:
    rows = merged(load_host(only={"dietitian"}).code_rows(), TABLES)
    listed = {spec.key for spec in PROFESSION.code_tables}
    assert rows.keys() == listed | {"reason_master"}  # Verbs ask for a reason.
    for key, given in rows.items():
        items = {item.name: item for item in TABLES[key].settable}
        for row in given:
            for name, value in row.items():
                if name != "valid_from":
                    items[name].kind.parse(value, items[name])
    assert len(rows["training_facility_master"]) == 40
