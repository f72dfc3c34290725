"""Lists: rows of a group that a version holds in order, read, checked, folded and sealed one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from meibo.errors import FindingCode, OperatorError, PluginError, SealBroken
from meibo.importing.headers import Column, resolve
from meibo.items.declaration import MOST_ROWS
from meibo.plugin import Certificate, Claim, Holder
from meibo.professions.compiled import Profession, compile_profession
from meibo.register import sealing
from meibo.register.fold import patched
from meibo.register.validation import Raw, missing, read
from meibo.values.eras import EraDate
from tests import veterinarian
from tests.veterinarian.items import FurtherQualification

PLUGIN = veterinarian.meibo_profession()
ROWS = (
    {"qualification_field": "1", "acquired_date": "2015-05-06", "awarded_by": "見本学会"},
    {"qualification_field": "2", "acquired_era": "平成", "acquired_date": "270607"},
)
LIST = "qualifications"
KEY = bytes(range(32))


@pytest.fixture
def veterinarians() -> Profession:
    return compile_profession(PLUGIN)


def no_table(table: str, code: str) -> bool:
    """No code table has any code."""
    return False


def row(**values: object) -> FurtherQualification:
    return FurtherQualification.of(**values)


AWARDED = EraDate.of(date(2015, 5, 6))
FIRST = row(
    qualification_field="1", acquired_era=AWARDED.era_text, acquired_date=AWARDED, awarded_by="見本学会"
)
SECOND = row(qualification_field="2", acquired_era="平成", acquired_date=EraDate("平成", "270607"))


def test_rows_are_read_in_order(veterinarians: Profession) -> None:
    reading = read(veterinarians, {LIST: ROWS}, no_table)
    assert (reading.patch, reading.findings) == ({LIST: (FIRST, SECOND)}, [])


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (
            {LIST: [ROWS[0], {"qualification_field": "7", "acquired_era": "平成", "nickname": "x"}]},
            [
                ((LIST, "1", "acquired_date"), FindingCode.INVALID_VALUE, "date.era_alone"),
                ((LIST, "1", "qualification_field"), FindingCode.UNKNOWN_CODE, "code.unknown"),
                ((LIST, "1", "nickname"), FindingCode.NOT_FOUND, "item.unknown"),
            ],
        ),
        ({LIST: [{}] * (MOST_ROWS + 1)}, [((LIST,), FindingCode.INVALID_VALUE, "list.many")]),
        ({LIST: ROWS[0]}, [((LIST,), FindingCode.NOT_FOUND, "item.unknown")]),
        ({"register": []}, [(("register",), FindingCode.NOT_FOUND, "item.unknown")]),
    ],
    ids=["items", "too many", "no list", "a list of what stands once"],
)
def test_findings_name_the_row(
    veterinarians: Profession, raw: Raw, told: list[tuple[tuple[str, ...], str, str]]
) -> None:
    assert [(f.path, f.code, f.rule) for f in read(veterinarians, raw, no_table).findings] == told


def test_required_items_are_checked_in_each_row(veterinarians: Profession) -> None:
    record = patched(veterinarians.empty(), {LIST: (FIRST, row(), row(awarded_by="見本学会"))})
    assert [(f.path, f.rule) for f in missing(veterinarians, record) if f.path[0] == LIST] == [
        ((LIST, "1"), "list.empty_row"),
        ((LIST, "2", "qualification_field"), "item.required"),
    ]


def test_a_patch_replaces_the_whole_list(veterinarians: Profession) -> None:
    record = patched(veterinarians.empty(), {LIST: (FIRST, SECOND)})
    assert veterinarians.empty().qualifications == ()
    assert patched(record, {"register": {"family_name": "見本"}}).qualifications == (FIRST, SECOND)
    assert patched(record, {LIST: (SECOND,)}).qualifications == (SECOND,)
    assert patched(record, {LIST: ()}).qualifications == ()


def test_a_patch_is_the_same_after_its_seal(veterinarians: Profession) -> None:
    patch = {LIST: (FIRST, SECOND), "register": {"family_name": None}}
    dumped = sealing.dump_patch(veterinarians.groups, patch)
    assert dumped[LIST][1] == {
        "qualification_field": "2", "acquired_era": "平成", "acquired_date": ["平成", "270607"],
    }  # fmt: skip
    assert sealing.load_patch(veterinarians.groups, dumped, "0.1.0") == patch


def test_a_sealed_row_opens_at_its_own_position_alone(veterinarians: Profession) -> None:
    spec, licence = veterinarians.groups[LIST], UUID(int=1)

    def place(content: int, position: int) -> bytes:
        part = sealing.part_of(spec, {"content": content, "position": position})
        return sealing.place("veterinarian_qualifications", licence, part, "0.1.0")

    sealed = sealing.seal_json(KEY, {"awarded_by": "見本学会"}, place(1, 1))
    assert sealing.open_json(KEY, sealed, place(1, 1)) == {"awarded_by": "見本学会"}
    for content, position in ((1, 0), (2, 1), (11, 1)):
        with pytest.raises(SealBroken):
            sealing.open_json(KEY, sealed, place(content, position))


def test_a_rule_gets_the_rows_and_names_one(veterinarians: Profession) -> None:
    record = patched(
        veterinarians.empty(),
        {"register": {"registration_date": date(2012, 7, 8)}, LIST: (FIRST, SECOND, FIRST)},
    )
    [found] = veterinarians.findings(record, None, "register", date(2020, 1, 1))
    assert (found.path, found.rule) == ((LIST, "2", "qualification_field"), "veterinarian.qualified_once")


def test_what_must_stand_once_is_not_in_a_list() -> None:
    claim = Certificate("urn:test", claims=(Claim("award", item=f"{LIST}.awarded_by"),))
    for where, changed in (
        ("certificate", replace(PLUGIN, certificate=claim)),
        ("holder", replace(PLUGIN, holder=Holder(family_name=f"{LIST}.awarded_by"))),
    ):
        with pytest.raises(PluginError, match=rf"awarded_by' in {where}, which stands in a list"):
            compile_profession(changed)


def test_a_file_has_columns_for_each_row(veterinarians: Profession) -> None:
    headers = [
        "qualification_field",
        "qualifications.awarded_by[2]",
        "獣医師13[1]",
        "認定分野[100]",
        "family_name",
    ]
    assert resolve(veterinarians, headers) == [
        Column(LIST, "qualification_field", position=0),
        Column(LIST, "awarded_by", position=1),
        Column(LIST, "awarded_by", position=0),
        Column(LIST, "qualification_field", position=99),
        Column("register", "family_name"),
    ]


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (["awarded_by[101]"], "'awarded_by.101.' is beyond the 100 rows that a list may have"),
        (["awarded_by[0]"], "Column 1 of the first line is no item of veterinarian"),
        (["family_name[1]"], "Column 1 of the first line is no item of veterinarian"),
        (["awarded_by", "awarded_by[1]"], "'awarded_by.1.' is there twice"),
    ],
)
def test_columns_that_no_list_has(veterinarians: Profession, headers: list[str], told: str) -> None:
    with pytest.raises(OperatorError, match=told):
        resolve(veterinarians, headers)
