"""Individual numbers, resident, institution and municipality codes: `meibo.values.numbers`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.errors import InvalidValue
from meibo.values.numbers import (
    municipality_check_digit,
    parse_individual_number,
    parse_institution_code,
    parse_municipality_code,
    parse_resident_code,
)

BODY = st.text("0123456789", min_size=11, max_size=11)
INDIVIDUAL_NUMBERS = (
    *("999999999996", "123456789018", "111111111118", "123123123128", "987654321093"),
    *("000000000019", "000000000060", "000000000000"),
)


@pytest.mark.parametrize("number", INDIVIDUAL_NUMBERS)
def test_individual_number(number: str) -> None:
    assert parse_individual_number(number) == number
    for digit in set("0123456789") - {number[-1]}:
        with pytest.raises(InvalidValue) as caught:
            parse_individual_number(number[:-1] + digit)
        assert caught.value.rule == "number.check_digit"


@given(BODY)
def test_check_digit_follows_the_ordinance(body: str) -> None:
    """Weights as 平成26年総務省令第85号 第5条 gives them, counted from the right."""
    total = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), 1))
    check = 0 if total % 11 <= 1 else 11 - total % 11
    assert parse_individual_number(f"{body}{check}") == f"{body}{check}"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("999999999990", "number.check_digit"),
        ("123456789010", "number.check_digit"),
        *(
            (text, "number.individual_number")
            for text in (
                "",
                "99999999999",
                "9999999999996",
                "12345678901A",
                "1234 5678 9018",
                "1234-5678-9018",
            )
        ),
        *(
            (text, "number.individual_number")
            for text in ("１２３４５６７８９０１８", "123456789018\n", " 123456789018", "9" * 10_000)
        ),
    ],
)
def test_individual_number_refused(text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_individual_number(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize("code", ["99999999995", "12345678903", "11111111113", "00000000060"])
def test_resident_code(code: str) -> None:
    assert parse_resident_code(code, check_digit=True) == code
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert parse_resident_code(wrong) == wrong
    with pytest.raises(InvalidValue) as caught:
        parse_resident_code(wrong, check_digit=True)
    assert caught.value.rule == "number.check_digit"


@pytest.mark.parametrize(
    "text", ["", "1234567890", "123456789018", "1234567890A", "１2345678903", "12345678903\n"]
)
@pytest.mark.parametrize("check_digit", [False, True])
def test_resident_code_refused(text: str, check_digit: bool) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_resident_code(text, check_digit=check_digit)
    assert caught.value.rule == "number.resident_code"


@pytest.mark.parametrize("text", ["a", "!~", "A1-b2/c3==", "x" * 128])
def test_institution_code(text: str) -> None:
    assert parse_institution_code(text) == text


@pytest.mark.parametrize("text", ["", "x" * 129, "a b", "a\n", "a\x7f", "Ａ", "符号"])
def test_institution_code_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_institution_code(text)
    assert caught.value.rule == "number.institution_code"


@pytest.mark.parametrize(
    ("code", "full"), [("13101", "131016"), ("01100", "011002"), ("27100", "271004"), ("47201", "472018")]
)
def test_municipality_code(code: str, full: str) -> None:
    assert parse_municipality_code(code) == parse_municipality_code(full) == code
    assert code + municipality_check_digit(code) == full


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("131017", "number.check_digit"),
        *(
            (text, "number.municipality_code")
            for text in ("", "1310", "1310167", "13-101", "１３１０１", "13101\n")
        ),
    ],
)
def test_municipality_code_refused(text: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_municipality_code(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize("text", ["131016", "1310", ""])
def test_check_digit_takes_five_digits(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        municipality_check_digit(text)
    assert caught.value.rule == "number.municipality_code"
