"""What is asked about one person, and what came back: the lines of a file as questions and answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from meibo.identity import NumberKind
from meibo.linkage.residents.codec import FileReason, Record, refused

DONE = "0000"
"""The processing result of an inquiry that was made, whether it found anybody or not."""


class Key(StrEnum):
    """By what a resident is looked for."""

    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_CODE = "resident_code"
    FACTS = "facts"
    NUMBER_OR_FACTS = "number_or_facts"
    """The individual number where the vault holds one, else the facts."""

    @property
    def number(self) -> NumberKind | None:
        """The number that it is; None for the four facts."""
        if self is Key.NUMBER_OR_FACTS:
            return NumberKind.INDIVIDUAL_NUMBER
        return None if self is Key.FACTS else NumberKind(self)

    @property
    def needs_facts(self) -> bool:
        """Whether holders are asked about by their facts, some of them or all."""
        return self in (Key.FACTS, Key.NUMBER_OR_FACTS)


class Outcome(StrEnum):
    """What came of an inquiry about one person."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    FAILED = "failed"
    """The network could not process it."""
    NO_KEY = "no_key"
    """It was not asked: the vault holds no such number, or the register lacks facts."""
    CONFLICT = "conflict"
    """It was found, with a number that the vault knows as another person's: a member of staff decides."""


class NumberTold(StrEnum):
    """How the individual number that came stands to the one that was asked by."""

    NONE = "none"
    """None came, or several residents may be meant."""
    SAME = "same"
    CHANGED = "changed"
    BY_FACTS = "by_facts"
    """It was asked by facts, or by a resident code: the number is what was wanted."""


@dataclass(frozen=True, slots=True)
class Facts:
    """基本4情報: name (kanji, or kana), address, sex (1 or 2) and date of birth (EDTF)."""

    name: str = field(default="", repr=False)
    kana: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)

    def suffice(self) -> bool:
        """Whether they tell a person from the many of one name."""
        return bool(self.name or self.kana) and bool(self.address or self.birth_date)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question about one person under a reference drawn for it; residents who were struck off are included, since
    else nobody's death would be seen."""

    reference: UUID
    key: Key
    number: str = field(default="", repr=False)
    facts: Facts = field(default_factory=Facts)

    def record(self, place: int, day: date) -> Record:
        """Its line in a file, at a place from 1, about a day."""
        facts = self.facts
        values = {
            "request_record_number": str(place),
            "subject_identification": str(self.reference),
            "inquiry_base_date": day.isoformat(),
            "include_removed_residents": "1",
            "subject_full_name_kanji": facts.name,
            "subject_full_name_kana": facts.kana,
            "subject_birth_date": facts.birth_date,
            "subject_sex": facts.sex,
            "subject_address": facts.address,
        }
        if self.key.number:
            values[f"subject_{self.key}"] = self.number
        return Record({name: text for name, text in values.items() if text})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one inquiry: nobody, one resident, or several who may be meant."""

    reference: UUID
    outcome: Outcome
    records: tuple[Record, ...]


def records_of(inquiries: Sequence[Inquiry], day: date) -> list[Record]:
    """The lines of a file, numbered from 1."""
    return [inquiry.record(place, day) for place, inquiry in enumerate(inquiries, 1)]


def answers_to(references: Sequence[UUID], records: Sequence[Record]) -> list[Answer]:
    """The answers to the inquiries of a file, one for each and in their order.

    Raises MessageRefused for a line of another file, twice, out of its order, or left out: then none is believed.
    """
    answers, left = list[Answer](), list(records)
    for place, reference in enumerate(references, 1):
        taken = _taken(left, place)
        if any(record.values.get("subject_identification") != str(reference) for record in taken):
            raise refused(FileReason.UNKNOWN_REQUEST)
        answers.append(_answer(reference, taken))
        left = left[len(taken) :]
    if left:
        raise refused(FileReason.UNKNOWN_REQUEST)
    return answers


def _taken(left: Sequence[Record], place: int) -> Sequence[Record]:
    """The records of one inquiry, from the front of those that are left: as many as the first of them says."""
    numbers = [_whole(record, "request_record_number") for record in left[:1]]
    if numbers != [place]:
        raise refused(_misplaced(numbers, place))
    count = _whole(left[0], "result_record_count")
    taken = left[: max(count, 1)]
    if [_whole(record, "request_record_number") for record in taken] != [place] * max(count, 1):
        raise refused(FileReason.INCOMPLETE)
    sequence = [_whole(record, "result_record_sequence") for record in taken]
    if sequence != list(range(min(count, 1), count + 1)):
        raise refused(FileReason.DUPLICATE if len(set(sequence)) < len(sequence) else FileReason.REORDERED)
    return taken


def _misplaced(numbers: Sequence[int], place: int) -> FileReason:
    """Why the next record is not of this place."""
    if not numbers:
        return FileReason.INCOMPLETE
    return FileReason.DUPLICATE if numbers[0] < place else FileReason.REORDERED


def _answer(reference: UUID, taken: Sequence[Record]) -> Answer:
    first = taken[0].values
    count = _whole(taken[0], "result_record_count")
    if first.get("processing_result_code") != DONE:
        outcome = Outcome.FAILED
    else:
        outcome = (Outcome.NOT_FOUND, Outcome.FOUND)[count] if count < 2 else Outcome.SEVERAL
    return Answer(reference, outcome, tuple(taken))


def _whole(record: Record, item: str) -> int:
    """A whole number that a line must have; the codec has seen that it is digits."""
    text = record.values.get(item)
    if text is None:
        raise refused(FileReason.MALFORMED)
    return int(text)
