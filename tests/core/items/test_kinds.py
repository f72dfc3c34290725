"""Every kind: what it reads, what it refuses and by which rule, and that storing brings a value back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, String

from meibo.database.types import Instant
from meibo.errors import InvalidValue
from meibo.items.declaration import Item
from meibo.items.files import LARGEST_BYTES, File
from meibo.items.kinds import BY_TYPE, KINDS, LARGEST_INTEGER, Storage
from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate

BY_NAME = {kind.name: kind for kind in KINDS}
DIGEST = "0" * 64
SCAN = {"sha256": DIGEST, "name": "願書.pdf", "mediaType": "application/pdf", "size": 10}
GUESSED = PartialDate("1950-05", "昭和25年5月頃")
PLANTED = "機密 secret 090-1234-5678"


def item_of(kind: str, **limits: Any) -> Item:
    return Item(name="it", label="項目", en="Item", kind=BY_NAME[kind], **limits)


def read(kind: str, raw: object, **limits: Any) -> Any:
    return BY_NAME[kind].parse(raw, item_of(kind, **limits))


def test_the_kinds_are_those_of_the_design() -> None:
    assert [kind.name for kind in KINDS] == [
        "text", "kana", "integer", "date", "partial_date", "year_month", "datetime", "era", "era_date",
        "era_month", "code", "codes", "flag", "phone", "email", "postal_code", "file", "pseudonym", "individual_number",
        "resident_code", "institution_code",
    ]  # fmt: skip
    assert len(BY_TYPE) == len(KINDS)


@pytest.mark.parametrize(
    ("kind", "raw", "value", "dumped"),
    [
        ("text", "見本 花子", "見本 花子", "見本 花子"),
        ("text", "\ufa19\u200b", "\ufa19\u200b", "\ufa19\u200b"),
        ("kana", "ミホン", "ミホン", "ミホン"),
        ("integer", 0, 0, 0),
        ("integer", "007", 7, 7),
        ("integer", LARGEST_INTEGER, LARGEST_INTEGER, LARGEST_INTEGER),
        ("date", "2020-02-29", date(2020, 2, 29), "2020-02-29"),
        ("date", date(2020, 2, 29), date(2020, 2, 29), "2020-02-29"),
        ("partial_date", "1950-XX-XX", PartialDate("1950-XX-XX"), ["1950-XX-XX", None]),
        ("partial_date", GUESSED, GUESSED, ["1950-05", "昭和25年5月頃"]),
        ("year_month", "2024-04", YearMonth("2024-04"), "2024-04"),
        ("datetime", "2024-05-27T09:00:00+09:00", datetime(2024, 5, 27, tzinfo=UTC), "2024-05-27T00:00:00+00:00"),
        ("era", "S", "S", "S"),
        ("era", "昭和", "昭和", "昭和"),
        ("era_date", "1950-05-03", EraDate("3", "250503"), ["3", "250503"]),
        ("era_date", EraDate("S", "25年5月3日"), EraDate("S", "25年5月3日"), ["S", "25年5月3日"]),
        ("era_month", "1950-05", EraMonth("3", "2505"), ["3", "2505"]),
        ("era_month", EraMonth("S", "25年5月"), EraMonth("S", "25年5月"), ["S", "25年5月"]),
        ("code", "01", "01", "01"),
        ("code", "A-1.b_2", "A-1.b_2", "A-1.b_2"),
        ("codes", "31;32;31;", ("31", "32"), ["31", "32"]),
        ("codes", ["32", "31", "32"], ("32", "31"), ["32", "31"]),
        ("codes", "", (), []),
        ("flag", True, True, True),
        ("flag", "0", False, False),
        ("flag", "true", True, True),
        ("phone", "03-0000-0000", "03-0000-0000", "03-0000-0000"),
        ("email", "hanako@example.jp", "hanako@example.jp", "hanako@example.jp"),
        ("postal_code", "100-8916", "100-8916", "100-8916"),
        ("file", SCAN, File(DIGEST, "願書.pdf", "application/pdf", 10), [DIGEST, "願書.pdf", "application/pdf", 10]),
    ],
)  # fmt: skip
def test_values_are_read_and_brought_back(kind: str, raw: object, value: object, dumped: object) -> None:
    found = read(kind, raw)
    assert (found, type(found)) == (value, type(value))
    assert BY_NAME[kind].dump(found) == dumped
    assert BY_NAME[kind].load(orjson.loads(orjson.dumps(dumped))) == value


WRONG_FORM: dict[tuple[str, str], list[object]] = {
    ("text", "text.form"): [5, None],
    ("text", "text.control_character"): ["a\x00b", "a\nb"],
    ("text", "text.lone_surrogate"): ["\ud800"],
    ("text", "text.too_long"): ["長" * 201],
    ("kana", "text.not_kana"): ["見本"],
    ("kana", "text.form"): [5],
    ("integer", "integer.form"): [-1, "1.5", 1.0, True, "１", "", LARGEST_INTEGER + 1, "9" * 11],
    ("date", "date.no_such_day"): ["2023-02-29"],
    ("date", "date.not_iso"): ["2023/02/28"],
    ("date", "text.form"): [20230228, datetime(2023, 2, 28, tzinfo=UTC)],
    ("partial_date", "date.no_such_day"): ["1950-13"],
    ("partial_date", "text.form"): [5],
    ("year_month", "date.no_such_day"): ["2024-13"],
    ("year_month", "text.form"): [202404],
    ("datetime", "date.not_rfc3339"): ["2024-05-27T09:00:00"],
    ("datetime", "text.form"): [5],
    ("era", "date.unknown_era"): ["X"],
    ("era", "text.form"): [3],
    ("era_date", "date.before_1873"): ["1872-12-31"],
    ("era_date", "date.not_iso"): ["250503"],
    ("era_date", "text.form"): [5],
    ("era_month", "date.before_1873"): ["1872-12"],
    ("era_month", "date.not_iso_month"): ["2505", "1950-05-03"],
    ("era_month", "text.form"): [5],
    ("code", "code.form"): ["", "0 1", "０１", "1\n", "x" * 33],
    ("code", "text.form"): [1],
    ("codes", "code.form"): ["01;0 1"],
    ("codes", "codes.form"): [{"01": 1}, 5],
    ("codes", "text.form"): [[1]],
    ("codes", "text.too_long"): [["01"] * 101],
    ("flag", "flag.form"): ["yes", 1, 0.0, None],
    ("file", "file.form"): [
        "x",
        {},
        SCAN | {"sha256": "F" * 64},
        SCAN | {"name": ""},
        SCAN | {"size": 0},
        SCAN | {"size": True},
        SCAN | {"size": LARGEST_BYTES + 1},
        SCAN | {"mediaType": "text"},
    ],
    ("file", "text.control_character"): [SCAN | {"name": "a\x00b"}],
    ("pseudonym", "pseudonym.issued"): ["anything"],
    ("individual_number", "number.vault"): ["123456789018"],
    ("resident_code", "number.vault"): ["12345678901"],
    ("institution_code", "number.vault"): ["1234567890"],
}


@pytest.mark.parametrize(
    ("kind", "rule", "raw"), [(*key, raw) for key, cases in WRONG_FORM.items() for raw in cases]
)
def test_refusals_name_a_rule(kind: str, rule: str, raw: object) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(kind, raw)
    assert refused.value.rule == rule


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@pytest.mark.parametrize("planted", [PLANTED + "\x00", [PLANTED], {"sha256": PLANTED}])
def test_refusals_never_repeat_the_value(kind: str, planted: object) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(kind, planted)
    error = refused.value
    told = f"{error.ja} {error.en} {error!r} {error.__cause__!r} {error.__context__!r}"
    assert not any(part in told for part in PLANTED.split())


@pytest.mark.parametrize(
    ("kind", "raw", "most", "rule"),
    [
        ("text", "四文字だ", 3, "text.too_long"),
        ("kana", "ミホン", 2, "text.too_long"),
        ("integer", 1000, 3, "text.too_long"),
        ("code", "123", 2, "code.form"),
    ],
)
def test_limits_of_the_item(kind: str, raw: object, most: int, rule: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(kind, raw, max_length=most)
    assert refused.value.rule == rule
    assert read(kind, raw, max_length=most + 1)


@pytest.mark.parametrize(
    ("kind", "given", "longest"),
    [
        ("text", None, 200), ("text", 12, 12), ("kana", 12, 12), ("integer", None, 10), ("integer", 4, 4),
        ("code", None, 32), ("code", 2, 2), ("codes", 2, 32), ("era", None, 20), ("phone", None, 30),
        ("phone", 15, 15), ("email", None, 254), ("postal_code", None, 8), ("individual_number", None, 12),
        ("date", 10, None), ("flag", None, None), ("file", None, None), ("pseudonym", None, None),
    ],
)  # fmt: skip
def test_what_a_form_is_told_of_the_length(kind: str, given: int | None, longest: int | None) -> None:
    assert BY_NAME[kind].longest(item_of(kind, max_length=given)) == longest


def test_the_length_of_codes_is_each_codes_own() -> None:
    assert read("codes", "123;456", max_length=2) == ("123", "456")


def test_lines_only_where_the_item_has_them() -> None:
    assert read("text", "一\n二", multiline=True) == "一\n二"


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp")), max_size=50)
CODES = st.from_regex(r"[0-9A-Za-z._-]{1,32}", fullmatch=True)
DAYS = st.dates(date(1000, 1, 1))
RAW: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "kana": st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6), min_size=1, max_size=50),
    "integer": st.integers(0, LARGEST_INTEGER) | st.integers(0, LARGEST_INTEGER).map(str),
    "date": DAYS.map(date.isoformat),
    "partial_date": DAYS.map(date.isoformat),
    "year_month": DAYS.map(lambda day: day.isoformat()[:7]),
    "datetime": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
        datetime.isoformat
    ),
    "era": st.sampled_from(["1", "M", "明治", "R", "令和", "Ｓ"]),
    "era_date": st.dates(date(1873, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    "era_month": st.dates(date(1873, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat()[:7]),
    "code": CODES,
    "codes": st.lists(CODES, max_size=20) | st.lists(CODES, max_size=20).map(";".join),
    "flag": st.sampled_from([True, False, "1", "0", "true", "false"]),
    "phone": st.just("03-0000-0000"),
    "email": st.just("a@example.jp"),
    "postal_code": st.from_regex(r"[0-9]{3}-?[0-9]{4}", fullmatch=True),
    "file": st.integers(1, LARGEST_BYTES).map(lambda size: SCAN | {"size": size}),
}


@given(st.sampled_from(sorted(RAW)).flatmap(lambda kind: st.tuples(st.just(kind), RAW[kind])))
def test_what_is_read_comes_back_from_json_the_same(case: tuple[str, Any]) -> None:
    kind = BY_NAME[case[0]]
    value = kind.parse(case[1], item_of(kind.name))
    assert kind.load(orjson.loads(orjson.dumps(kind.dump(value)))) == value


@given(
    st.text(max_size=300) | st.integers() | st.floats() | st.binary() | st.none() | st.lists(st.integers())
)
def test_anything_at_all_is_read_or_refused(raw: object) -> None:
    """Nothing but InvalidValue comes out, with a rule that says why."""
    rules = set()
    for kind in KINDS:
        with suppress(InvalidValue):
            kind.parse(raw, item_of(kind.name))
            continue
        rules.add(kind.name)
    assert rules >= {"pseudonym", "individual_number", "resident_code", "institution_code"}


@pytest.mark.parametrize(
    ("kind", "column", "length"),
    [
        ("text", String, 200),
        ("integer", Integer, None),
        ("date", Date, None),
        ("datetime", Instant, 27),
        ("flag", Boolean, None),
        ("code", String, 200),
        ("year_month", String, 200),
    ],
)
def test_columns(kind: str, column: type[Any], length: int | None) -> None:
    made = BY_NAME[kind].column(item_of(kind))
    assert type(made) is column
    assert getattr(made, "length", None) == length


def test_a_columns_length_is_the_items() -> None:
    assert getattr(BY_NAME["text"].column(item_of("text", max_length=12)), "length", None) == 12


@pytest.mark.parametrize(
    ("kind", "changed", "storage", "settable"),
    [
        ("text", {}, Storage.SEALED, True),
        ("text", {"clear": "said why"}, Storage.CLEAR, True),
        ("text", {"derived": "the trail"}, Storage.DERIVED, False),
        ("pseudonym", {}, Storage.DERIVED, False),
        ("individual_number", {}, Storage.VAULT, False),
        ("resident_code", {"clear": "never"}, Storage.VAULT, False),
        ("institution_code", {}, Storage.VAULT, False),
    ],
)
def test_where_a_value_lies(kind: str, changed: dict[str, str], storage: Storage, settable: bool) -> None:
    item = replace(item_of(kind), **changed)  # type: ignore[arg-type]
    assert (item.storage, item.settable) == (storage, settable)
