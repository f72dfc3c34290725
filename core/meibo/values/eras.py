"""Japanese eras (元号): the office's code, and dates written as era and year (和暦).

Days are Gregorian. Wareki is read from 1873-01-01 (明治6), the first day of the Gregorian calendar in Japan.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from unicodedata import normalize

from meibo.errors import InvalidValue

FIRST_WAREKI_DATE = date(1873, 1, 1)
MAX_PAIR_LENGTH = 20
"""Characters in either half of a pair; the longest real one, 「元年12月31日」, has nine."""
LAST_PAIR_YEAR = 99
"""A yymmdd text has two digits for the year."""

_DATE_TEXT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})|(元|[0-9]{1,2})年([0-9]{1,2})月([0-9]{1,2})日")
_MONTH_TEXT = re.compile(r"([0-9]{2})([0-9]{2})|(元|[0-9]{1,2})年([0-9]{1,2})月")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Era(StrEnum):
    """An era; its value is the office's code."""

    MEIJI = "1"
    TAISHO = "2"
    SHOWA = "3"
    HEISEI = "4"
    REIWA = "5"

    @property
    def letter(self) -> str:
        """The letter on forms: M, T, S, H or R."""
        return self.name[0]

    @property
    def kanji(self) -> str:
        """The era's name, such as 昭和."""
        return _SPANS[self][0]

    @property
    def first_date(self) -> date:
        """The first day of the era's year 1."""
        return _SPANS[self][1]

    @property
    def last_date(self) -> date:
        """The last day that may carry the era; the present era has none but `date.max`."""
        return _SPANS[self][2]

    def year_of(self, year: int) -> int:
        """The year of the era that falls in Gregorian `year`."""
        return year - self.first_date.year + 1

    def year_text(self, year: int) -> str:
        """Gregorian `year` as 「昭和25年」, the first one as 「昭和元年」."""
        number = self.year_of(year)
        return f"{self.kanji}{'元' if number == 1 else number}年"


# The day on which 大正 or 昭和 began belongs to the era before it as well: the change came the same day.
_SPANS = {
    Era.MEIJI: ("明治", date(1868, 1, 25), date(1912, 7, 30)),
    Era.TAISHO: ("大正", date(1912, 7, 30), date(1926, 12, 25)),
    Era.SHOWA: ("昭和", date(1926, 12, 25), date(1989, 1, 7)),
    Era.HEISEI: ("平成", date(1989, 1, 8), date(2019, 4, 30)),
    Era.REIWA: ("令和", date(2019, 5, 1), date.max),
}
_ERA_BY_TEXT = {text: era for era in Era for text in (era.value, era.letter, era.kanji)}


@dataclass(frozen=True, slots=True)
class EraDate:
    """A whole day handed in as an era and a date text; the pair is kept verbatim, `day` follows from it.

    `era_text` is a code, letter or name ("3", "S", "昭和"); `date_text` is yymmdd or 「元年5月3日」, in
    half or full width. Raises `InvalidValue` for a pair that is no day of that era, or is before 1873-01-01.
    """

    era_text: str
    date_text: str
    day: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", _day_of_pair(self.era_text, self.date_text))

    @classmethod
    def of(cls, day: date) -> EraDate:
        """The pair (code, yymmdd) for `day`; raises before 1873-01-01 and after the era's year 99."""
        era = era_of(day)
        return cls(era.value, f"{pair_year(era, day.year)}{day.month:02}{day.day:02}")

    @property
    def iso(self) -> str:
        """The day as `YYYY-MM-DD`."""
        return self.day.isoformat()

    @property
    def era(self) -> Era:
        """The era to print: on a day that two eras share, the new one."""
        return era_of(self.day)

    @property
    def text_ja(self) -> str:
        """The day as 「昭和25年5月3日」."""
        return f"{self.era.year_text(self.day.year)}{self.day.month}月{self.day.day}日"

    @property
    def text_en(self) -> str:
        """The day as "3 May 1950"."""
        return f"{self.day.day} {month_text_en(self.day.year, self.day.month)}"


