"""Which numbers the vault keeps, how each is read, and how a person was identified when it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from meibo.values.numbers import parse_individual_number, parse_institution_code, parse_resident_code


class NumberKind(StrEnum):
    """A number that has no place outside the vault."""

    INDIVIDUAL_NUMBER = "individual_number"
    INSTITUTION_CODE = "institution_code"
    RESIDENT_CODE = "resident_code"


_READ: Mapping[NumberKind, Callable[[str], str]] = {
    NumberKind.INDIVIDUAL_NUMBER: parse_individual_number,
    NumberKind.INSTITUTION_CODE: parse_institution_code,
    NumberKind.RESIDENT_CODE: parse_resident_code,
}


def parse_number(kind: NumberKind, text: str) -> str:
    """The one form in which a number is sealed and looked up; raises InvalidValue, which never repeats it."""
    return _READ[kind](text)


class VerifiedBy(StrEnum):
    """How the office made sure whose number it is (本人確認), as 番号法16条 and its orders demand.

    - `JPKI_SIGNATURE`: 公的個人認証, with the number read from the card.
    - `MY_NUMBER_CARD`: the card itself was shown.
    - `NUMBER_NOTICE_AND_PHOTO_ID`: 通知カード, with a document that bears a photograph.
    - `PAPER_COPY`: copies of one of these were sent by post.
    - `RESIDENT_RECORD_AND_PHOTO_ID`: 個人番号が記載された住民票の写し, with such a document.
    - `RESIDENT_RECORD_NETWORK`: asked of the Juki-net (番号法14条2項); no document was taken.
    """

    JPKI_SIGNATURE = "jpki_signature"
    MY_NUMBER_CARD = "my_number_card"
    NUMBER_NOTICE_AND_PHOTO_ID = "number_notice_and_photo_id"
    PAPER_COPY = "paper_copy"
    RESIDENT_RECORD_AND_PHOTO_ID = "resident_record_and_photo_id"
    RESIDENT_RECORD_NETWORK = "resident_record_network"
