"""Whole and partial dates, months and instants, as ISO 8601, EDTF and RFC 3339 write them.

Digits are ASCII. Whole days are `datetime.date`; instants are aware `datetime` in UTC.
"""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from meibo.errors import InvalidValue
from meibo.values.eras import (
    FIRST_WAREKI_DATE,
    EraDate,
    era_of,
    existing_day,
    month_of_pair,
    month_text_en,
    pair_year,
)
from meibo.values.names import validate_text

FIRST_YEAR = 1000
"""The first year of a partial date; an earlier one is a slip of the pen."""
MAX_VERBATIM_LENGTH = 100
REMEMBERED = 2_000
"""Partial dates that were read last: the rules of a profession ask one for its days again and again."""

_UNKNOWN = "XX"
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PARTIAL = re.compile(r"XXXX-XX-XX|([0-9]{4})(?:-XX-XX|-([0-9]{2})(?:-(?:XX|([0-9]{2})))?)?")
_YEAR_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which parts may be missing, in EDTF (ISO 8601-2, a subset of levels 0 and 1).

    `value` is one of `1950-05-03`, `1950-05`, `1950`, `1950-05-XX`, `1950-XX-XX`, `XXXX-XX-XX`; years run
    from 1000 to 9999. `verbatim` is what the record said, if anything. Raises `InvalidValue` otherwise.
    """

    value: str
    verbatim: str | None = None

    def __post_init__(self) -> None:
        year, month, day = _parts(self.value)
        if year is not None and year < FIRST_YEAR:
            raise InvalidValue(
                "date.year_out_of_range",
                "年は西暦4桁で1000年以降を記入してください。",
                "Give a year from 1000 to 9999.",
            )
        if year is not None:
            existing_day(year, 1 if month is None else month, 1 if day is None else day)
        if self.verbatim is not None:
            validate_text(self.verbatim, MAX_VERBATIM_LENGTH)

    @property
    def earliest(self) -> date | None:
        """The first day that it may be; `None` when nothing is known."""
        year, month, day = _parts(self.value)
        return None if year is None else date(year, month or 1, day or 1)

    @property
    def latest(self) -> date | None:
        """The last day that it may be; `None` when nothing is known."""
        year, month, day = _parts(self.value)
        if year is None:
            return None
        return date(year, month or 12, day or monthrange(year, month or 12)[1])

    @property
    def text_ja(self) -> str:
        """Wareki such as 「昭和25年5月」; both eras where two are possible, as in 「昭和64年／平成元年」.

        Before 1873 the year is Gregorian, as in 「1850年」.
        """
        earliest, latest = self.earliest, self.latest
        if earliest is None or latest is None:
            return "年月日不詳"
        _, month, day = _parts(self.value)
        rest = (f"{month}月" if month else "") + (f"{day}日" if day else "")
        text = "／".join(f"{year}{rest}" for year in _years_ja(earliest, latest))
        return text + {0: "", 1: "（日不詳）", 2: "（月日不詳）"}[self.value.count(_UNKNOWN)]

    @property
    def text_en(self) -> str:
        """English such as "3 May 1950", "May 1950" or "1950 (month and day unknown)"."""
        year, month, day = _parts(self.value)
        if year is None:
            return "Date unknown"
        text = (f"{day} " if day else "") + (month_text_en(year, month) if month else str(year))
        return text + {0: "", 1: " (day unknown)", 2: " (month and day unknown)"}[self.value.count(_UNKNOWN)]


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month, `YYYY-MM`, from 1000-01 to 9999-12; raises `InvalidValue` for anything else."""

    value: str

    def __post_init__(self) -> None:
        if not _YEAR_MONTH.fullmatch(self.value):
            raise InvalidValue(
                "date.not_iso_month",
                "年月は西暦で「YYYY-MM」の形で記入してください。",
                "Write the month as YYYY-MM, in the Gregorian calendar.",
            )
        PartialDate(self.value)

    @property
    def text_ja(self) -> str:
        """Wareki such as 「昭和25年5月」."""
        return PartialDate(self.value).text_ja

    @property
    def text_en(self) -> str:
        """English such as "May 1950"."""
        return PartialDate(self.value).text_en


