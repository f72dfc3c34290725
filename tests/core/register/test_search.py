"""By what a record can be found."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from meibo.professions.plugin import Holder
from meibo.professions.rules import Record
from meibo.register.search import SearchKind, sought, terms

HOLDER = Holder(
    family_name="register.family",
    given_name="register.given",
    family_name_kana="register.family_kana",
    given_name_kana="register.given_kana",
    birth_date="register.born",
)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("斎藤", [("full", "斎藤花"), ("family", "斎藤")]),
        (
            "齋藤",
            [("full", "齋藤花"), ("full_folded", "斎藤花"), ("family", "齋藤"), ("family_folded", "斎藤")],
        ),
    ],
)
def test_a_name_that_folding_leaves_alone_stands_once(family: str, expected: list[tuple[str, str]]) -> None:
    register = SimpleNamespace(family=family, given="花", family_kana=None, given_kana=None, born=None)
    assert [(kind.value, text) for kind, text in terms(HOLDER, Record({"register": register}))] == expected


def test_a_folded_term_is_sought_among_the_names_as_given_too() -> None:
    assert {kind: sought(kind) for kind in SearchKind if len(sought(kind)) > 1} == {
        SearchKind.FULL_FOLDED: (SearchKind.FULL_FOLDED, SearchKind.FULL),
        SearchKind.FAMILY_FOLDED: (SearchKind.FAMILY_FOLDED, SearchKind.FAMILY),
    }
