"""Code lists that a plugin closes, and core's own."""

from __future__ import annotations

import pytest

from meibo.items.codes import CodeList
from meibo.items.shared import lists

COLOURS = CodeList("colours", {"1": ("赤", "red"), "2": ("青", "blue")})
CORE = {name: found for name, found in vars(lists).items() if isinstance(found, CodeList)}


@pytest.mark.parametrize(
    ("code", "language", "label"), [("1", "ja", "赤"), ("2", "en", "blue"), ("3", "ja", None)]
)
def test_labels(code: str, language: str, label: str | None) -> None:
    assert COLOURS.label(code, language) == label


def test_prefectures_are_the_47_by_their_standard_codes() -> None:
    assert sorted(lists.PREFECTURE.values)[:47] == [f"{n:02}" for n in range(1, 48)]
    assert lists.PREFECTURE.label("13", "ja") == "東京都"
    assert lists.PREFECTURE.label("47", "en") == "Okinawa"


@pytest.mark.parametrize("name", CORE)
def test_every_label_is_there_in_both_languages(name: str) -> None:
    found = CORE[name]
    assert bool(found.table) or bool(found.values) or found.open
    assert [code for code, (ja, en) in found.values.items() if not ja.strip() or not en.strip()] == []


def test_names_of_lists_are_unique() -> None:
    names = [found.name for found in CORE.values()]
    assert sorted(set(names)) == sorted(names)
