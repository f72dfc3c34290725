"""How a vendor's file writes whole days; they are read as ISO days, and what is none is left for the item to refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from meibo.errors import InvalidValue
from meibo.values.eras import era_day, existing_day, parse_era

_SLASH = re.compile(r"([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})日?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ERA = re.compile(
    r"([A-Za-z]|[1-5](?=-)|明治|大正|昭和|平成|令和)-?([0-9]{1,2}|元)[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
)


class DateStyle(StrEnum):
    """How whole days are written.

    - `iso`: 2024-04-10.
    - `slash`: 2024/4/10, 2024.4.10 or 2024年4月10日.
    - `compact`: 20240410.
    - `era`: R6.4.10, 令和6年4月10日.
    """

    ISO = "iso"
    SLASH = "slash"
    COMPACT = "compact"
    ERA = "era"


def iso_day(style: DateStyle, text: str) -> str:
    """The day in ISO; the text itself where it is no day of this style."""
    try:
        return _READ[style](text)
    except InvalidValue:
        return text


def _gregorian(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text)
    return existing_day(*map(int, found.groups())).isoformat() if found else text


def _of_era(text: str) -> str:
    found = _ERA.fullmatch(text)
    if not found:
        return text
    era, year, month, day = found.groups()
    return era_day(parse_era(era.upper()), 1 if year == "元" else int(year), int(month), int(day)).isoformat()


_READ: Mapping[DateStyle, Callable[[str], str]] = {
    DateStyle.ISO: str,
    DateStyle.SLASH: lambda text: _gregorian(_SLASH, text),
    DateStyle.COMPACT: lambda text: _gregorian(_COMPACT, text),
    DateStyle.ERA: _of_era,
}
