"""The doctors: synthetic records that our own rules find sound, each with the history that its number gives it.

One in two was reprimanded, one in six was suspended as well; both are over. So 20 doctors have about 13
dispositions, far more than doctors have, for the sake of the query that reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from meibo.access.tokens import command_principal
from meibo.clock import today
from meibo.demo.holders import FIRST_NUMBER, Filler
from meibo.demo.persons import persons
from meibo.host import Host
from meibo.importing.reading import sorted_out
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import validation
from meibo.register.dispositions import Order
from meibo.register.fold import Act, Patch, Segment, State, Verb, fold, on, spans
from meibo.register.rows import Decision, StoredVersion
from meibo.register.writing import LicenceWriter
from meibo.values.dates import last_day_of_months
from meibo.values.pseudonyms import new_licence_pseudonym, new_portal_alias

CODE = "doctor"
PATTERNS = 4_000
"""Persons; the doctors after them are the same persons over again, under numbers of their own."""
REPRIMANDED_EVERY, SUSPENDED_EVERY = 2, 6
OPERATOR = command_principal("bench", (CODE,))
WORDS = {"reason": "101", "reason_text": "", "delay_reason": ""}
NARROW = "register"
"""The one group that a narrow set keeps, of entries without a disposition: growth is measured on it."""


@dataclass(frozen=True)
class Doctor:
    """One doctor: the acts, and what followed from them."""

    licence: UUID
    pseudonym: str
    number: str
    record: Record
    acts: Sequence[Act]
    segments: Sequence[Segment]

    @property
    def state(self) -> State:
        """The standing today."""
        return (on(self.segments, today()) or self.segments[-1]).state


class Doctors:
    """Draws doctors by number, from 1; the same number gives the same doctor, ids and pseudonyms aside."""

    def __init__(self, host: Host, *, narrow: bool = False) -> None:
        self.profession: Profession = host[CODE]
        self.narrow = narrow
        self._empty = _narrowed(self.profession.empty()) if narrow else self.profession.empty()
        self.entries = [{NARROW: patch[NARROW]} if narrow else patch for patch in _patches(host)]

    def write(self, writer: LicenceWriter, index: int, at: datetime) -> Doctor:
        """Queue every row of a doctor, by the functions that an office's acts use."""
        decisions = self._decisions(index)
        acts = [decision.act(uuid4(), number) for number, decision in enumerate(decisions, 1)]
        doctor = self._doctor(acts)
        secret = writer.add_licence(
            doctor.licence, doctor.pseudonym, new_portal_alias(), "", doctor.number,
            self.profession.office(doctor.record), at, doctor.segments,
        )  # fmt: skip
        for act, decision in zip(acts, decisions, strict=True):
            writer.add_action(
                OPERATOR, doctor.licence, secret, act.number, act.id, decision, at, len(doctor.segments)
            )
        for version, (segment, start, end) in enumerate(spans(doctor.segments), 1):
            stored = StoredVersion(uuid4(), version, 1)  # No act changed the record: all share its content.
            writer.add_version(doctor.licence, secret, stored, segment, at)
            writer.add_span(doctor.licence, stored.id, start, end, at)
        return doctor

    def _doctor(self, acts: Sequence[Act]) -> Doctor:
        segments = fold(self._empty, acts)
        record = segments[0].record
        number = str(record.value(self.profession.plugin.number))
        return Doctor(uuid4(), new_licence_pseudonym(), number, record, acts, segments)

    def _decisions(self, index: int) -> list[Decision]:
        patch = self.entries[index % len(self.entries)]
        own = {"registration_id": index, "registration_number": str(FIRST_NUMBER + index)}
        patch = {**patch, "register": {**patch["register"], **own}}
        entered = patch["register"]["registration_date"]
        entry = Decision(Verb.REGISTER, entered, "register", patch, WORDS)
        return [entry] if self.narrow else [entry, *_measures(index, entered)]


def _measures(index: int, entered: date) -> Iterator[Decision]:
    if index % REPRIMANDED_EVERY == 0:
        day = entered + timedelta(days=30 + index % 300)
        order = Order(code="01", start_date=day, number=f"戒告{index}号", remarks="測定用")
        yield Decision(Verb.REPRIMAND, day, "reprimand", {}, WORDS, order)
    if index % SUSPENDED_EVERY == 0:
        day = entered + timedelta(days=340)
        end = last_day_of_months(day, 1 + index % 3)
        order = Order(code="02", start_date=day, end_date=end, number=f"停止{index}号", remarks="測定用")
        yield Decision(Verb.SUSPEND, day, "suspend", {}, WORDS, order)


def _patches(host: Host) -> Iterator[Patch]:
    """What is entered of each person, as an import reads it."""
    filler = Filler(host, CODE, seed=1)
    for person in persons(PATTERNS, 1, of=CODE):
        raw, _ = sorted_out(filler.columns, list(filler.row(person).values()))
        yield validation.read(host[CODE], raw, filler.codes.known).patch


def _narrowed(record: Record) -> Record:
    return replace(record, groups={NARROW: record.groups[NARROW]})