@dataclass(frozen=True, slots=True)
class EraMonth:
    """A month handed in as an era and a month text; the pair is kept verbatim, `month` follows from it.

    `era_text` is a code, letter or name ("3", "S", "昭和"); `date_text` is yymm or 「元年5月」. Raises
    `InvalidValue` for a pair that is no month of that era.
    """

    era_text: str
    date_text: str
    month: YearMonth = field(init=False)

    def __post_init__(self) -> None:
        year, month = month_of_pair(self.era_text, self.date_text)
        object.__setattr__(self, "month", YearMonth(f"{year:04}-{month:02}"))

    @classmethod
    def of(cls, month: YearMonth) -> EraMonth:
        """The pair (code, yymm) for a month, in the newest era that has a day of it; raises `InvalidValue`."""
        last = PartialDate(month.value).latest
        assert last is not None
        era = era_of(last)
        return cls(era.value, f"{pair_year(era, last.year)}{last.month:02}")

    @property
    def earliest(self) -> date | None:
        """Its first day."""
        return PartialDate(self.month.value).earliest


def last_day_of_months(start: date, months: int) -> date:
    """The last day of so many months that begin with `start`, which counts (民法140条, 143条)."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = monthrange(year, month)[1]
    return (
        date(year, month, start.day) - timedelta(days=1) if start.day <= length else date(year, month, length)
    )


def parse_date(text: str) -> date:
    """Read a whole day, strictly `YYYY-MM-DD`; raises `InvalidValue` for anything else."""
    match = _ISO_DATE.fullmatch(text)
    if match is None:
        raise InvalidValue(
            "date.not_iso",
            "日付は西暦で「YYYY-MM-DD」の形で記入してください。",
            "Write the date as YYYY-MM-DD, in the Gregorian calendar.",
        )
    return existing_day(int(match[1]), int(match[2]), int(match[3]))


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant with its offset into UTC; digits after the microsecond are cut.

    Raises `InvalidValue` for anything else, leap seconds, and years beyond 1 to 9999 in UTC.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise _not_rfc3339()
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    existing_day(year, month, day)
    microsecond = int((match[7] or "").ljust(6, "0")[:6])
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    found = None
    with suppress(OverflowError):
        local = datetime(year, month, day, hour, minute, second, microsecond, UTC)
        found = local + offset if match[8] == "-" else local - offset
    if found is None:
        raise _not_rfc3339()
    return found


@lru_cache(REMEMBERED)
def _parts(value: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of an EDTF text, with `None` for what it leaves open."""
    match = _PARTIAL.fullmatch(value)
    if match is None:
        raise InvalidValue(
            "date.not_edtf",
            "日付は「YYYY-MM-DD」「YYYY-MM」「YYYY」の形で、不明な部分はXXで記入してください。",
            "Write the date as YYYY-MM-DD, YYYY-MM or YYYY, with XX for the month or day that is unknown.",
        )
    year, month, day = (None if part is None else int(part) for part in match.groups())
    return year, month, day


def _years_ja(earliest: date, latest: date) -> list[str]:
    """The year in each era that the days may belong to, the older first; Gregorian before 1873."""
    if earliest < FIRST_WAREKI_DATE:
        return [f"{earliest.year}年"]
    eras = dict.fromkeys((era_of(earliest), era_of(latest)))
    return [era.year_text(earliest.year) for era in eras]


def _not_rfc3339() -> InvalidValue:
    return InvalidValue(
        "date.not_rfc3339",
        "日時は「YYYY-MM-DDThh:mm:ssZ」の形で、時差を付けて記入してください。",
        "Write the instant as RFC 3339 does, with its offset: YYYY-MM-DDThh:mm:ssZ.",
    )


def as_partial(day: PartialDate | EraDate | date) -> PartialDate:
    """A day of any kind that may say when somebody was born."""
    if isinstance(day, PartialDate):
        return day
    return PartialDate((day.day if isinstance(day, EraDate) else day).isoformat())
