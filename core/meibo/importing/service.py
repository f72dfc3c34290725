"""The import: read every row, refuse the file if one is bad, else enter all of them.

reading -> checking and preparing, in several processes -> duplicates -> publishing, with the vault before it
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

import orjson
from sqlalchemy.exc import IntegrityError

from meibo.access.guard import leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import Leaf, LeafKind
from meibo.errors import Finding, FindingCode, OperatorError, Refused
from meibo.identity import Drawing, Drawn, Entry, NewHolder, VerifiedBy
from meibo.importing.checking import BadRow
from meibo.importing.duplicates import Duplicates
from meibo.importing.files import Line, Table
from meibo.importing.headers import Column, resolve
from meibo.importing.preparing import Job, Prepared, unpacked
from meibo.importing.processes import Processes, Workers
from meibo.importing.publishing import Publication, publication
from meibo.installation import Installation
from meibo.professions.compiled import Profession

OPERATION = "import"
DRY_RUN = "import.dry_run"
MOST_BAD_ROWS = 100
TOGETHER = 4
"""Chunks whose holders go to the vault at once: every time costs three commits, and others wait meanwhile."""

Progress = Callable[[int], None]
Batches = AsyncIterator[tuple[Sequence[NewHolder], Drawn]]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many licences were entered, or would be; none where a row is bad."""

    entered: int
    bad: Sequence[BadRow] = ()


@dataclass(slots=True)
class _Survey:
    """What is known of a file when all of it was read."""

    count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)
    """The holders of each chunk, until they are in the vault."""


@dataclass(slots=True)
class Importer:
    """Imports into one profession's register. Entries rest on `legal_basis`, for `reason`; `processes` prepare them, as
    many as the machine has processors where that is 0."""

    installation: Installation
    principal: Principal
    profession: Profession
    legal_basis: str
    reason: str
    verified_by: VerifiedBy
    progress: Progress = lambda count: None
    dry_run: bool = False
    processes: int = 0

    async def run(self, table: Table) -> ImportReport:
        """Enter every row of a table, or none. Raises Forbidden, OperatorError for bad headers, Refused where somebody
        was faster."""
        await self._demand()
        columns = resolve(self.profession, table.headers)
        begun = await self._begin(numbers=any(column.number for column in columns))
        digest = Digest(columns, table.headers)
        drawing = self.installation.identity.drawing(
            self.profession.code, self.profession.file, self.verified_by
        )
        scope = self.installation.scopes.of(self.profession.code)
        async with (
            publication(self.installation.register, self.profession, scope) as opened,
            self._processes(columns, table, drawing, opened).at_work(digest.told(table.rows)) as workers,
        ):
            duplicates = Duplicates(self.installation, begun, self.profession)
            survey = await self._read(workers.prepared(), duplicates, opened)
            if survey.bad:
                return ImportReport(0, sorted(survey.bad, key=lambda b: b.line)[:MOST_BAD_ROWS])
            if not self.dry_run:
                batches = _drawn(workers, survey.packed)
                manifest = self._manifest(survey.count, digest)
                await self._enter(begun, drawing, batches, manifest, opened)
            return ImportReport(survey.count)

    async def _demand(self) -> None:
        code = self.profession.code
        await self.installation.guard.demand(self.principal, Permission.IMPORT_RUN, self._operation, code)
        if not any(basis.id == self.legal_basis for basis in self.profession.plugin.legal_bases):
            known = ", ".join(b.id for b in self.profession.plugin.legal_bases)
            raise OperatorError(f"{self.legal_basis!r} is no legal basis of {code}: {known}.")

    async def _begin(self, *, numbers: bool) -> Entry:
        """The caller may, and it is on record before the vault is asked whose numbers these are."""
        begun = await self.installation.identity.begin_many(
            self.principal, profession=self.profession.code, file=self.profession.file, numbers=numbers,
            operation=self._operation,
        )  # fmt: skip
        await self.installation.codes.refresh()
        return begun

    def _processes(
        self, columns: Sequence[Column], table: Table, drawing: Drawing, opened: Publication
    ) -> Processes:
        job = Job(
            columns=columns,
            dates=table.dates,
            codes=self.installation.codes.all_known(),
            scope=self.installation.scopes.of(self.profession.code),
            dialect=self.installation.register.dialect,
            principal=self.principal,
            legal_basis=self.legal_basis,
            reason=self.reason,
            drawing=drawing,
            folder=opened.folder,
        )
        return Processes(self.profession, self.installation.keys, job, self.processes)

    async def _read(
        self, chunks: AsyncIterator[Prepared], duplicates: Duplicates, opened: Publication
    ) -> _Survey:
        """Stage every chunk; the first bad rows end it, as nothing will be entered."""
        survey = _Survey()
        async for chunk in chunks:
            survey.bad += [*chunk.bad, *await duplicates.find(chunk)]
            survey.count += len(chunk.lines)
            self.progress(len(chunk.lines))
            if len(survey.bad) >= MOST_BAD_ROWS:
                break
            if not survey.bad and not self.dry_run:
                await self._add(opened, chunk)
                survey.packed.append(chunk.packed)
        return survey

    async def _add(self, opened: Publication, chunk: Prepared) -> None:
        try:
            await opened.add(chunk.rows)
        except IntegrityError as error:
            raise Refused(_raced()) from error

    def _manifest(self, count: int, digest: Digest) -> Leaf:
        return leaf(
            self.principal,
            LeafKind.IMPORT,
            OPERATION,
            self.profession.code,
            count=count,
            reference=str(digest),
        )

    async def _enter(
        self, begun: Entry, drawing: Drawing, batches: Batches, manifest: Leaf, opened: Publication
    ) -> None:
        """The manifest, the vault, and then the register's commit."""
        await self.installation.audit.record(manifest)

        async def commit() -> None:
            try:
                await opened.publish()
            except IntegrityError as error:
                raise Refused(_raced()) from error

        await self.installation.identity.enrol_many(begun, drawing=drawing, batches=batches, commit=commit)

    @property
    def _operation(self) -> str:
        return DRY_RUN if self.dry_run else OPERATION


