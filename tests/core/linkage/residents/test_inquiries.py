"""Answers to the inquiries of a file: one for each, or none at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest

from meibo.errors import MessageRefused
from meibo.linkage.residents.codec import FileReason, Record
from meibo.linkage.residents.inquiries import Facts, Inquiry, Key, Outcome, answers_to, records_of

REFERENCES = [UUID(f"00000000-0000-4000-8000-00000000000{n}") for n in range(1, 5)]


def line(place: int, count: int, sequence: int, code: str = "0000", reference: UUID | None = None) -> Record:
    return Record(
        {
            "request_record_number": str(place),
            "subject_identification": str(reference or REFERENCES[place - 1]),
            "processing_result_code": code,
            "result_record_count": str(count),
            "result_record_sequence": str(sequence),
        }
    )


ONE, NONE, TWO, FAILED = (
    [line(1, 1, 1)],
    [line(2, 0, 0)],
    [line(3, 2, 1), line(3, 2, 2)],
    [line(4, 0, 0, "9")],
)


def test_a_question_by_number_names_nothing_else() -> None:
    asked = Inquiry(REFERENCES[0], Key.INDIVIDUAL_NUMBER, "123456789018")
    assert records_of([asked], date(2026, 11, 26)) == [
        Record(
            {
                "request_record_number": "1",
                "subject_identification": str(REFERENCES[0]),
                "inquiry_base_date": "2026-11-26",
                "include_removed_residents": "1",
                "subject_individual_number": "123456789018",
            }
        )
    ]
    assert (
        repr(asked) == f"Inquiry(reference={REFERENCES[0]!r}, key={Key.INDIVIDUAL_NUMBER!r}, facts=Facts())"
    )


def test_a_question_by_facts_names_those() -> None:
    facts = Facts("見本　太郎", "ミホン　タロウ", "東京都千代田区", "1", "1950-05-XX")
    [record] = records_of([Inquiry(REFERENCES[0], Key.FACTS, facts=facts)], date(2026, 11, 26))
    assert {name: text for name, text in record.values.items() if name.startswith("subject_")} == {
        "subject_identification": str(REFERENCES[0]),
        "subject_full_name_kanji": "見本　太郎",
        "subject_full_name_kana": "ミホン　タロウ",
        "subject_birth_date": "1950-05-XX",
        "subject_sex": "1",
        "subject_address": "東京都千代田区",
    }


@pytest.mark.parametrize(
    ("facts", "suffice"),
    [
        (Facts("見本　太郎"), False),
        (Facts(birth_date="1950-05-03", sex="1", address="東京都"), False),
        (Facts("見本　太郎", sex="1"), False),
        (Facts("見本　太郎", birth_date="1950-05-03"), True),
        (Facts(kana="ミホン　タロウ", address="東京都"), True),
    ],
)
def test_a_name_alone_does_not_suffice(facts: Facts, suffice: bool) -> None:
    assert facts.suffice() is suffice


def test_nobody_one_and_several_are_told_apart() -> None:
    answers = answers_to(REFERENCES, [*ONE, *NONE, *TWO, *FAILED])
    assert [(a.reference, a.outcome, len(a.records)) for a in answers] == [
        (REFERENCES[0], Outcome.FOUND, 1),
        (REFERENCES[1], Outcome.NOT_FOUND, 1),
        (REFERENCES[2], Outcome.SEVERAL, 2),
        (REFERENCES[3], Outcome.FAILED, 1),
    ]


WRONG: dict[str, tuple[Sequence[Record], FileReason]] = {
    "nothing": ([], FileReason.INCOMPLETE),
    "the last left out": ([*ONE, *NONE, *TWO], FileReason.INCOMPLETE),
    "a candidate left out": ([*ONE, *NONE, TWO[0], *FAILED], FileReason.INCOMPLETE),
    "one twice": ([*ONE, *ONE, *NONE, *TWO, *FAILED], FileReason.DUPLICATE),
    "a candidate twice": ([*ONE, *NONE, TWO[0], TWO[0], *FAILED], FileReason.DUPLICATE),
    "two in each other's place": ([*NONE, *ONE, *TWO, *FAILED], FileReason.REORDERED),
    "candidates in each other's place": ([*ONE, *NONE, TWO[1], TWO[0], *FAILED], FileReason.REORDERED),
    "one more": (
        [*ONE, *NONE, *TWO, *FAILED, line(5, 0, 0, reference=REFERENCES[0])],
        FileReason.UNKNOWN_REQUEST,
    ),
    "another's reference": ([line(1, 1, 1, reference=REFERENCES[1]), *NONE], FileReason.UNKNOWN_REQUEST),
    "no number": ([Record({}), *NONE], FileReason.MALFORMED),
    "no count": ([Record({"request_record_number": "1"})], FileReason.MALFORMED),
    "a count beyond the file": ([line(1, 99_999, 1)], FileReason.INCOMPLETE),
}


@pytest.mark.parametrize(("records", "reason"), WRONG.values(), ids=WRONG)
def test_what_does_not_answer_each_once_answers_none(records: Sequence[Record], reason: FileReason) -> None:
    with pytest.raises(MessageRefused) as refusal:
        answers_to(REFERENCES, records)
    assert refusal.value.reason == reason
