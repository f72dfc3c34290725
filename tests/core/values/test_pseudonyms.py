"""Pseudonyms: `meibo.values.pseudonyms`."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations, product
from typing import TypeAlias

import pytest

from meibo.errors import InvalidValue
from meibo.values.pseudonyms import (
    new_licence_pseudonym,
    new_person_id,
    new_portal_alias,
    new_portal_pseudonym,
    parse_licence_pseudonym,
    parse_person_id,
    parse_portal_alias,
    parse_portal_pseudonym,
)

Kind: TypeAlias = tuple[str, Callable[[], str], Callable[[str], str]]

KINDS: tuple[Kind, ...] = (
    ("L", new_licence_pseudonym, parse_licence_pseudonym),
    ("P", new_portal_pseudonym, parse_portal_pseudonym),
    ("A", new_portal_alias, parse_portal_alias),
    ("H", new_person_id, parse_person_id),
)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SAMPLES = 10
"""Pseudonyms drawn afresh in each exhaustive test."""
READ_ALIKE = {"O": "0", "I": "1", "L": "1"}
PRINTED = "L-01234-56789-ABCDE-FGHJK-MNPQB"
"""A fixed licence pseudonym: forms printed today are read for ever."""


def plain(text: str) -> str:
    return "".join(READ_ALIKE.get(char, char) for char in text if char != "-")


def refused(parse: Callable[[str], str], text: str, rule: str) -> bool:
    with pytest.raises(InvalidValue) as caught:
        parse(text)
    return caught.value.rule == rule


@pytest.mark.parametrize(("letter", "new", "parse"), KINDS)
def test_drawn_pseudonym_is_printed_and_stored_alike(
    letter: str, new: Callable[[], str], parse: Callable[[str], str]
) -> None:
    drawn = [new() for _ in range(500)]
    assert len(set(drawn)) == 500
    for text in drawn:
        assert re.fullmatch(letter + "(-[0-9A-HJKMNP-TV-Z]{5}){5}", text)
        assert parse(text) == text


@pytest.mark.parametrize("drawn_from", KINDS, ids=lambda kind: kind[0])
@pytest.mark.parametrize("read_as", KINDS, ids=lambda kind: kind[0])
def test_kinds_do_not_parse_as_each_other(drawn_from: Kind, read_as: Kind) -> None:
    text = drawn_from[1]()
    if drawn_from is read_as:
        assert read_as[2](text) == text
        return
    assert refused(read_as[2], text, "pseudonym.format")
    assert refused(read_as[2], read_as[0] + text[1:], "pseudonym.check_character")


@pytest.mark.parametrize(
    "typed",
    [
        PRINTED,
        PRINTED.lower(),
        PRINTED.replace("-", ""),
        PRINTED.replace("0", "O").replace("1", "I"),
        PRINTED.replace("0", "o").replace("1", "l"),
        "1" + PRINTED[1:],
        "L0123-4567-89AB-CDEF-GHJK-MNPQ-B",
    ],
)
def test_typed_forms_are_read_as_the_printed_one(typed: str) -> None:
    assert parse_licence_pseudonym(typed) == PRINTED


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_every_wrong_character_is_detected(kind: Kind) -> None:
    _, new, parse = kind
    for text in (new() for _ in range(SAMPLES)):
        for place, wrong in product((place for place, char in enumerate(text) if char != "-"), LETTERS):
            typed = text[:place] + wrong + text[place + 1 :]
            if plain(typed) != plain(text):
                with pytest.raises(InvalidValue):
                    parse(typed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_every_swap_is_detected(kind: Kind) -> None:
    """Of neighbours, across hyphens too, and of any two characters besides."""
    _, new, parse = kind
    for text in (new() for _ in range(SAMPLES)):
        for one, other in combinations(range(len(text.replace("-", ""))), 2):
            chars = list(text.replace("-", ""))
            chars[one], chars[other] = chars[other], chars[one]
            if plain("".join(chars)) != plain(text):
                with pytest.raises(InvalidValue):
                    parse("".join(chars))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (PRINTED[:-1] + "8", "pseudonym.check_character"),
        ("", "pseudonym.format"),
        ("L", "pseudonym.format"),
        (PRINTED[:-1], "pseudonym.format"),
        (PRINTED + "0", "pseudonym.format"),
        (PRINTED[2:], "pseudonym.format"),
        (PRINTED.replace("A", "U"), "pseudonym.format"),
        (PRINTED[:-1] + "*", "pseudonym.format"),
        (PRINTED.replace("K", "\u212a"), "pseudonym.format"),  # KELVIN SIGN, a K to `str.lower`.
        (PRINTED.replace("1", "ı"), "pseudonym.format"),  # A dotless i, an I to `str.upper`.
        (PRINTED.replace("-", " "), "pseudonym.format"),
        (PRINTED + "\n", "pseudonym.format"),
        ("L" + "-" * 64, "pseudonym.format"),
        ("L" * 10_000_000, "pseudonym.format"),
    ],
)
def test_pseudonym_refused(text: str, rule: str) -> None:
    assert refused(parse_licence_pseudonym, text, rule)