@dataclass(frozen=True, slots=True)
class EraParts:
    """A day as four items, as some lists print it: era, year within it, month, day. Any may be missing."""

    era: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date) -> EraParts:
        """The four items of a day, the era as its code; raises `InvalidValue` before 1873-01-01."""
        era = era_of(day)
        return cls(era.value, era.year_of(day.year), day.month, day.day)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of those that are missing, where any is given."""
        given = {name: getattr(self, name) for name in ("era", "year", "month", "day")}
        lacking = tuple(name for name, value in given.items() if value is None)
        return lacking if len(lacking) < len(given) else ()

    @property
    def whole(self) -> date | None:
        """The day; None where a part is missing. Raises `InvalidValue` where there is no such day in that era."""
        if self.era is None or self.year is None or self.month is None or self.day is None:
            return None
        return era_day(parse_era(self.era), self.year, self.month, self.day)


def day_of(value: date | EraDate | None) -> date | None:
    """The day of a whole date, however the office keeps it."""
    return value.day if isinstance(value, EraDate) else value


def parse_era(text: str) -> Era:
    """Read the code, letter or name of an era, in half or full width; raises `InvalidValue`."""
    era = _ERA_BY_TEXT.get(normalize("NFKC", text)) if len(text) <= MAX_PAIR_LENGTH else None
    if era is None:
        raise InvalidValue(
            "date.unknown_era",
            "元号は明治・大正・昭和・平成・令和、M・T・S・H・R、または1から5で記入してください。",
            "Give the era by its name in kanji, by its letter (M, T, S, H, R) or by its code (1 to 5).",
        )
    return era


def pair_year(era: Era, year: int) -> str:
    """Gregorian `year` as the two digits of a pair; raises `InvalidValue` after the era's year 99."""
    number = era.year_of(year)
    if number > LAST_PAIR_YEAR:
        raise InvalidValue(
            "date.era_year_over_99",
            "元号の年が2桁に収まりません。西暦で記入してください。",
            "The year of the era has more than two digits: write the date in the Gregorian calendar.",
        )
    return f"{number:02}"


def era_of(day: date) -> Era:
    """The era to print for `day`: the newest that has begun; raises `InvalidValue` before 1873-01-01."""
    if day < FIRST_WAREKI_DATE:
        raise _before_1873()
    return max(era for era in Era if era.first_date <= day)


def era_day(era: Era, year: int, month: int, day: int) -> date:
    """The Gregorian day of a wareki year, month and day; raises `InvalidValue` where there is none."""
    gregorian_year = era.first_date.year + year - 1
    # Years before 明治6 had other months, so they are refused before their days are counted.
    if gregorian_year < FIRST_WAREKI_DATE.year:
        raise _before_1873()
    found = existing_day(gregorian_year, month, day)
    if not era.first_date <= found <= era.last_date:
        raise outside_era()
    return found


def month_of_pair(era_text: str, month_text: str) -> tuple[int, int]:
    """The Gregorian year and month that a verbatim pair names: yymm or 「元年5月」, in half or full width.

    Raises `InvalidValue` for a pair that is no month of that era, or is before 1873-01.
    """
    era, match = parse_era(era_text), _matched(_MONTH_TEXT, month_text)
    if match is None:
        raise InvalidValue(
            "date.not_wareki_month",
            "年月は4桁の数字（年2桁・月2桁）か「元年5月」の形で記入してください。",
            "Write the month as four digits (yymm, the year of the era first) or with 年 and 月.",
        )
    year, month = (part for part in match.groups() if part is not None)
    number = 1 if year == "元" else int(year)
    # A month belongs to each era of which it has a day.
    first = date(era.first_date.year, era.first_date.month, 1)
    found = era.first_date.year + number - 1, int(month)
    begins = existing_day(*found, 1)
    if begins < first or begins > era.last_date:
        raise outside_era()
    if begins < FIRST_WAREKI_DATE:
        raise _before_1873()
    return found


def outside_era() -> InvalidValue:
    """The refusal of a date that its era does not have."""
    return InvalidValue(
        "date.outside_era",
        "この元号の期間にない日付です。元号と年月日を確認してください。",
        "The date lies outside this era: check the era and the date.",
    )


def existing_day(year: int, month: int, day: int) -> date:
    """The Gregorian day; raises `InvalidValue` where the calendar has none."""
    found = None
    with suppress(ValueError):
        found = date(year, month, day)
    if found is None:  # Raised out here so that no error with the numbers in it hangs on ours.
        raise InvalidValue(
            "date.no_such_day",
            "暦にない日付です。年月日を確認してください。",
            "The calendar has no such day: check the date.",
        )
    return found


def month_text_en(year: int, month: int) -> str:
    """A month as "May 1950", whatever the locale."""
    return f"{_MONTHS_EN[month - 1]} {year}"


def _day_of_pair(era_text: str, date_text: str) -> date:
    """The day that a verbatim pair names."""
    era = parse_era(era_text)
    match = _matched(_DATE_TEXT, date_text)
    if match is None:
        raise InvalidValue(
            "date.not_wareki",
            "年月日は6桁の数字（年2桁・月2桁・日2桁）か「元年5月3日」の形で記入してください。",
            "Write the date as six digits (yymmdd, the year of the era first) or with 年, 月 and 日.",
        )
    year, month, day = (part for part in match.groups() if part is not None)
    return era_day(era, 1 if year == "元" else int(year), int(month), int(day))


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match of a whole text in half or full width, where it is short enough to be looked at."""
    return pattern.fullmatch(normalize("NFKC", text)) if len(text) <= MAX_PAIR_LENGTH else None


def _before_1873() -> InvalidValue:
    return InvalidValue(
        "date.before_1873",
        "明治6年1月1日より前の日付は和暦で扱えません。西暦で記入してください。",
        "Era dates begin with 1 January 1873: write an earlier date in the Gregorian calendar.",
    )
