"""Eras and wareki: `meibo.values.eras`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.errors import InvalidValue
from meibo.values.eras import (
    FIRST_WAREKI_DATE,
    Era,
    EraDate,
    EraParts,
    era_day,
    era_of,
    month_text_en,
    parse_era,
)

LAST_TESTED_DATE = date(2100, 12, 31)


@pytest.mark.parametrize(
    ("code", "letter", "kanji", "first_date"),
    [
        ("1", "M", "明治", date(1868, 1, 25)),
        ("2", "T", "大正", date(1912, 7, 30)),
        ("3", "S", "昭和", date(1926, 12, 25)),
        ("4", "H", "平成", date(1989, 1, 8)),
        ("5", "R", "令和", date(2019, 5, 1)),
    ],
)
def test_era(code: str, letter: str, kanji: str, first_date: date) -> None:
    era = Era(code)
    assert (era.letter, era.kanji, era.first_date) == (letter, kanji, first_date)
    assert [parse_era(text) for text in (code, letter, kanji)] == [era, era, era]


@pytest.mark.parametrize(("text", "era"), [("３", Era.SHOWA), ("Ｈ", Era.HEISEI), ("㍾", Era.MEIJI)])
def test_era_in_full_width(text: str, era: Era) -> None:
    assert parse_era(text) is era


@pytest.mark.parametrize(
    ("era_text", "date_text", "iso", "text_ja", "text_en"),
    [
        ("3", "250503", "1950-05-03", "昭和25年5月3日", "3 May 1950"),
        ("S", "25年5月3日", "1950-05-03", "昭和25年5月3日", "3 May 1950"),
        ("昭和", "２５年５月３日", "1950-05-03", "昭和25年5月3日", "3 May 1950"),
        ("1", "060101", "1873-01-01", "明治6年1月1日", "1 January 1873"),
        ("2", "010731", "1912-07-31", "大正元年7月31日", "31 July 1912"),
        ("3", "640101", "1989-01-01", "昭和64年1月1日", "1 January 1989"),
        ("3", "640107", "1989-01-07", "昭和64年1月7日", "7 January 1989"),
        ("4", "010108", "1989-01-08", "平成元年1月8日", "8 January 1989"),
        ("H", "元年1月8日", "1989-01-08", "平成元年1月8日", "8 January 1989"),
        ("4", "1年01月08日", "1989-01-08", "平成元年1月8日", "8 January 1989"),
        ("4", "310430", "2019-04-30", "平成31年4月30日", "30 April 2019"),
        ("5", "010501", "2019-05-01", "令和元年5月1日", "1 May 2019"),
        ("R", "060229", "2024-02-29", "令和6年2月29日", "29 February 2024"),
        ("5", "991231", "2117-12-31", "令和99年12月31日", "31 December 2117"),
        # Two eras share these days; the new one is printed.
        ("1", "450730", "1912-07-30", "大正元年7月30日", "30 July 1912"),
        ("2", "010730", "1912-07-30", "大正元年7月30日", "30 July 1912"),
        ("2", "151225", "1926-12-25", "昭和元年12月25日", "25 December 1926"),
        ("3", "011225", "1926-12-25", "昭和元年12月25日", "25 December 1926"),
    ],
)
def test_era_date(era_text: str, date_text: str, iso: str, text_ja: str, text_en: str) -> None:
    value = EraDate(era_text, date_text)
    assert (value.iso, value.text_ja, value.text_en) == (iso, text_ja, text_en)
    assert (value.era_text, value.date_text) == (era_text, date_text)


@pytest.mark.parametrize(
    ("era_text", "date_text", "rule"),
    [
        ("6", "010101", "date.unknown_era"),
        ("s", "250503", "date.unknown_era"),
        ("", "250503", "date.unknown_era"),
        ("昭" * 10_000, "250503", "date.unknown_era"),
        ("3", "25503", "date.not_wareki"),
        ("3", "25-05-03", "date.not_wareki"),
        ("3", "1950年5月3日", "date.not_wareki"),
        ("3", "元0503", "date.not_wareki"),
        ("3", "250503\n", "date.not_wareki"),
        ("3", "", "date.not_wareki"),
        ("3", "2" * 10_000, "date.not_wareki"),
        ("3", "250431", "date.no_such_day"),
        ("3", "250500", "date.no_such_day"),
        ("3", "251301", "date.no_such_day"),
        ("5", "050229", "date.no_such_day"),
        ("1", "051202", "date.before_1873"),
        ("1", "050230", "date.before_1873"),  # A day of the lunar calendar that the Gregorian one lacks.
        ("1", "010908", "date.before_1873"),
        ("1", "450731", "date.outside_era"),
        ("2", "010729", "date.outside_era"),
        ("2", "151226", "date.outside_era"),
        ("3", "011224", "date.outside_era"),
        ("3", "640108", "date.outside_era"),
        ("4", "010107", "date.outside_era"),
        ("4", "310501", "date.outside_era"),
        ("5", "010430", "date.outside_era"),
        ("4", "000101", "date.outside_era"),
    ],
)
def test_era_date_refused(era_text: str, date_text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        EraDate(era_text, date_text)
    assert caught.value.rule == rule


def test_every_day_from_1873_to_2100_has_one_pair() -> None:
    days = [FIRST_WAREKI_DATE + timedelta(n) for n in range((LAST_TESTED_DATE - FIRST_WAREKI_DATE).days + 1)]
    pairs = [EraDate.of(day) for day in days]
    assert [pair.day for pair in pairs] == days
    assert len({(pair.era_text, pair.date_text) for pair in pairs}) == len(days) == 83_275


@given(st.sampled_from(Era), st.integers(0, 99), st.integers(0, 13), st.integers(0, 32))
def test_a_pair_is_refused_or_means_its_own_day(era: Era, year: int, month: int, day: int) -> None:
    try:
        found = EraDate(era.value, f"{year:02}{month:02}{day:02}").day
    except InvalidValue:
        return
    assert (era.year_of(found.year), found.month, found.day) == (year, month, day)
    assert era_of(found) in {era, *(later for later in Era if later.first_date == era.last_date)}
    assert era_day(era, year, month, day) == found


@pytest.mark.parametrize(
    ("day", "rule"),
    [(date(1872, 12, 31), "date.before_1873"), (date(2118, 1, 1), "date.era_year_over_99")],
)
def test_a_day_without_a_pair_is_refused(day: date, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        EraDate.of(day)
    assert caught.value.rule == rule


def test_months_in_english() -> None:
    texts = [month_text_en(1950, month) for month in range(1, 13)]
    assert (texts[0], texts[4], texts[11]) == ("January 1950", "May 1950", "December 1950")


def test_a_day_in_four_items_and_back() -> None:
    assert EraParts.of(date(1989, 1, 8)) == EraParts("4", 1, 1, 8)
    assert EraParts("平成", 1, 1, 8).whole == date(1989, 1, 8)
    assert (EraParts().whole, EraParts().missing) == (None, ())
    assert (EraParts("S", 25, None, 3).whole, EraParts("S", 25, None, 3).missing) == (None, ("month",))


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (EraParts("S", 64, 1, 8), "date.outside_era"),
        (EraParts("R", 5, 2, 29), "date.no_such_day"),
        (EraParts("X", 5, 2, 1), "date.unknown_era"),
        (EraParts("M", 5, 12, 2), "date.before_1873"),
    ],
)
def test_four_items_that_are_no_day(parts: EraParts, rule: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        _ = parts.whole
    assert refused.value.rule == rule
