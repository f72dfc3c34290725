"""Whether two texts say the same of a person, however each office writes it. Pure."""

from __future__ import annotations

import re

from meibo.errors import InvalidValue
from meibo.values.dates import PartialDate
from meibo.values.names import folded_kana_key, folded_name_key

GETA = "〓"
"""Stands for a character that an encoding lacks (外字)."""
UNNAMED = re.compile(f"[{GETA}\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Characters that say nothing outside the office that wrote them: the sign for a lacking one, and private ones."""
_CHOME = re.compile("([一二三四五六七八九十]+)丁目")
_DIGITS = {digit: str(value) for value, digit in enumerate("一二三四五六七八九", 1)}
_BETWEEN = re.compile("丁目|番地の|番地|番|号|の(?=[0-9])|[‐‑–—―−ー](?=[0-9])")


def same_name(held: str, told: str) -> bool:
    """Whether two names are one with variants folded; a character that only one office can write fits any other."""
    one, other = folded_name_key(held), folded_name_key(told)
    if one == other or len(one) != len(other):
        return one == other
    return all(a == b or UNNAMED.match(a) or UNNAMED.match(b) for a, b in zip(one, other, strict=True))


def is_whole(name: str) -> bool:
    """Whether every character of a name says which it is."""
    return not UNNAMED.search(name)


def same_kana(held: str, told: str) -> bool:
    """Whether two readings are one: hiragana or katakana, ヅ or ズ, large or small."""
    return folded_kana_key(held) == folded_kana_key(told)


def same_day(held: str, told: str) -> bool:
    """Whether two days of birth (EDTF) may be one: what a part leaves out fits any."""
    try:
        one, other = PartialDate(held), PartialDate(told)
    except InvalidValue:
        return False
    if not (one.earliest and one.latest and other.earliest and other.latest):
        return True
    return one.earliest <= other.latest and other.earliest <= one.latest


def same_address(held: str, told: str) -> bool:
    """Whether two addresses are one: 一丁目2番3号 is 1-2-3."""
    return address_key(held) == address_key(told)


def address_key(text: str) -> str:
    """An address for comparing."""
    key = _CHOME.sub(lambda found: f"{_number(found[1])}丁目", folded_name_key(text))
    return re.sub("-+", "-", _BETWEEN.sub("-", key)).strip("-")


def _number(text: str) -> str:
    """A number below a hundred from its characters."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return "".join(_DIGITS.get(digit, digit) for digit in text)
    return f"{_DIGITS.get(tens, '1')}{_DIGITS.get(ones, '0')}"
