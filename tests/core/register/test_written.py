"""Items as they are written, read from rows and opened blobs: exact, masked, and brought forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import orjson
import pytest
from msgspec import Raw

from meibo.plugin import Upcast, renamed
from meibo.professions.compiled import compile_profession
from meibo.register.written import NOTHING, Columns, loading, reading
from meibo.values.eras import EraDate
from tests.core.professions.dancers import PLUGIN

GROUPS = compile_profession(PLUGIN).groups
REGISTER, PRACTICE = GROUPS["register"], GROUPS["practice"]
COLUMNS = Columns(("plugin_version", "registration_date", "sex_code", "sealed"), start=1)
ROW = ("an id", "1.0", date(2020, 4, 1), "2", b"sealed")
BLOB = '{"family_name":"見本","given_name":"花子","birth_date":["1985-11",null],"gone":{"x":[1]}}'.encode()
NOBODY: frozenset[str] = frozenset()
FAMILY, GIVEN = Raw('"見本"'.encode()), Raw('"花子"'.encode())
"""Plain items, as they stand in the blob."""


@pytest.mark.parametrize(
    ("items", "read"),
    [
        (("birth_date", "family_name", "sex_code"), (["1985-11", None], FAMILY, "2")),
        (("sex_code", "registration_date"), ("2", date(2020, 4, 1))),
        (("family_name",), (FAMILY,)),
        (("family_name_kana", "sex_code"), (None, "2")),
        ((), ()),
    ],
)
def test_items_are_read_in_the_order_asked_for(items: tuple[str, ...], read: tuple[object, ...]) -> None:
    assert reading(REGISTER, COLUMNS, items, NOBODY).read(ROW, BLOB, "more") == (*read, "more")


@pytest.mark.parametrize(
    ("items", "opens"),
    [(("sex_code",), False), (("family_name",), False), (("given_name", "sex_code"), True), ((), False)],
)
def test_a_blob_is_opened_for_what_may_be_seen_of_it_alone(items: tuple[str, ...], opens: bool) -> None:
    assert reading(REGISTER, COLUMNS, items, frozenset({"family_name"})).opens is opens


def test_what_is_kept_back_is_none() -> None:
    items = ("family_name", "given_name", "registration_date", "sex_code")
    masked = reading(REGISTER, COLUMNS, items, frozenset({"family_name", "sex_code"}))
    assert masked.read(ROW, BLOB, "more") == (None, GIVEN, date(2020, 4, 1), None, "more")


def test_a_row_that_an_outer_join_did_not_find_holds_nothing() -> None:
    read = reading(REGISTER, COLUMNS, ("family_name", "sex_code"), NOBODY).read
    assert read((None,) * 5, NOTHING, "more") == (None, None, "more")


def test_what_says_more_than_its_column_is_read_from_the_blob() -> None:
    columns = Columns(("plugin_version", "started_date", "sealed"))
    read = reading(PRACTICE, columns, ("started_date",), NOBODY).read
    row, written = ("1.0", date(1975, 5, 3), b""), b'{"started_date":["S","50"]}'
    assert read(row, written, ()) == (["S", "50"], ())
    assert loading(PRACTICE, PRACTICE.items["started_date"])(["S", "50年5月3日"]) == EraDate(
        "S", "50年5月3日"
    )


def test_a_column_is_its_own_value_and_nothing_loads_as_nothing() -> None:
    assert loading(REGISTER, REGISTER.items["registration_date"])(date(2020, 4, 1)) == date(2020, 4, 1)
    assert loading(REGISTER, REGISTER.items["birth_date"])(None) is None


def test_a_plain_item_loads_from_its_json_and_from_what_was_brought_forward() -> None:
    load = loading(REGISTER, REGISTER.items["family_name"])
    assert [load(written) for written in (FAMILY, "見本", Raw(b"null"), None)] == ["見本", "見本", None, None]


def test_json_of_a_blob_is_what_an_answer_would_write() -> None:
    text = "".join(map(chr, (*range(0x300), 0x2028, 0xFEFF, 0x1F600)))
    assert orjson.dumps(text) == msgspec.json.encode(text)


@pytest.mark.parametrize(
    ("version", "read"),
    [("1.0", ("見本", "2020-04-01", None, "more")), ("2.0", (None, "2020-04-01", None, "more"))],
)
def test_what_an_older_plugin_wrote_is_brought_forward(version: str, read: tuple[object, ...]) -> None:
    older = replace(REGISTER, upcasts=(Upcast("2.0", "register", renamed("surname", "family_name")),))
    clear = [item.name for item in REGISTER.clear]
    columns = Columns(("plugin_version", *clear, "sealed"))
    row = (version, *(date(2020, 4, 1) if name == "registration_date" else None for name in clear), b"")
    items = ("family_name", "registration_date", "sex_code")
    known = reading(older, columns, items, NOBODY)
    assert (known.opens, known.read(row, '{"surname":"見本"}'.encode(), "more")) == (True, read)
    kept_back = reading(older, columns, items, frozenset(items))
    assert kept_back.read(row, '{"surname":"見本"}'.encode(), "more") == (None, None, None, "more")
    assert known.read((None,) * len(row), NOTHING, "more") == (None, None, None, "more")
