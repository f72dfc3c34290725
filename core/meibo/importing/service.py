"""The import: read every row, refuse the file if one is bad, else enter all of them in one unit of work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.database.recording import record_instant
from meibo.errors import Finding, FindingCode, InvalidValue, OperatorError, Refused
from meibo.identity import Linked, NewHolder, NumberKind, VerifiedBy, parse_number
from meibo.importing.files import Table
from meibo.importing.headers import Column, resolve
from meibo.installation import Installation
from meibo.items.declaration import Cardinality
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register import search, tables, validation
from meibo.register.fold import Patch, Verb, patched
from meibo.register.writing import Decision, LicenceWriter
from meibo.registry import checks
from meibo.registry.entering import add_entry
from meibo.registry.guard import leaf
from meibo.registry.requests import Outcome
from meibo.values.pseudonyms import new_licence_pseudonym

OPERATION = "import"
MOST_BAD_ROWS = 100

Progress = Callable[[int], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was refused: line, item as the list names it, reason. Never the value."""

    line: int
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many licences were entered; none where a row is bad."""

    entered: int
    bad: Sequence[BadRow] = ()


@dataclass(frozen=True, slots=True, repr=False)
class _Entry:
    """A row that was understood."""

    line: int
    patch: Patch
    record: Record
    numbers: Mapping[NumberKind, str] = field(default_factory=dict)


@dataclass(slots=True)
class Importer:
    """Imports into one profession's register. Entries rest on `legal_basis`, for `reason`."""

    installation: Installation
    principal: Principal
    profession: Profession
    legal_basis: str
    reason: str
    verified_by: VerifiedBy
    progress: Progress = lambda count: None

    async def run(self, table: Table) -> ImportReport:
        """Enter every row of a table, or none. Raises Forbidden, OperatorError for bad headers."""
        code = self.profession.code
        await self.installation.guard.demand(self.principal, Permission.IMPORT_RUN, OPERATION, code)
        self._check_arguments()
        await self.installation.codes.refresh()
        columns = resolve(self.profession, table.headers)
        entries: list[_Entry] = []
        bad: list[BadRow] = []
        for line, fields in table.rows:
            self._take(columns, line, fields, entries, bad)
            self.progress(1)
        bad += self._repeated(entries) + await self._taken(entries)
        if bad:
            return ImportReport(0, sorted(bad, key=lambda b: b.line)[:MOST_BAD_ROWS])
        await self._enter(entries, manifest_digest(columns, table))
        return ImportReport(len(entries))

    def _check_arguments(self) -> None:
        if not any(basis.id == self.legal_basis for basis in self.profession.plugin.legal_bases):
            known = ", ".join(b.id for b in self.profession.plugin.legal_bases)
            raise OperatorError(f"{self.legal_basis!r} is no legal basis of {self.profession.code}: {known}.")

    def _take(
        self,
        columns: Sequence[Column],
        line: int,
        fields: Sequence[str],
        entries: list[_Entry],
        bad: list[BadRow],
    ) -> None:
        if len(fields) != len(columns):
            bad.append(BadRow(line, "-", f"{len(fields)} fields where the header has {len(columns)}"))
            return
        values, numbers = sorted_out(columns, fields)
        reading = validation.read(self.profession, values, self.installation.codes.known)
        findings = [*reading.findings, *_number_findings(self.profession, numbers)]
        record = patched(self.profession.empty(), reading.patch)
        if not findings:
            findings = list(validation.missing(self.profession, record))
            findings += checks.record_findings(
                self.profession, record, None, Verb.REGISTER, self._day(record), frozenset()
            )
        bad += [BadRow(line, _item_name(self.profession, f.path), f.en) for f in findings]
        if not findings:
            entries.append(_Entry(line, reading.patch, record, numbers))

    def _day(self, record: Record) -> date:
        return self.profession.registered_on(record) or clock.today()

    def _repeated(self, entries: Sequence[_Entry]) -> list[BadRow]:
        """Rows whose register number or individual number stands in an earlier row."""
        seen: set[tuple[str, object]] = set()
        bad = []
        for entry in entries:
            keys: list[tuple[str, object]] = [
                (self.profession.plugin.number, tables.number_key(self._number(entry))),
                *search.unique_values(self.installation.keys, self.profession, entry.record),
            ]
            keys += [(_number_path(self.profession, kind), number) for kind, number in entry.numbers.items()]
            bad += [
                BadRow(entry.line, _item_name(self.profession, key[0]), "An earlier row has this value.")
                for key in keys
                if key in seen
            ]
            seen.update(keys)
        return bad

    async def _taken(self, entries: Sequence[_Entry]) -> list[BadRow]:
        """Rows whose register number stands in the register."""
        scope = self.installation.scopes.of(self.profession.code)
        row = tables.licence
        by_key = {tables.number_key(self._number(entry)): entry for entry in entries}
        bad: list[BadRow] = []
        async with self.installation.register.read([scope]) as connection:
            for part in _parts(list(by_key), 500):
                statement = select(row.c.number_key).where(row.c.scope == scope, row.c.number_key.in_(part))
                found = (await connection.execute(statement)).scalars()
                reason = "The register has this number already."
                item = _item_name(self.profession, self.profession.plugin.number)
                bad += [BadRow(by_key[key].line, item, reason) for key in found]
            return bad + await self._shared(connection, entries)

    async def _shared(self, connection: AsyncConnection, entries: Sequence[_Entry]) -> list[BadRow]:
        """Rows with a value that a licence of the register has and no other may have."""
        kept = tables.unique_value.c
        lines = {
            value: entry.line
            for entry in entries
            for value in search.unique_values(self.installation.keys, self.profession, entry.record)
        }
        bad: list[BadRow] = []
        for part in _parts(list(lines), 300):
            found = await connection.execute(
                select(kept.path, kept.hash).where(
                    kept.scope == self.installation.scopes.of(self.profession.code),
                    tuple_(kept.path, kept.hash).in_(part),
                )
            )
            reason = "The register has this value already."
            bad += [
                BadRow(lines[row.path, row.hash], _item_name(self.profession, row.path), reason)
                for row in found
            ]
        return bad

    async def _enter(self, entries: Sequence[_Entry], digest: str) -> None:
        code = self.profession.code
        holders = [
            NewHolder(new_licence_pseudonym(), e.numbers, self.verified_by if e.numbers else None)
            for e in entries
        ]
        manifest = leaf(
            self.principal, LeafKind.IMPORT, OPERATION, code, count=len(entries), reference=f"sha256:{digest}"
        )
        await self.installation.audit.record(manifest)

        async def commit(linked: Sequence[Linked]) -> None:
            await self._commit(entries, holders, linked)

        await self.installation.identity.enrol_many(
            self.principal,
            profession=code,
            file=self.profession.file,
            holders=holders,
            operation=OPERATION,
            commit=commit,
        )

    async def _commit(
        self, entries: Sequence[_Entry], holders: Sequence[NewHolder], linked: Sequence[Linked]
    ) -> None:
        scope = self.installation.scopes.of(self.profession.code)
        async with self.installation.register.write([scope]) as work:
            writer = LicenceWriter(work.connection, self.profession, scope, self.installation.keys)
            at = await record_instant(work.connection)
            for entry, holder, link in zip(entries, holders, linked, strict=True):
                decision = Decision(
                    Verb.REGISTER, self._day(entry.record), self.legal_basis, entry.patch,
                    {"reason": self.reason, "reason_text": "", "delay_reason": ""},
                )  # fmt: skip
                outcome = Outcome(uuid4(), uuid4())
                add_entry(
                    writer, self.principal, decision, entry.record, outcome, holder.pseudonym, link.alias, at
                )
            try:
                await writer.flush()
            except IntegrityError as error:
                raise Refused(_raced()) from error
            await work.commit()

    def _number(self, entry: _Entry) -> str:
        return str(entry.record.value(self.profession.plugin.number))


