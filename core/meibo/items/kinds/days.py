"""Days, months and instants, in our reckoning and as the office keeps them by era."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NewType

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from meibo.database.types import Instant
from meibo.items.kinds.base import Kind, as_text
from meibo.values import dates, eras
from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate

if TYPE_CHECKING:
    from meibo.items.declaration import Item

Era = NewType("Era", str)
"""The era half of a date that the office keeps as a pair."""

ISO = re.compile(r"[0-9]{4}-")


class DayKind(Kind):
    """A whole day, ISO 8601."""

    name, type, most = "date", date, None

    def parse(self, raw: object, item: Item) -> date:
        return _day(raw)

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, stored: str) -> date:
        return date.fromisoformat(stored)

    def column(self, item: Item) -> TypeEngine[Any]:
        return Date()


class PartialDateKind(Kind):
    """A day that may be known in part, EDTF."""

    name, type, most = "partial_date", PartialDate, None
    columnar = False

    def parse(self, raw: object, item: Item) -> PartialDate:
        return raw if isinstance(raw, PartialDate) else PartialDate(as_text(raw))

    def dump(self, value: PartialDate) -> list[str | None]:
        return [value.value, value.verbatim]

    def load(self, stored: list[Any]) -> PartialDate:
        return PartialDate(stored[0], stored[1])


class YearMonthKind(Kind):
    """A month, `YYYY-MM`."""

    name, type, most = "year_month", YearMonth, None
    columnar = False

    def parse(self, raw: object, item: Item) -> YearMonth:
        return raw if isinstance(raw, YearMonth) else YearMonth(as_text(raw))

    def dump(self, value: YearMonth) -> str:
        return value.value

    def load(self, stored: str) -> YearMonth:
        return YearMonth(stored)


class InstantKind(Kind):
    """An instant, RFC 3339, kept in UTC."""

    name, type, most = "datetime", datetime, None

    def parse(self, raw: object, item: Item) -> datetime:
        return raw if isinstance(raw, datetime) else dates.parse_instant(as_text(raw))

    def dump(self, value: datetime) -> str:
        return value.isoformat()

    def load(self, stored: str) -> datetime:
        return datetime.fromisoformat(stored)

    def column(self, item: Item) -> TypeEngine[Any]:
        return Instant()


class EraKind(Kind):
    """The era half of a pair, as handed in."""

    name, type, most = "era", Era, eras.MAX_PAIR_LENGTH

    def parse(self, raw: object, item: Item) -> Era:
        eras.parse_era(as_text(raw))
        return Era(as_text(raw))


class PairKind(Kind):
    """A date as the office keeps it: a verbatim pair of an era, which is an item of its own, and a text."""

    verbatim = True
    most = eras.MAX_PAIR_LENGTH

    def of_pair(self, era: str, text: str) -> Any:
        """The value of a pair; its text may be ISO, in an era that has that day. Raises InvalidValue."""
        return self.type(era, text)

    def dump(self, value: Any) -> list[str]:
        return [value.era_text, value.date_text]

    def load(self, stored: list[str]) -> Any:
        return self.type(*stored)


class EraDateKind(PairKind):
    """A day kept as a pair of era and date. Where it is clear, a column holds the day."""

    name, type = "era_date", EraDate

    def parse(self, raw: object, item: Item) -> EraDate:
        if isinstance(raw, EraDate):
            return raw
        return EraDate.of(_day(raw))

    def of_pair(self, era: str, text: str) -> EraDate:
        if not ISO.match(text):
            return EraDate(era, text)
        day, named = dates.parse_date(text), eras.parse_era(era)
        year = named.year_of(day.year)
        eras.era_day(named, year, day.month, day.day)  # Refuses a day of another era.
        return EraDate(era, f"{year:02}{day.month:02}{day.day:02}")

    def column(self, item: Item) -> TypeEngine[Any]:
        return Date()

    def in_column(self, value: EraDate | None) -> date | None:
        return value.day if value else None


class EraMonthKind(PairKind):
    """A month kept as a pair of era and month."""

    name, type = "era_month", EraMonth
    columnar = False

    def parse(self, raw: object, item: Item) -> EraMonth:
        return raw if isinstance(raw, EraMonth) else EraMonth.of(YearMonth(as_text(raw)))

    def of_pair(self, era: str, text: str) -> EraMonth:
        if not ISO.match(text):
            return EraMonth(era, text)
        month = YearMonth(text).value
        year = eras.parse_era(era).year_of(int(month[:4]))
        if not 1 <= year <= eras.LAST_PAIR_YEAR:
            raise eras.outside_era()
        return EraMonth(era, f"{year:02}{month[5:]}")


def _day(raw: object) -> date:
    """A day as it is, or as ISO text; raises InvalidValue."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    return dates.parse_date(as_text(raw))