async def _drawn(workers: Workers, packed: Sequence[bytes]) -> Batches:
    """The holders of a few chunks at a time, and as the vault will keep them."""
    some = [packed[start : start + TOGETHER] for start in range(0, len(packed), TOGETHER)]
    waiting = iter(some)
    async for drawn in workers.drawn(some):
        yield unpacked(*next(waiting)), drawn


class Digest:
    """SHA-256 of a file's rows without its numbers: with them, whoever has the rest could try all numbers.

    Each row is its fields as JSON and a line feed, the headers first.
    """

    def __init__(self, columns: Sequence[Column], headers: Sequence[str]) -> None:
        self.kept = [column.number is None for column in columns]
        self.least = max((place for place, kept in enumerate(self.kept, 1) if kept), default=0)
        self.sha256 = hashlib.sha256()
        self._tell(headers)

    def told(self, rows: Iterable[Line]) -> Iterator[Line]:
        """The same rows, while they pass."""
        for line, fields in rows:
            if len(fields) >= self.least:  # A shorter row is bad, and then there is no manifest.
                self._tell(fields)
            yield line, fields

    def _tell(self, fields: Sequence[str]) -> None:
        self.sha256.update(orjson.dumps([*compress(fields, self.kept)]) + b"\n")

    def __str__(self) -> str:
        return f"sha256:{self.sha256.hexdigest()}"


def _raced() -> Finding:
    return Finding(
        (), "同じ番号が同時に登録されました。もう一度実行してください。",
        "Somebody entered one of these register numbers meanwhile: run the import again.",
        FindingCode.DUPLICATE, "item.unique",
    )  # fmt: skip
