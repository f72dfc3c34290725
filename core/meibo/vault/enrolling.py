"""Many numbers at once: whose they are, and enrolling those that nobody has, in two commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import select

from meibo.clock import now
from meibo.database.bulk import by_index, insert_many
from meibo.database.stores import Database, UnitOfWork
from meibo.values.pseudonyms import PersonId
from meibo.vault.keystore import BATCH, KeyStore, LookupHash, NewKey
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.locks import lock_every
from meibo.vault.seals import NumberSeals, Place
from meibo.vault.tables import enrolment

Number = tuple[NumberKind, str]
"""A number as `parse_number` reads it, by kind."""


class ManyNumbers:
    """Finds and enrols many numbers, in the stores `numbers` and `keys`."""

    def __init__(self, database: Database, keystore: KeyStore, seals: NumberSeals) -> None:
        self._database = database
        self._keystore = keystore
        self._seals = seals

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

    async def enrol_new(
        self, work: UnitOfWork, numbers: Sequence[tuple[Place, str]], verified_by: VerifiedBy
    ) -> None:
        """Enrol numbers that no file has; the caller is `alone` and commits. The keys are kept before."""
        made = [(place, number, *self._seals.sealed_anew(place, number)) for place, number in numbers]
        await self._keystore.put_many(
            NewKey(place.enrolment, place.file, place.kind, wrapped, self._found_by(place, number))
            for place, number, wrapped, _ in made
        )
        at = now()
        rows = (
            {
                "id": place.enrolment,
                "person": place.person,
                "file": place.file,
                "kind": place.kind,
                "sealed": sealed,
                "verified_by": verified_by,
                "enrolled_at": at,
                "claimed_by": place.enrolment,
                "claimed_at": at,
            }
            for place, _, _, sealed in made
        )
        await insert_many(work.connection, enrolment, rows)

    def _found_by(self, place: Place, number: str) -> LookupHash:
        return self._seals.newest_hash(place.file, place.kind, number)

    async def _enrolments(self, file: str, kind: NumberKind, numbers: Collection[Number]) -> dict[str, UUID]:
        """The enrolments that one file has of the numbers of a kind."""
        versions = await self._keystore.versions(file, kind)
        if not versions:
            return {}
        texts = {
            found.hash: text
            for of_kind, text in numbers
            if of_kind == kind
            for found in self._seals.hashes(file, kind, text, versions)
        }
        found = await self._keystore.find_many(file, kind, list(texts))
        return {texts[hash]: id for hash, id in found.items()}

    async def _persons(self, enrolments: Sequence[UUID]) -> Mapping[UUID, PersonId]:
        persons: dict[UUID, PersonId] = {}
        async with self._database.read() as connection:
            await by_index(connection)
            for start in range(0, len(enrolments), BATCH):
                some = enrolment.c.id.in_(enrolments[start : start + BATCH])
                rows = await connection.execute(select(enrolment.c.id, enrolment.c.person).where(some))
                persons |= {row.id: row.person for row in rows}
        return persons
