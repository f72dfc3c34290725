"""Many numbers at once: whose they are, and enrolling those that nobody has, in two commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from meibo.database.among import is_one_of
from meibo.database.bulk import Ready, by_index, pour_tables
from meibo.database.stores import Database, UnitOfWork
from meibo.values.pseudonyms import PersonId
from meibo.vault.keystore import BATCH, KeyStore
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.links import Links
from meibo.vault.locks import lock_every
from meibo.vault.newcomers import NewRows
from meibo.vault.seals import NumberSeals, Place
from meibo.vault.tables import data_key, enrolment, licence_link, lookup, person

Number = tuple[NumberKind, str]
"""A number as `parse_number` reads it, by kind."""


class ManyNumbers:
    """Finds and enrols many numbers, in the stores `numbers` and `keys`."""

    def __init__(self, database: Database, keystore: KeyStore, seals: NumberSeals) -> None:
        self._database = database
        self._keystore = keystore
        self._seals = seals

    def new_rows(self, links: Links, profession: str, file: str, verified_by: VerifiedBy) -> NewRows:
        """Makes the rows of persons whom the vault does not know."""
        dialects = {
            person.name: links.dialect,
            licence_link.name: links.dialect,
            data_key.name: self._keystore.dialect,
            lookup.name: self._keystore.dialect,
            enrolment.name: self._database.dialect,
        }
        return NewRows(self._seals, profession, file, verified_by, dialects)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[UnitOfWork]:
        """A write during which no other act enrols, replaces or withdraws a number."""
        async with self._database.write() as work:
            await lock_every(work)
            yield work

    async def holders(
        self, numbers: Collection[Number], files: Iterable[str]
    ) -> dict[Number, frozenset[PersonId]]:
        """Whose those of the numbers are or were that any of the files knows; nobody's where an act died."""
        enrolments: dict[Number, set[UUID]] = {}
        for file in files:
            for kind in {kind for kind, _ in numbers}:
                for text, id in (await self._enrolments(file, kind, numbers)).items():
                    enrolments.setdefault((kind, text), set()).add(id)
        persons = await self._persons([id for ids in enrolments.values() for id in ids])
        return {
            number: frozenset(persons[id] for id in ids if id in persons)
            for number, ids in enrolments.items()
        }

    async def revealed(self, persons: Sequence[PersonId], file: str, kind: NumberKind) -> dict[PersonId, str]:
        """The current numbers of those of the persons whose numbers are held. Raises SealBroken where something was
        moved."""
        rows = [row for batch in _batches(persons) for row in await self._current(batch, file, kind)]
        keys = await self._keystore.get_many([row.id for row in rows])
        return {
            row.person: self._seals.open(Place(row.id, row.person, file, kind), keys[row.id], row.sealed)
            for row in rows
            if row.id in keys
        }

    async def enrol_new(self, work: UnitOfWork, rows: Mapping[str, Ready]) -> None:
        """Enrol numbers that no file has: `rows` are those of NewRows. The caller is `alone` and commits; the keys are
        kept before."""
        await self._keystore.put_new(rows)
        await pour_tables(work.connection, (enrolment,), rows)

    async def _current(
        self, persons: Sequence[PersonId], file: str, kind: NumberKind
    ) -> Sequence[Row[UUID, str, bytes]]:
        columns = (enrolment.c.id, enrolment.c.person, enrolment.c.sealed)
        current = select(*columns).where(*current_of(persons, file, kind))
        async with self._database.read() as connection:
            await by_index(connection)
            return (await connection.execute(current)).all()

    async def _enrolments(self, file: str, kind: NumberKind, numbers: Collection[Number]) -> dict[str, UUID]:
        """The enrolments that one file has of the numbers of a kind."""
        versions = await self._keystore.versions(file, kind)
        if not versions:
            return {}
        texts = self._seals.by_hash(
            file, kind, [text for of_kind, text in numbers if of_kind == kind], versions
        )
        found = await self._keystore.find_many(file, kind, list(texts))
        return {texts[hash]: id for hash, id in found.items()}

    async def _persons(self, enrolments: Sequence[UUID]) -> Mapping[UUID, PersonId]:
        persons: dict[UUID, PersonId] = {}
        async with self._database.read() as connection:
            await by_index(connection)
            for start in range(0, len(enrolments), BATCH):
                some = is_one_of(enrolment.c.id, enrolments[start : start + BATCH], self._database.dialect)
                rows = await connection.execute(select(enrolment.c.id, enrolment.c.person).where(some))
                persons |= {row.id: row.person for row in rows}
        return persons


def current_of(persons: Collection[PersonId], file: str, kind: NumberKind) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the current enrolments of the persons."""
    return (
        enrolment.c.person.in_(persons),
        enrolment.c.file == file,
        enrolment.c.kind == kind,
        enrolment.c.replaced_at.is_(None),
    )


def _batches(persons: Sequence[PersonId]) -> list[Sequence[PersonId]]:
    return [persons[start : start + BATCH] for start in range(0, len(persons), BATCH)]
