"""Individual numbers and their like, sealed, for each person and register file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.clock import now, today
from meibo.crypto.envelopes import WrappedKey
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database, UnitOfWork
from meibo.errors import NotFound, NumberDestroyed, SealBroken
from meibo.values.pseudonyms import PersonId
from meibo.vault.enrolling import ManyNumbers, current_of
from meibo.vault.keystore import KeyStore
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.locks import lock, name_of
from meibo.vault.refusals import duplicate_number, settle, several_persons
from meibo.vault.seals import NumberSeals, Place
from meibo.vault.tables import enrolment
from meibo.vault.upkeep import Upkeep

KEY_BACKUP_DAYS = 7
"""How long a backup of the key store may live: the day on which a destroyed number is gone for good."""


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """What the registers may know of a number: whether it is held, or when it was destroyed."""

    held: bool
    destroyed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The enrolments whose keys are gone, and the day after which no backup of the key store holds one."""

    enrolments: tuple[UUID, ...]
    gone_after_date: date


class Numbers:
    """Enrols, finds, opens and destroys numbers, in the stores `numbers` and `keys`."""

    def __init__(self, database: Database, keystore: KeyStore, keys: KeyProvider) -> None:
        self._database = database
        self._keystore = keystore
        self._seals = NumberSeals(keys)
        self.upkeep = Upkeep(database, keystore)
        self.many = ManyNumbers(database, keystore, self._seals)

    async def enrol(
        self,
        enrolment_id: UUID,
        person: PersonId,
        file: str,
        kind: NumberKind,
        number: str,
        verified_by: VerifiedBy,
    ) -> UUID:
        """Enrol the person's number in the file; the enrolment that now stands for it.

        The caller draws `enrolment_id`, one for each act, so that the same act twice is one enrolment. A
        number that is the person's already stays under its own enrolment, and is current again if it had
        been replaced; another number replaces the current one, which is kept.

        Raises InvalidValue; Refused (DUPLICATE) where the number is another person's in this file, or the id
        was used for another number.
        """
        place, number = Place(enrolment_id, person, file, kind), parse_number(kind, number)
        return await settle(lambda: self._enrol(place, number, verified_by), duplicate_number)

    async def find(self, file: str, kind: NumberKind, number: str) -> PersonId | None:
        """Whose number it is or was, in this file. Raises InvalidValue."""
        holder = await self._holder(file, kind, parse_number(kind, number))
        if holder is None:
            return None
        async with self._database.read() as connection:
            return await connection.scalar(select(enrolment.c.person).where(enrolment.c.id == holder))

    def mark(self, file: str, profession: str, kind: NumberKind, number: str) -> str:
        """The number as records outside the vault may name it; see `NumberSeals.mark`. Raises InvalidValue."""
        return self._seals.mark(file, profession, kind, parse_number(kind, number))

    async def person_with(self, kind: NumberKind, number: str, files: Iterable[str]) -> PersonId | None:
        """Whose number it is or was in any of the files: how a second profession finds the same person.

        Raises InvalidValue; Refused (DUPLICATE) where the files name two persons.
        """
        persons = {await self.find(file, kind, number) for file in files} - {None}
        if len(persons) > 1:
            raise several_persons()
        return next(iter(persons), None)

    async def reveal(self, person: PersonId, file: str, kind: NumberKind) -> str:
        """The current number. Raises NotFound, NumberDestroyed, and SealBroken where something was moved."""
        current = select(enrolment.c.id, enrolment.c.sealed).where(*current_of([person], file, kind))
        async with self._database.read() as connection:
            row = (await connection.execute(current)).one_or_none()
        if row is None:
            raise NotFound("number")
        wrapped = await self._keystore.get(row.id)
        if wrapped is None:
            raise NumberDestroyed if row.id in await self._keystore.held_status([row.id]) else SealBroken
        return self._seals.open(Place(row.id, person, file, kind), wrapped, row.sealed)

    async def statuses(
        self, persons: Collection[PersonId], file: str, kind: NumberKind
    ) -> dict[PersonId, NumberStatus]:
        """The status of each person's number, in two statements; all of `persons` are answered."""
        found = {person: status for person, (_, status) in (await self.current(persons, file, kind)).items()}
        return {person: found.get(person, NumberStatus(held=False)) for person in persons}

    async def current(
        self, persons: Collection[PersonId], file: str, kind: NumberKind
    ) -> dict[PersonId, tuple[UUID, NumberStatus]]:
        """The current enrolment of each person who has one, and its status; in two statements."""
        current = select(enrolment.c.id, enrolment.c.person).where(*current_of(persons, file, kind))
        async with self._database.read() as connection:
            owners = {row.id: row.person for row in await connection.execute(current)}
        kept = await self._keystore.held_status(owners)
        return {
            owners[id]: (id, NumberStatus(status.held, status.destroyed_at)) for id, status in kept.items()
        }

    async def holds_any(self, person: PersonId) -> bool:
        """Whether any number of the person was ever enrolled, in any file."""
        async with self._database.read() as connection:
            found = select(enrolment.c.id).where(enrolment.c.person == person).limit(1)
            return await connection.scalar(found) is not None

    async def destroy(
        self, person: PersonId, file: str, kinds: Collection[NumberKind], until: datetime | None = None
    ) -> Destroyed:
        """Destroy the person's numbers in this file, replaced ones too, and no other file's. Raises NotFound.

        What an act has relied on after `until` stays.

        The key goes first. The mark on the enrolment is the list by which a restored key store is shredded
        again.
        """
        async with self._database.write() as work:
            of_person = select(enrolment.c.id).where(
                enrolment.c.person == person, enrolment.c.file == file, enrolment.c.kind.in_(kinds)
            )
            if until is not None:
                of_person = of_person.where(enrolment.c.claimed_at <= until)
            ids = list((await work.connection.scalars(of_person.with_for_update())).all())
            if not ids:
                raise NotFound("number")
            await self._keystore.destroy(ids)
            await work.connection.execute(
                update(enrolment)
                .where(enrolment.c.id.in_(ids), enrolment.c.destroyed_at.is_(None))
                .values(destroyed_at=now())
            )
            await work.commit()
        return Destroyed(tuple(ids), today() + timedelta(days=KEY_BACKUP_DAYS))

    async def _holder(self, file: str, kind: NumberKind, number: str) -> UUID | None:
        """The enrolment that the key store finds by the number."""
        versions = await self._keystore.versions(file, kind)
        return await self._keystore.find(file, kind, self._seals.hashes(file, kind, number, versions))

    async def _enrol(self, place: Place, number: str, verified_by: VerifiedBy) -> UUID:
        """One try. The locks prove that a key without an enrolment belongs to no act that still runs."""
        async with self._database.write() as work:
            await lock(work, name_of(place.enrolment), self._seals.lock(place.file, place.kind, number))
            holder = await self._holder(place.file, place.kind, number)
            if holder is not None and await self._claim(work.connection, holder, place):
                await work.commit()
                return holder
            if holder not in (None, place.enrolment):
                await self._keystore.destroy([holder])
            wrapped = await self._data_key(place, number, kept=holder == place.enrolment)
            await self._insert(work, place, self._seals.seal(place, wrapped, number), verified_by)
            await work.commit()
            return place.enrolment

    async def _claim(self, connection: AsyncConnection, holder: UUID, place: Place) -> bool:
        """Rely on the enrolment that is there, if it is; raises Refused (DUPLICATE) for another person's."""
        held = select(enrolment.c.person, enrolment.c.replaced_at).where(enrolment.c.id == holder)
        row = (await connection.execute(held.with_for_update())).one_or_none()
        if row is None:
            return False
        if row.person != place.person:
            raise duplicate_number()
        if row.replaced_at is not None:
            await _replace(connection, place)
        await connection.execute(
            update(enrolment)
            .where(enrolment.c.id == holder)
            .values(claimed_by=place.enrolment, claimed_at=now(), replaced_by=None, replaced_at=None)
        )
        return True

    async def _data_key(self, place: Place, number: str, *, kept: bool) -> WrappedKey:
        """The enrolment's data key: the one that an interrupted act left, or a new one."""
        wrapped = await self._keystore.get(place.enrolment) if kept else None
        if wrapped is None:
            wrapped = self._seals.new_key(place)
            found_by = self._seals.newest_hash(place.file, place.kind, number)
            await self._keystore.put(place.enrolment, place.file, place.kind, wrapped, found_by)
        return wrapped

    async def _insert(self, work: UnitOfWork, place: Place, sealed: bytes, verified_by: VerifiedBy) -> None:
        await _replace(work.connection, place)
        instant = now()
        await work.connection.execute(
            insert(enrolment).values(
                id=place.enrolment,
                person=place.person,
                file=place.file,
                kind=place.kind,
                sealed=sealed,
                verified_by=verified_by,
                enrolled_at=instant,
                claimed_by=place.enrolment,
                claimed_at=instant,
            )
        )


async def _replace(connection: AsyncConnection, place: Place) -> None:
    """Put the current enrolment of the place, if there is one, into the past."""
    await connection.execute(
        update(enrolment)
        .where(*current_of([place.person], place.file, place.kind))
        .values(replaced_by=place.enrolment, replaced_at=now())
    )