def manifest_digest(columns: Sequence[Column], table: Table) -> str:
    """SHA-256 (hex) of a file's rows without its numbers: with them, whoever has the rest could try all numbers."""
    kept = [place for place, column in enumerate(columns) if column.number is None]
    rows = [table.headers, *(fields for _, fields in table.rows)]
    return hashlib.sha256(json.dumps([[row[place] for place in kept] for row in rows]).encode()).hexdigest()


def sorted_out(
    columns: Sequence[Column], fields: Sequence[str]
) -> tuple[validation.Raw, dict[NumberKind, str]]:
    """(values by group, numbers): numbers leave the row at once. Empty fields are no values."""
    values: dict[str, dict[str, str]] = {}
    lists: dict[str, list[dict[str, str]]] = {}
    numbers: dict[NumberKind, str] = {}
    for column, text in zip(columns, fields, strict=True):
        if text == "":
            continue
        if column.number:
            numbers[column.number] = text
        elif column.position is None:
            values.setdefault(column.group, {})[column.name] = text
        else:
            rows = lists.setdefault(column.group, [])
            rows += [{} for _ in range(len(rows), column.position + 1)]
            rows[column.position][column.name] = text
    return {**values, **lists}, numbers


def _number_findings(profession: Profession, numbers: Mapping[NumberKind, str]) -> Iterator[Finding]:
    for kind, text in numbers.items():
        try:
            parse_number(kind, text)
        except InvalidValue as error:
            path = _number_path(profession, kind)
            yield Finding(path, error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)


def _number_path(profession: Profession, kind: NumberKind) -> str:
    """The item of the vault's group that is this number."""
    return next(
        f"{n.group}.{n.item.name}"
        for n in profession.numbered
        if profession.groups[n.group].cardinality is Cardinality.VAULT and n.item.kind.name == kind
    )


def _item_name(profession: Profession, path: str | tuple[str, ...]) -> str:
    """`医師18 register.family_name`, `管理栄養士33 practice_periods.start_year[2]` in the second row of a list, or the
    path where it is no single item."""
    parts = path.split(".") if isinstance(path, str) else path
    row = "".join(f"[{int(part) + 1}]" for part in parts if part.isdecimal())
    path = ".".join(part for part in parts if not part.isdecimal())
    for numbered in profession.numbered:
        if path == f"{numbered.group}.{numbered.item.name}":
            return f"{profession.plugin.name[0]}{numbered.number} {path}{row}"
    return path + row


def _parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _raced() -> Finding:
    return Finding(
        (), "同じ番号が同時に登録されました。もう一度実行してください。",
        "Somebody entered one of these register numbers meanwhile: run the import again.",
        FindingCode.DUPLICATE, "item.unique",
    )  # fmt: skip
