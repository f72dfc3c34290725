"""Comparing days of which some are missing or known in part: what is unknown breaks no rule."""

from datetime import date

from meibo.plugin import PartialDate


def precedes(day: date | None, other: date | None) -> bool:
    """Whether both days are known and the first comes before the second."""
    return day is not None and other is not None and day < other


def earliest(day: PartialDate | None) -> date | None:
    """The first day that a date known in part may be."""
    return None if day is None else day.earliest


def year_of(day: date | None) -> int | None:
    """The year of a day."""
    return None if day is None else day.year


def birthday(born: PartialDate | None, age: int) -> date | None:
    """The first day on which a person may be of that age; one born on 29 February turns it on 1 March."""
    first = earliest(born)
    if first is None:
        return None
    leap_day = (first.month, first.day) == (2, 29)
    return date(first.year + age, 3, 1) if leap_day and age % 4 else first.replace(year=first.year + age)
