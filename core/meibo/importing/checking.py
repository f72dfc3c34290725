"""Checking a row: every value read by its item's kind, the record by the profession's rules. Pure, so that other
processes may do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from meibo import clock
from meibo.errors import Finding, FindingCode, InvalidValue
from meibo.identity import NumberKind, parse_number
from meibo.importing.headers import Column
from meibo.importing.reading import RowReader, Unsound, sorted_out
from meibo.importing.styles import DateStyle, iso_day
from meibo.items.declaration import Cardinality
from meibo.items.kinds import DayKind, EraDateKind, PartialDateKind
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import validation
from meibo.register.fold import Patch, Verb, patched
from meibo.registry import checks

DAYS = (DayKind, EraDateKind, PartialDateKind)


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was refused: line, item as the list names it, reason. Never the value."""

    line: int
    item: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A row that was understood: what it says, and its numbers as `parse_number` reads them."""

    line: int
    patch: Patch
    record: Record
    day: date
    numbers: Mapping[NumberKind, str] = field(default_factory=dict)


class Checker:
    """Checks the rows of one file."""

    def __init__(
        self,
        profession: Profession,
        columns: Sequence[Column],
        known: validation.KnownCode,
        dates: DateStyle = DateStyle.ISO,
    ) -> None:
        self.profession = profession
        self.columns = columns
        self.known = known
        self.reader = RowReader(profession, columns, known)
        self.dates = dates
        self.number_paths = {c.number: number_path(profession, c.number) for c in columns if c.number}
        self._days = [] if dates is DateStyle.ISO else list(_days(profession, columns))

    def check(self, line: int, fields: Sequence[str]) -> Entry | list[BadRow]:
        """What a row says, or all that is wrong with it."""
        if len(fields) != len(self.columns):
            reason = f"{len(fields)} fields where the header has {len(self.columns)}"
            return [BadRow(line, "-", reason)]
        reading, numbers = self._read(self._in_iso(fields))
        parsed, findings = self._numbers(numbers)
        findings += reading.findings
        record = patched(self.profession.empty(), reading.patch)
        day = self.profession.registered_on(record) or clock.today()
        if not findings:
            findings += validation.missing(self.profession, record)
            findings += checks.record_findings(self.profession, record, None, Verb.REGISTER, day, frozenset())
        if findings:
            return [BadRow(line, item_name(self.profession, f.path), f.en) for f in findings]
        return Entry(line, reading.patch, record, day, parsed)

    def _read(self, fields: Sequence[str]) -> tuple[validation.Reading, Mapping[NumberKind, str]]:
        """What a row says and what was not understood, and its numbers as they stand there."""
        try:
            patch, numbers = self.reader.read(fields)
        except Unsound:
            values, numbers = sorted_out(self.columns, fields)
            return validation.read(self.profession, values, self.known), numbers
        return validation.Reading(patch), numbers

    def _in_iso(self, fields: Sequence[str]) -> Sequence[str]:
        if not self._days:
            return fields
        changed = list(fields)
        for place in self._days:
            changed[place] = iso_day(self.dates, changed[place])
        return changed

    def _numbers(self, numbers: Mapping[NumberKind, str]) -> tuple[dict[NumberKind, str], list[Finding]]:
        parsed: dict[NumberKind, str] = {}
        findings: list[Finding] = []
        for kind, text in numbers.items():
            try:
                parsed[kind] = parse_number(kind, text)
            except InvalidValue as error:
                path = self.number_paths[kind]
                findings.append(Finding(path, error.ja, error.en, FindingCode.INVALID_VALUE, error.rule))
        return parsed, findings


def number_path(profession: Profession, kind: NumberKind) -> str:
    """The item of the vault's group that is this number."""
    return next(
        f"{n.group}.{n.item.name}"
        for n in profession.numbered
        if profession.groups[n.group].cardinality is Cardinality.VAULT and n.item.kind.name == kind
    )


def item_name(profession: Profession, path: str | tuple[str, ...]) -> str:
    """`医師18 register.family_name`, `管理栄養士33 practice_periods.start_year[2]` in the second row of a list, or the
    path where it is no single item."""
    parts = path.split(".") if isinstance(path, str) else path
    row = "".join(f"[{int(part) + 1}]" for part in parts if part.isdecimal())
    path = ".".join(part for part in parts if not part.isdecimal())
    for numbered in profession.numbered:
        if path == f"{numbered.group}.{numbered.item.name}":
            return f"{profession.plugin.name[0]}{numbered.number} {path}{row}"
    return path + row


def _days(profession: Profession, columns: Sequence[Column]) -> Iterator[int]:
    """The places of the columns that are whole days of their own; the date half of a pair stays as the list has it."""
    for place, column in enumerate(columns):
        item = profession.groups[column.group].items[column.name]
        eras = {(c.group, c.name, c.position) for c in columns}
        if isinstance(item.kind, DAYS) and (column.group, item.era, column.position) not in eras:
            yield place
