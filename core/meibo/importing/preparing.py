"""Preparing a chunk of rows: checked, sealed, hashed, in the form in which the stores take them. Pure, too, but
for the file in which a process stages its rows.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from meibo import clock
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider
from meibo.database.bulk import Ready, shape_of
from meibo.identity import Drawing, Drawn, NewHolder
from meibo.importing.checking import BadRow, Checker, Entry
from meibo.importing.files import Line
from meibo.importing.headers import Column
from meibo.importing.publishing import entry_tables
from meibo.importing.staging import stage
from meibo.importing.styles import DateStyle
from meibo.professions.compiled import Profession
from meibo.randomness import new_id
from meibo.register import tables
from meibo.register.fold import Verb
from meibo.register.rows import Decision, RowWriter
from meibo.registry.entering import add_entry
from meibo.registry.requests import Outcome
from meibo.values.pseudonyms import new_licence_pseudonym, new_portal_alias

MARK_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all chunks of one import share."""

    columns: Sequence[Column]
    dates: DateStyle
    codes: frozenset[tuple[str, str]]
    scope: int
    dialect: str
    principal: Principal
    legal_basis: str
    reason: str
    drawing: Drawing
    folder: Path | None = None
    """Where rows are staged; None where they are handed on."""


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A chunk, ready for the stores: of each licence its line and number key, the values that no other may have, and
    marks of these and of its numbers; rows by table; the holders, packed, since they wait for all other chunks."""

    bad: Sequence[BadRow] = ()
    lines: Sequence[int] = ()
    number_keys: Sequence[str] = ()
    unique: Mapping[tuple[str, bytes], int] = field(default_factory=dict)
    marks: Sequence[tuple[int, str, bytes]] = ()
    rows: Mapping[str, Ready] = field(default_factory=dict)
    packed: bytes = b""

    def holders(self) -> list[NewHolder]:
        """The holders, with their numbers."""
        return unpacked(self.packed)


class Preparer:
    """Prepares the chunks of one import."""

    def __init__(self, profession: Profession, keys: KeyProvider, job: Job) -> None:
        self.profession, self.keys, self.job = profession, keys, job
        codes = job.codes
        self.checker = Checker(profession, job.columns, lambda *code: code in codes, job.dates)
        self.writer = RowWriter(profession, job.scope, keys)
        self.tables = entry_tables(profession)

    def prepare(self, chunk: Iterable[Line]) -> Prepared:
        """The chunk's rows; or what is wrong with them, and nothing else."""
        found = [self.checker.check(line, fields) for line, fields in chunk]
        bad = [row for each in found if isinstance(each, list) for row in each]
        entries = [each for each in found if isinstance(each, Entry)]
        unique = [list(self.writer.unique_values(entry.record)) for entry in entries]
        marks = [
            (entry.line, *mark)
            for entry, values in zip(entries, unique, strict=True)
            for mark in self._marks(entry, values)
        ]
        if bad:
            return Prepared(bad=bad, marks=marks)
        at = clock.now()
        holders = [self._add(entry, at) for entry in entries]
        rows = self.writer.take()
        return Prepared(
            lines=[entry.line for entry in entries],
            number_keys=[row["number_key"] for row in rows.get(tables.licence.name, ())],
            unique={value: e.line for e, values in zip(entries, unique, strict=True) for value in values},
            marks=marks,
            rows=self._handed_on({name: self._ready(name, queued) for name, queued in rows.items()}),
            packed=packed(holders),
        )

    def _handed_on(self, rows: Mapping[str, Ready]) -> Mapping[str, Ready]:
        """The rows, or none where they were staged."""
        if self.job.folder is None:
            return rows
        stage(self.job.folder, self.tables, rows)
        return {}

    def drawn(self, chunks: Sequence[bytes]) -> Drawn:
        """The holders of chunks as the vault will keep them."""
        return self.job.drawing.drawn(unpacked(*chunks))

    def _add(self, entry: Entry, at: datetime) -> NewHolder:
        """Queue an entry's rows. The instant that they bear in the end is the publication's."""
        decision = Decision(
            Verb.REGISTER, entry.day, self.job.legal_basis, entry.patch,
            {"reason": self.job.reason, "reason_text": "", "delay_reason": ""},
        )  # fmt: skip
        holder = NewHolder(new_licence_pseudonym(), new_portal_alias(), entry.numbers)
        add_entry(
            self.writer, self.job.principal, decision, entry.record, Outcome(new_id(), new_id()), holder.pseudonym,
            holder.alias, at,
        )  # fmt: skip
        return holder

    def _marks(self, entry: Entry, unique: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
        """(path, digest) of what no two rows may share."""
        number = self.profession.plugin.number
        yield number, _mark(number, tables.number_key(str(entry.record.value(number))))
        for path, digest in unique:
            yield path, _mark(path, digest.hex())
        for kind, text in entry.numbers.items():
            path = self.checker.number_paths[kind]
            yield path, _mark(path, text)

    def _ready(self, name: str, rows: list[dict[str, object]]) -> Ready:
        return shape_of(tables.metadata.tables[name], self.job.dialect).ready(rows)


def packed(holders: Iterable[NewHolder]) -> bytes:
    """The holders of a chunk, for another process or for later."""
    return pickle.dumps([(h.pseudonym, h.alias, h.numbers) for h in holders], pickle.HIGHEST_PROTOCOL)


def unpacked(*chunks: bytes) -> list[NewHolder]:
    """The holders of chunks."""
    parts = map(pickle.loads, filter(None, chunks))  # Our own processes packed them.
    return [NewHolder(*each) for part in parts for each in part]


def _mark(path: str, text: str) -> bytes:
    """A few bytes in place of a value, so that a file's values need not be kept to find those that stand twice."""
    return blake2b(f"{path}|{text}".encode(), digest_size=MARK_BYTES).digest()
