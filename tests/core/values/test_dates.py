"""Whole and partial dates, months and instants: `meibo.values.dates`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.errors import InvalidValue
from meibo.values.dates import EraMonth, PartialDate, YearMonth, as_partial, parse_date, parse_instant
from meibo.values.eras import EraDate


@pytest.mark.parametrize(
    ("value", "earliest", "latest", "text_ja", "text_en"),
    [
        ("1950-05-03", "1950-05-03", "1950-05-03", "昭和25年5月3日", "3 May 1950"),
        ("1950-05", "1950-05-01", "1950-05-31", "昭和25年5月", "May 1950"),
        ("1950-05-XX", "1950-05-01", "1950-05-31", "昭和25年5月（日不詳）", "May 1950 (day unknown)"),
        ("1950", "1950-01-01", "1950-12-31", "昭和25年", "1950"),
        ("1950-XX-XX", "1950-01-01", "1950-12-31", "昭和25年（月日不詳）", "1950 (month and day unknown)"),
        ("2024-02", "2024-02-01", "2024-02-29", "令和6年2月", "February 2024"),
        ("1912", "1912-01-01", "1912-12-31", "明治45年／大正元年", "1912"),
        ("1912-07", "1912-07-01", "1912-07-31", "明治45年7月／大正元年7月", "July 1912"),
        ("1912-07-30", "1912-07-30", "1912-07-30", "大正元年7月30日", "30 July 1912"),
        ("1926-12", "1926-12-01", "1926-12-31", "大正15年12月／昭和元年12月", "December 1926"),
        ("1989", "1989-01-01", "1989-12-31", "昭和64年／平成元年", "1989"),
        (
            "1989-01-XX",
            "1989-01-01",
            "1989-01-31",
            "昭和64年1月／平成元年1月（日不詳）",
            "January 1989 (day unknown)",
        ),
        ("1989-02", "1989-02-01", "1989-02-28", "平成元年2月", "February 1989"),
        ("2019", "2019-01-01", "2019-12-31", "平成31年／令和元年", "2019"),
        ("2019-04", "2019-04-01", "2019-04-30", "平成31年4月", "April 2019"),
        ("2019-05", "2019-05-01", "2019-05-31", "令和元年5月", "May 2019"),
        ("1873", "1873-01-01", "1873-12-31", "明治6年", "1873"),
        ("1872-12-31", "1872-12-31", "1872-12-31", "1872年12月31日", "31 December 1872"),
        ("1000", "1000-01-01", "1000-12-31", "1000年", "1000"),
        ("9999-12", "9999-12-01", "9999-12-31", "令和7981年12月", "December 9999"),
    ],
)
def test_partial_date(value: str, earliest: str, latest: str, text_ja: str, text_en: str) -> None:
    partial = PartialDate(value)
    assert (str(partial.earliest), str(partial.latest)) == (earliest, latest)
    assert (partial.value, partial.text_ja, partial.text_en) == (value, text_ja, text_en)


def test_unknown_date_keeps_what_the_record_said() -> None:
    partial = PartialDate("XXXX-XX-XX", "昭和不詳")
    assert (partial.earliest, partial.latest, partial.verbatim) == (None, None, "昭和不詳")
    assert (partial.text_ja, partial.text_en) == ("年月日不詳", "Date unknown")


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("0999", "date.year_out_of_range"),
        ("0000-00-00", "date.year_out_of_range"),
        ("1950-13", "date.no_such_day"),
        ("1950-00", "date.no_such_day"),
        ("1950-00-XX", "date.no_such_day"),
        ("1950-05-00", "date.no_such_day"),
        ("1950-02-29", "date.no_such_day"),
        ("10000", "date.not_edtf"),
        ("1950-XX", "date.not_edtf"),
        ("1950-XX-03", "date.not_edtf"),
        ("XXXX", "date.not_edtf"),
        ("XXXX-05-03", "date.not_edtf"),
        ("195X", "date.not_edtf"),
        ("1950-05-xx", "date.not_edtf"),
        ("1950~", "date.not_edtf"),
        ("1950/1951", "date.not_edtf"),
        ("19500503", "date.not_edtf"),
        ("１９５０", "date.not_edtf"),
        ("1950-05\n", "date.not_edtf"),
        ("", "date.not_edtf"),
    ],
)
def test_partial_date_refused(value: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PartialDate(value)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("verbatim", "rule"), [("不" * 101, "text.too_long"), ("不\0詳", "text.control_character")]
)
def test_verbatim_refused(verbatim: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PartialDate("1950", verbatim)
    assert caught.value.rule == rule


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_lies_within_each_of_its_partial_dates(day: date) -> None:
    iso = day.isoformat()
    for value in (iso, iso[:7], iso[:4], f"{iso[:7]}-XX", f"{iso[:4]}-XX-XX"):
        partial = PartialDate(value)
        assert partial.earliest is not None
        assert partial.latest is not None
        assert partial.earliest <= day <= partial.latest
    assert PartialDate(iso).earliest == PartialDate(iso).latest == day


def test_year_month() -> None:
    month = YearMonth("1989-01")
    assert (month.value, month.text_ja, month.text_en) == (
        "1989-01",
        "昭和64年1月／平成元年1月",
        "January 1989",
    )


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("1989-13", "date.no_such_day"),
        ("0999-01", "date.year_out_of_range"),
        ("1989", "date.not_iso_month"),
        ("1989-1", "date.not_iso_month"),
        ("1989-01-01", "date.not_iso_month"),
        ("1989-0１", "date.not_iso_month"),
    ],
)
def test_year_month_refused(value: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        YearMonth(value)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("era", "text", "month"),
    [
        ("4", "0603", "1994-03"),
        ("Ｈ", "６年３月", "1994-03"),
        ("昭和", "64年1月", "1989-01"),
        ("平成", "元年1月", "1989-01"),
        ("大正", "1512", "1926-12"),
        ("3", "0112", "1926-12"),
        ("1", "0601", "1873-01"),
        ("5", "9912", "2117-12"),
    ],
)
def test_era_month(era: str, text: str, month: str) -> None:
    value = EraMonth(era, text)
    assert (value.era_text, value.date_text, value.month.value) == (era, text, month)
    assert value.earliest == parse_date(f"{month}-01")


@pytest.mark.parametrize(
    ("era", "text", "rule"),
    [
        ("X", "0603", "date.unknown_era"),
        ("4", "060301", "date.not_wareki_month"),
        ("4", "603", "date.not_wareki_month"),
        ("4", "元03", "date.not_wareki_month"),
        ("4", "0" * 10_000, "date.not_wareki_month"),
        ("4", "0613", "date.no_such_day"),
        ("3", "6402", "date.outside_era"),
        ("3", "0111", "date.outside_era"),
        ("4", "3105", "date.outside_era"),
        ("4", "0001", "date.outside_era"),
        ("5", "0104", "date.outside_era"),
        ("1", "0512", "date.before_1873"),
        ("1", "0012", "date.outside_era"),
    ],
)
def test_era_month_refused(era: str, text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        EraMonth(era, text)
    assert caught.value.rule == rule


@given(st.dates(date(1873, 1, 1), date(2117, 12, 31)))
def test_every_month_has_a_pair(day: date) -> None:
    month = YearMonth(day.isoformat()[:7])
    assert EraMonth.of(month).month == month


@pytest.mark.parametrize(
    ("month", "pair"), [("1989-01", ("4", "0101")), ("2019-04", ("4", "3104")), ("2019-05", ("5", "0105"))]
)
def test_a_month_is_written_in_the_newest_era(month: str, pair: tuple[str, str]) -> None:
    value = EraMonth.of(YearMonth(month))
    assert (value.era_text, value.date_text) == pair


def test_a_month_after_year_99_of_the_era_has_no_pair() -> None:
    with pytest.raises(InvalidValue) as caught:
        EraMonth.of(YearMonth("2118-01"))
    assert caught.value.rule == "date.era_year_over_99"


@given(st.dates())
def test_date_round_trip(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2023-02-29", "date.no_such_day"),
        ("2023-00-01", "date.no_such_day"),
        ("0000-01-01", "date.no_such_day"),
        ("20230101", "date.not_iso"),
        ("2023-W01-1", "date.not_iso"),
        ("2023-1-1", "date.not_iso"),
        ("2023/01/01", "date.not_iso"),
        ("２０２３-01-01", "date.not_iso"),
        ("٢٠٢٣-01-01", "date.not_iso"),
        ("2023-01-01T00:00:00Z", "date.not_iso"),
        ("2023-01-01\n", "date.not_iso"),
        (" 2023-01-01", "date.not_iso"),
        ("", "date.not_iso"),
    ],
)
def test_date_refused(text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_date(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-04-01T00:00:00Z", datetime(2024, 4, 1, tzinfo=UTC)),
        ("2024-04-01t00:00:00z", datetime(2024, 4, 1, tzinfo=UTC)),
        ("2024-04-01T00:00:00+09:00", datetime(2024, 3, 31, 15, tzinfo=UTC)),
        ("2024-03-31T19:30:00-05:30", datetime(2024, 4, 1, 1, tzinfo=UTC)),
        ("2024-04-01T00:00:00-00:00", datetime(2024, 4, 1, tzinfo=UTC)),
        ("2024-04-01T01:02:03.5Z", datetime(2024, 4, 1, 1, 2, 3, 500_000, UTC)),
        ("2024-04-01T01:02:03.123456789Z", datetime(2024, 4, 1, 1, 2, 3, 123_456, UTC)),
    ],
)
def test_instant(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones()))
def test_instant_round_trip(moment: datetime) -> None:
    utc = moment.astimezone(UTC)
    assert parse_instant(utc.isoformat()) == utc


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2024-04-01T00:00:00", "date.not_rfc3339"),
        ("2024-04-01 00:00:00Z", "date.not_rfc3339"),
        ("2024-04-01T24:00:00Z", "date.not_rfc3339"),
        ("2024-04-01T00:00Z", "date.not_rfc3339"),
        ("2016-12-31T23:59:60Z", "date.not_rfc3339"),
        ("2024-04-01T00:00:00+0900", "date.not_rfc3339"),
        ("2024-04-01T00:00:00.Z", "date.not_rfc3339"),
        ("0001-01-01T00:00:00+09:00", "date.not_rfc3339"),
        ("9999-12-31T23:59:59-01:00", "date.not_rfc3339"),
        ("2024-04-01T00:00:00Z\n", "date.not_rfc3339"),
        ("2024-02-30T00:00:00Z", "date.no_such_day"),
    ],
)
def test_instant_refused(text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_instant(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "born",
    [PartialDate("1950-05-03"), date(1950, 5, 3), EraDate("昭和", "25年5月3日")],
    ids=lambda b: type(b).__name__,
)
def test_a_day_of_birth_of_any_kind(born: PartialDate | date | EraDate) -> None:
    assert as_partial(born).value == "1950-05-03"
