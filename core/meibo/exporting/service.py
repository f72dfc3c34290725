"""The export: page after page, in the order of register numbers, all as known at one instant.

An intent leaf is durable before the first row leaves, and the manifest's leaf before the last: who has the whole file
has what the log tells of it. The licences are not listed one by one, since they are all.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select

from meibo.access.guard import leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.database.paging import LARGEST_SIZE, PageRequest
from meibo.errors import OperatorError
from meibo.exporting.columns import Column, columns_of
from meibo.exporting.manifests import SHA256, Manifest
from meibo.exporting.texts import as_field
from meibo.installation import Installation
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.reader import Reader
from meibo.registry.views import GroupView, Head

OPERATION = "export"


class Encoding(StrEnum):
    """How a file is written. A character that CP932 lacks ends the export: nothing is put in its place."""

    UTF_8 = "utf-8"
    UTF_8_SIG = "utf-8-sig"
    CP932 = "cp932"


@dataclass(slots=True)
class Exporter:
    """Exports one profession's register as the caller may see it."""

    installation: Installation
    principal: Principal
    profession: Profession
    encoding: Encoding = Encoding.UTF_8
    manifest: Manifest | None = field(default=None, init=False)
    """Known when all was given."""

    async def begin(self) -> None:
        """Put the intent on record. Raises Forbidden, AuditUnavailable."""
        code = self.profession.code
        await self.installation.guard.demand(self.principal, Permission.EXPORT_RUN, OPERATION, code)
        await self.installation.guard.demand(self.principal, Permission.LICENCE_READ, OPERATION, code)
        await self._record(LeafKind.INTENT)

    async def parts(self) -> AsyncIterator[bytes]:
        """The file in parts, after `begin`; raises OperatorError for a character that the encoding lacks."""
        columns = columns_of(self.profession, self.principal, await self._longest())
        count, digest = 0, hashlib.sha256()
        held = self._encoded([[column.header for column in columns]], first=True)
        async for heads, reader in self._pages():
            digest.update(held)
            yield held
            held = self._encoded(await self._rows(reader, heads, columns))
            count += len(heads)
        digest.update(held)
        self.manifest = Manifest(self.profession.code, count, digest.hexdigest())
        await self._record(LeafKind.EXPORT, count=count, reference=f"{SHA256}{self.manifest.sha256}")
        yield held

    async def _pages(self) -> AsyncIterator[tuple[Sequence[Head], Reader]]:
        """Every licence with an entry today; each page has a reader of its own, whose log the manifest stands for."""
        after: str | None = None
        while True:
            reader = self.installation.reader(self.principal, OPERATION)
            page = await reader.page(
                self.profession.code,
                ListFilter(),
                Order.REGISTRATION_NUMBER_ASC,
                PageRequest(first=LARGEST_SIZE, after=after),
            )
            if page.nodes:
                yield page.nodes, reader
            if not page.has_next:
                return
            after = page.cursors[-1]

    async def _rows(
        self, reader: Reader, heads: Sequence[Head], columns: Sequence[Column]
    ) -> Iterator[list[str]]:
        groups = {key: await reader.rows(key, heads) for key in {column.group for column in columns}}
        return ([_field(groups[c.group][place], c) for c in columns] for place in range(len(heads)))

    async def _longest(self) -> dict[str, int]:
        """How many rows the longest list of each group has."""
        scope = self.installation.scopes.of(self.profession.code)
        found: dict[str, int] = {}
        async with self.installation.register.read([scope], self.principal.offices) as connection:
            for spec in self.profession.content_groups:
                if spec.repeats:
                    row = tables.group_table(self.profession.code, spec).c
                    last = await connection.scalar(select(func.max(row.position)).where(row.scope == scope))
                    found[spec.key] = 0 if last is None else last + 1
        return found

    def _encoded(self, rows: Iterator[list[str]] | list[list[str]], *, first: bool = False) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        encoding = self.encoding if first else self.encoding.replace("-sig", "")
        try:
            return text.getvalue().encode(encoding)
        except UnicodeEncodeError:
            raise OperatorError(
                f"A character of this register is none of {self.encoding.upper()}: export it as UTF-8."
            ) from None

    async def _record(
        self, kind: LeafKind, *, count: int | None = None, reference: str | None = None
    ) -> None:
        await self.installation.audit.record(
            leaf(self.principal, kind, OPERATION, self.profession.code, count=count, reference=reference)
        )


def _field(rows: Sequence[GroupView], column: Column) -> str:
    """One item of the row at the column's position."""
    if column.position >= len(rows):
        return ""
    return as_field(rows[column.position].values.get(column.item.name))
