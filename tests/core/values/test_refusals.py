"""Every refusal of `meibo.values`: it says what to do in both languages and never repeats the value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import meibo.values
from meibo.errors import InvalidValue
from meibo.values.contacts import validate_email, validate_phone, validate_postal_code
from meibo.values.dates import PartialDate, YearMonth, parse_date, parse_instant
from meibo.values.eras import EraDate, month_of_pair, parse_era
from meibo.values.names import validate_kana, validate_text
from meibo.values.numbers import (
    parse_corporate_number,
    parse_individual_number,
    parse_institution_code,
    parse_municipality_code,
    parse_resident_code,
)
from meibo.values.pseudonyms import parse_licence_pseudonym

REFUSALS: tuple[tuple[str, Callable[[], object], tuple[str, ...]], ...] = (
    ("contact.email", lambda: validate_email("taro@secret"), ("taro", "secret")),
    ("contact.phone", lambda: validate_phone("0312-34567"), ("0312", "34567")),
    ("contact.postal_code", lambda: validate_postal_code("1008-916"), ("1008", "916")),
    ("date.before_1873", lambda: EraDate("1", "041103"), ("041103", "1871")),
    ("date.era_year_over_99", lambda: EraDate.of(date(2133, 4, 17)), ("2133", "17")),
    ("date.no_such_day", lambda: parse_date("1957-02-29"), ("1957", "29")),
    ("date.no_such_day", lambda: EraDate("3", "320229"), ("320229", "1957", "29")),
    ("date.not_edtf", lambda: PartialDate("1957~"), ("1957",)),
    ("date.not_iso", lambda: parse_date("1957/08/29"), ("1957", "29")),
    ("date.not_iso_month", lambda: YearMonth("1957/08"), ("1957", "08")),
    ("date.not_rfc3339", lambda: parse_instant("1957-08-29"), ("1957", "29")),
    ("date.not_rfc3339", lambda: parse_instant("0001-01-01T00:17:00+09:00"), ("0001", "17")),
    ("date.not_wareki", lambda: EraDate("3", "32/08/29"), ("32", "29")),
    ("date.not_wareki_month", lambda: month_of_pair("3", "32/08"), ("32", "08")),
    ("date.outside_era", lambda: EraDate("3", "640829"), ("640829", "64", "29", "昭和")),
    ("date.unknown_era", lambda: parse_era("慶応"), ("慶応",)),
    ("date.year_out_of_range", lambda: PartialDate("0957"), ("957",)),
    ("number.check_digit", lambda: parse_individual_number("999999999990"), ("99",)),
    ("number.check_digit", lambda: parse_resident_code("99999999990", check_digit=True), ("99",)),
    ("number.check_digit", lambda: parse_municipality_code("131017"), ("13101",)),
    ("number.check_digit", lambda: parse_corporate_number("1000000000000"), ("1000",)),
    ("number.corporate_number", lambda: parse_corporate_number("100000000000"), ("1000",)),
    ("number.individual_number", lambda: parse_individual_number("99999999999"), ("99",)),
    ("number.institution_code", lambda: parse_institution_code("secret code"), ("secret",)),
    ("number.municipality_code", lambda: parse_municipality_code("1310"), ("1310",)),
    ("number.resident_code", lambda: parse_resident_code("999999999"), ("99",)),
    ("pseudonym.check_character", lambda: parse_licence_pseudonym("L" + "7" * 25), ("77",)),
    ("pseudonym.format", lambda: parse_licence_pseudonym("L-77777"), ("77",)),
    ("text.control_character", lambda: validate_text("山田\0太郎", 10), ("山田", "太郎", "\0")),
    ("text.lone_surrogate", lambda: validate_text("山田\ud842", 10), ("山田", "\ud842")),
    ("text.not_kana", lambda: validate_kana("山田"), ("山田",)),
    ("text.too_long", lambda: validate_text("山田太郎", 3), ("山田", "太郎")),
)


@pytest.mark.parametrize(("rule", "act", "parts"), REFUSALS)
def test_a_refusal_never_repeats_the_value(
    rule: str, act: Callable[[], object], parts: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidValue) as caught:
        act()
    error = caught.value
    assert (error.rule, error.code) == (rule, "INVALID_VALUE")
    assert error.ja.endswith("。")
    assert error.en.endswith(".")
    assert error.__cause__ is error.__context__ is None  # Theirs might repeat it.
    texts = (str(error), repr(error), error.ja, error.en)
    assert [part for part in parts for text in texts if part in text] == []


def test_every_rule_is_among_the_refusals() -> None:
    sources = Path(str(meibo.values.__file__)).parent.glob("*.py")
    rules = {
        rule for path in sources for rule in re.findall(r'"([a-z]+\.[a-z0-9_]+)"', path.read_text("utf-8"))
    }
    assert rules == {rule for rule, _, _ in REFUSALS}
