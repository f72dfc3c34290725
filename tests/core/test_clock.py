"""Days are Japan's, instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from meibo import clock

MIDNIGHT = datetime(2026, 3, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (MIDNIGHT, date(2026, 4, 1)),
        (MIDNIGHT - timedelta(microseconds=1), date(2026, 3, 31)),
        (datetime(2026, 4, 1, 14, 59, tzinfo=UTC), date(2026, 4, 1)),
    ],
)
def test_days_begin_at_midnight_in_japan(instant: datetime, day: date) -> None:
    assert clock.japan_day(instant) == day


def test_a_day_begins_in_utc() -> None:
    assert clock.start_of_day(date(2026, 4, 1)) == MIDNIGHT
    assert clock.start_of_day(date(2026, 4, 1)).tzinfo is UTC


def test_now_is_aware() -> None:
    assert clock.now().tzinfo is UTC


def test_today_follows_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MIDNIGHT)
    assert clock.today() == date(2026, 4, 1)


@pytest.mark.parametrize("ahead", [-5, 0, 1, 5])
def test_instants_never_tie(ahead: int) -> None:
    last = MIDNIGHT
    found = clock.after(last + timedelta(microseconds=ahead), last)
    assert found == last + timedelta(microseconds=max(ahead, 1))
