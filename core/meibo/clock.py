"""Time as the office has it: days are Japan's, instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(100)  # What is entered at once asks for the day of one instant.
def japan_day(instant: datetime) -> date:
    """The day in Japan at `instant` (aware)."""
    return instant.astimezone(JAPAN).date()


def today() -> date:
    """The present day in Japan."""
    return japan_day(now())


def start_of_day(day: date) -> datetime:
    """Midnight in Japan at which `day` begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=JAPAN).astimezone(UTC)


def after(instant: datetime, other: datetime) -> datetime:
    """`instant`, or one microsecond past `other` where the clock has not moved on: recorded instants never tie."""
    return max(instant, other + timedelta(microseconds=1))
