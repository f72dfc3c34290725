"""What stands twice: in the file, in the register, in the vault. The line is named, the value never."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.database.among import is_one_of
from meibo.database.bulk import by_index
from meibo.identity import Entry
from meibo.importing.checking import BadRow, item_name, number_path
from meibo.importing.preparing import Prepared
from meibo.installation import Installation
from meibo.professions.compiled import Profession
from meibo.register import tables

IN_FILE = "An earlier row has this value."
NUMBER_TAKEN = "The register has this number already."
VALUE_TAKEN = "The register has this value already."


@dataclass(slots=True)
class Duplicates:
    """Looks for what stands twice, chunk after chunk; of each row it keeps a few bytes."""

    installation: Installation
    begun: Entry
    profession: Profession
    seen: set[bytes] = field(default_factory=set)

    async def find(self, chunk: Prepared) -> list[BadRow]:
        """The rows of a chunk whose values stand in an earlier row, in the register or in the vault."""
        bad = list(self._in_file(chunk))
        scope = self.installation.scopes.of(self.profession.code)
        async with self.installation.register.read([scope]) as connection:
            await by_index(connection)
            bad += [row async for row in self._numbers(connection, scope, chunk)]
            bad += [row async for row in self._values(connection, scope, chunk)]
        return bad + await self._in_vault(chunk)

    def _in_file(self, chunk: Prepared) -> Iterator[BadRow]:
        for line, path, mark in chunk.marks:
            if mark in self.seen:
                yield BadRow(line, item_name(self.profession, path), IN_FILE)
            self.seen.add(mark)

    async def _numbers(
        self, connection: AsyncConnection, scope: int, chunk: Prepared
    ) -> AsyncIterator[BadRow]:
        """Rows whose register number stands in the register."""
        row, lines = tables.licence.c, dict(zip(chunk.number_keys, chunk.lines, strict=True))
        item = item_name(self.profession, self.profession.plugin.number)
        among = is_one_of(row.number_key, list(lines), connection.dialect.name)
        for key in await connection.scalars(select(row.number_key).where(row.scope == scope, among)):
            yield BadRow(lines[key], item, NUMBER_TAKEN)

    async def _values(
        self, connection: AsyncConnection, scope: int, chunk: Prepared
    ) -> AsyncIterator[BadRow]:
        """Rows with a value that a licence of the register has and no other may have."""
        kept = tables.unique_value.c
        for path in self.profession.unique_paths:
            item = item_name(self.profession, path)
            digests = [digest for of, digest in chunk.unique if of == path]
            among = is_one_of(kept.hash, digests, connection.dialect.name)
            known = select(kept.hash).where(kept.scope == scope, kept.path == path, among)
            for digest in await connection.scalars(known):
                yield BadRow(chunk.unique[path, bytes(digest)], item, VALUE_TAKEN)

    async def _in_vault(self, chunk: Prepared) -> list[BadRow]:
        """Rows whose numbers are of somebody who has a licence of this profession, or of two persons."""
        holders = chunk.holders()
        lines = {h.pseudonym: (line, h.numbers) for h, line in zip(holders, chunk.lines, strict=True)}
        clashes = await self.installation.identity.clashes(self.begun, holders)
        bad = []
        for pseudonym, refusal in clashes.items():
            line, numbers = lines[pseudonym]
            path = number_path(self.profession, next(iter(numbers)))
            bad.append(BadRow(line, item_name(self.profession, path), refusal.findings[0].en))
        return bad
