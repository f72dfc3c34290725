"""Numbers that the state gives: to persons, to institutions, to corporations, to municipalities.

Those of persons and institutions live in the vault alone. Digits are ASCII and stand without separators.
"""

from __future__ import annotations

import re
from typing import NewType

from stdnum.jp import cn, in_

from meibo.errors import InvalidValue

IndividualNumber = NewType("IndividualNumber", str)
"""個人番号, 12 digits; it may change, so nothing is keyed on it."""
ResidentCode = NewType("ResidentCode", str)
"""住民票コード, 11 digits."""
InstitutionCode = NewType("InstitutionCode", str)
"""機関別符号, a text of up to 128 printable ASCII characters; its format is not published."""
CorporateNumber = NewType("CorporateNumber", str)
"""法人番号, 13 digits; public, and no individual number."""
MunicipalityCode = NewType("MunicipalityCode", str)
"""全国地方公共団体コード (JIS X 0402) without its check digit, 5 digits."""

_INDIVIDUAL_NUMBER = re.compile(r"[0-9]{12}")
_RESIDENT_CODE = re.compile(r"[0-9]{11}")
_INSTITUTION_CODE = re.compile(r"[!-~]{1,128}")
_CORPORATE_NUMBER = re.compile(r"[0-9]{13}")
_MUNICIPALITY_CODE = re.compile(r"([0-9]{5})([0-9])?")
_MUNICIPALITY_WEIGHTS = (6, 5, 4, 3, 2)


def parse_individual_number(text: str) -> IndividualNumber:
    """Read 12 digits, the last a check digit (平成26年総務省令第85号 第5条); raises `InvalidValue`."""
    if not _INDIVIDUAL_NUMBER.fullmatch(text):
        raise InvalidValue(
            "number.individual_number",
            "個人番号は半角数字12桁で、区切りを入れずに記入してください。",
            "Write the individual number as 12 half-width digits without separators.",
        )
    if not in_.is_valid(text):
        raise _wrong_check_digit()
    return IndividualNumber(text)


def parse_resident_code(text: str, *, check_digit: bool = False) -> ResidentCode:
    """Read 11 digits; raises `InvalidValue`.

    The formula of 平成14年総務省告示第436号 was not found: `check_digit` tries the weights of the
    individual number, which is a guess, and so off unless asked for.
    """
    if not _RESIDENT_CODE.fullmatch(text):
        raise InvalidValue(
            "number.resident_code",
            "住民票コードは半角数字11桁で、区切りを入れずに記入してください。",
            "Write the resident code as 11 half-width digits without separators.",
        )
    if check_digit and not in_.is_valid("0" + text):
        raise _wrong_check_digit()
    return ResidentCode(text)


def parse_institution_code(text: str) -> InstitutionCode:
    """Read 1 to 128 printable ASCII characters without a blank; raises `InvalidValue`."""
    if not _INSTITUTION_CODE.fullmatch(text):
        raise InvalidValue(
            "number.institution_code",
            "機関別符号は空白のない半角文字128字以内で記入してください。",
            "Write the institution code in 1 to 128 half-width characters without blanks.",
        )
    return InstitutionCode(text)


def parse_corporate_number(text: str) -> CorporateNumber:
    """Read 13 digits, the first a check digit (法人番号の指定等に関する省令 第2条); raises `InvalidValue`."""
    if not _CORPORATE_NUMBER.fullmatch(text):
        raise InvalidValue(
            "number.corporate_number",
            "法人番号は半角数字13桁で、区切りを入れずに記入してください。",
            "Write the corporate number as 13 half-width digits without separators.",
        )
    if not cn.is_valid(text):
        raise _wrong_check_digit()
    return CorporateNumber(text)


def parse_municipality_code(text: str) -> MunicipalityCode:
    """Read 5 digits, or 6 with the check digit, which is checked and dropped; raises `InvalidValue`."""
    match = _MUNICIPALITY_CODE.fullmatch(text)
    if match is None:
        raise _not_municipality_code()
    code = MunicipalityCode(match[1])
    if match[2] is not None and match[2] != municipality_check_digit(code):
        raise _wrong_check_digit()
    return code


def municipality_check_digit(code: str) -> str:
    """The sixth digit after 5 of a municipality code (weights 6 to 2, modulus 11); raises `InvalidValue`."""
    match = _MUNICIPALITY_CODE.fullmatch(code)
    if match is None or match[2] is not None:
        raise _not_municipality_code()
    total = sum(weight * int(digit) for weight, digit in zip(_MUNICIPALITY_WEIGHTS, code, strict=True))
    return str((11 - total % 11) % 10)


def _wrong_check_digit() -> InvalidValue:
    return InvalidValue(
        "number.check_digit",
        "検査用数字が合いません。書き写しの誤りがないか確認してください。",
        "The check digit does not fit: compare the number with its source.",
    )


def _not_municipality_code() -> InvalidValue:
    return InvalidValue(
        "number.municipality_code",
        "市区町村コードは半角数字5桁か、検査数字を含む6桁で記入してください。",
        "Write the municipality code as 5 half-width digits, or as 6 with the check digit.",
    )
