"""Comparing days of which some are missing or known in part: what is unknown breaks no rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from meibo.errors import Finding, InvalidValue
from meibo.items.declaration import Group
from meibo.values.dates import EraMonth, PartialDate
from meibo.values.eras import EraDate, EraParts

Day = date | EraDate | EraMonth | PartialDate


def earliest(day: Day | None) -> date | None:
    """The day; of a month or a date known in part, the first that it may be."""
    if day is None or type(day) is date:  # What nearly every rule asks of.
        return day
    if isinstance(day, EraDate):
        return day.day
    return day.earliest if isinstance(day, EraMonth | PartialDate) else day


def parts_of(group: Group, prefix: str) -> EraParts:
    """The four items in which a group keeps a day: `<prefix>_era`, `_year`, `_month`, `_day`."""
    return EraParts(*(getattr(group, f"{prefix}_{part}") for part in ("era", "year", "month", "day")))


def in_parts(group: Group, prefix: str) -> date | None:
    """The day that a group keeps as four items; None where one is missing, or where there is no such day."""
    with suppress(InvalidValue):
        return parts_of(group, prefix).whole
    return None


def parts_findings(group: Group, prefix: str, where: str = "") -> Iterator[Finding]:
    """A finding for each missing part of a day that is given in part, or for a day that is none of its era."""
    parts = parts_of(group, prefix)
    for name in parts.missing:
        yield Finding(
            f"{where}{prefix}_{name}",
            "元号・年・月・日をそろえて入力してください。",
            "Give the date whole: era, year, month and day.",
        )
    try:
        parts.whole  # noqa: B018
    except InvalidValue as error:
        yield Finding(f"{where}{prefix}_day", error.ja, error.en)


def precedes(day: Day | None, other: Day | None) -> bool:
    """Whether both days are known and the first comes before the second."""
    first, second = earliest(day), earliest(other)
    return first is not None and second is not None and first < second


def year_of(day: Day | None) -> int | None:
    """The year of a day."""
    known = earliest(day)
    return None if known is None else known.year


def birthday(born: Day | None, age: int) -> date | None:
    """The first day on which a person may be of that age; one born on 29 February turns it on 1 March."""
    first = earliest(born)
    if first is None:
        return None
    leap_day = (first.month, first.day) == (2, 29)
    return date(first.year + age, 3, 1) if leap_day and age % 4 else first.replace(year=first.year + age)
