"""Comparing days of which some are missing or known in part: what is unknown breaks no rule."""

from __future__ import annotations

from datetime import date

from meibo.values.dates import PartialDate
from meibo.values.eras import EraDate

Day = date | EraDate | PartialDate


def earliest(day: Day | None) -> date | None:
    """The day; of a date known in part, the first that it may be."""
    if isinstance(day, EraDate):
        return day.day
    return day.earliest if isinstance(day, PartialDate) else day


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
