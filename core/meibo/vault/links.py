"""Who holds which licence: persons, licence pseudonyms, portal pseudonyms. The portal reaches this alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.clock import now
from meibo.database.bulk import Ready, by_index, pour_tables
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.values.pseudonyms import (
    LicencePseudonym,
    PersonId,
    PortalAlias,
    PortalPseudonym,
    new_person_id,
    new_portal_alias,
)
from meibo.vault.refusals import duplicate_licence, duplicate_portal, settle, several_persons
from meibo.vault.tables import licence_link, person, portal_link

BATCH = 1_000
LINK: tuple[Column[Any], ...] = (
    licence_link.c.pseudonym,
    licence_link.c.profession,
    licence_link.c.file,
    licence_link.c.person,
    licence_link.c.act,
)
"""The columns of LicenceLink, in its order."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A licence's person, its register's own alias of the portal pseudonym, the act that linked them."""

    person: PersonId
    alias: PortalAlias
    act: UUID


@dataclass(frozen=True, slots=True)
class LicenceLink:
    """A link as it is stored."""

    pseudonym: LicencePseudonym
    profession: str
    file: str
    person: PersonId
    act: UUID


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """One licence of somebody who signs in at the portal: its register's alias is how that register knows them."""

    profession: str
    pseudonym: LicencePseudonym
    alias: PortalAlias


class Links:
    """Links persons, licences and the portal, in the store `links`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect

    async def link(
        self,
        pseudonym: LicencePseudonym,
        profession: str,
        file: str,
        person: PersonId | None = None,
        act: UUID | None = None,
        alias: PortalAlias | None = None,
    ) -> Linked:
        """Give the licence to `person`, or to a new one. A pseudonym that is linked so stays as it is.

        `file` is the register file of the profession, and `act` what the caller's other traces are named by; the
        alias is drawn where the caller drew none. Raises Refused (DUPLICATE) where the pseudonym is another's, or
        the person has one at the profession.
        """
        return await settle(
            lambda: self._link(
                pseudonym, profession, file, person, act or uuid4(), alias or new_portal_alias()
            ),
            duplicate_licence,
        )

    async def link_new(self, rows: Mapping[str, Ready]) -> None:
        """Give many licences to as many new persons, in one commit: `rows` are those of NewRows. Raises IntegrityError
        for any that is there."""
        async with self._database.write() as work:
            await pour_tables(work.connection, (person, licence_link), rows)
            await work.commit()

    async def professions_of(self, persons: Collection[PersonId]) -> dict[PersonId, set[str]]:
        """The professions at which each person has a licence; nobody without one is listed."""
        columns = (licence_link.c.person, licence_link.c.profession)
        found = select(*columns).where(licence_link.c.person.in_(persons))
        professions: dict[PersonId, set[str]] = {}
        async with self._database.read() as connection:
            await by_index(connection)
            for row in await connection.execute(found):
                professions.setdefault(row.person, set()).add(row.profession)
        return professions

    async def person_of(self, pseudonym: LicencePseudonym) -> PersonId | None:
        """Whose licence it is."""
        return (await self.persons_of([pseudonym])).get(pseudonym)

    async def persons_of(self, pseudonyms: Iterable[LicencePseudonym]) -> dict[LicencePseudonym, PersonId]:
        """Whose licences they are, without those that nobody has."""
        found = select(licence_link.c.pseudonym, licence_link.c.person).where(
            licence_link.c.pseudonym.in_(list(pseudonyms))
        )
        async with self._database.read() as connection:
            return {row.pseudonym: row.person for row in await connection.execute(found)}

    async def pseudonyms_of(self, person: PersonId) -> dict[str, LicencePseudonym]:
        """The person's licences by profession."""
        columns = (licence_link.c.profession, licence_link.c.pseudonym)
        found = select(*columns).where(licence_link.c.person == person)
        async with self._database.read() as connection:
            return {row.profession: row.pseudonym for row in await connection.execute(found)}

    async def pseudonym_at(self, person: PersonId, profession: str) -> LicencePseudonym | None:
        """The person's licence of one profession."""
        return (await self.pseudonyms_of(person)).get(profession)

    async def files_of(self, persons: Iterable[PersonId]) -> dict[PersonId, set[str]]:
        """The files in which each person has a licence; nobody without one is listed."""
        columns = (licence_link.c.person, licence_link.c.file)
        found = select(*columns).where(licence_link.c.person.in_(list(persons)))
        files: dict[PersonId, set[str]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(found):
                files.setdefault(row.person, set()).add(row.file)
        return files

    async def alias_of(self, pseudonym: LicencePseudonym) -> PortalAlias:
        """The alias that the licence's register stores in place of the portal pseudonym; raises NotFound."""
        found = select(licence_link.c.alias).where(licence_link.c.pseudonym == pseudonym)
        async with self._database.read() as connection:
            alias: PortalAlias | None = await connection.scalar(found)
        if alias is None:
            raise NotFound
        return alias

    async def link_of(self, pseudonym: LicencePseudonym) -> LicenceLink:
        """The link as it is stored; raises NotFound."""
        one = select(*LINK).where(licence_link.c.pseudonym == pseudonym)
        async with self._database.read() as connection:
            row = (await connection.execute(one)).one_or_none()
        if row is None:
            raise NotFound
        return LicenceLink(*row)

    async def links_before(self, instant: datetime) -> AsyncIterator[list[LicenceLink]]:
        """Every link made before `instant`, in batches, for reconciling."""
        last = ""
        while True:
            page = select(*LINK).where(licence_link.c.created_at < instant, licence_link.c.pseudonym > last)
            async with self._database.read() as connection:
                rows = await connection.execute(page.order_by(licence_link.c.pseudonym).limit(BATCH))
                batch = [LicenceLink(*row) for row in rows]
            if not batch:
                return
            last = batch[-1].pseudonym
            yield batch

    async def move(self, pseudonym: LicencePseudonym, person: PersonId) -> None:
        """Give a lone licence to a person known from elsewhere, and forget the person who had nothing but it.

        Raises NotFound, and Refused (DUPLICATE) where the former person has more than this licence, or the
        new one has a licence of this profession.
        """
        await settle(lambda: self._move(pseudonym, person), duplicate_licence)

    async def unlink(self, pseudonym: LicencePseudonym) -> None:
        """Undo `link`; a person of whom nothing is left goes too."""
        await self.unlink_many([pseudonym])

    async def unlink_many(self, pseudonyms: Collection[LicencePseudonym]) -> None:
        """Undo `link` for many licences at once."""
        await settle(lambda: self._unlink(pseudonyms), several_persons)

    async def link_portal(self, person: PersonId, pseudonym: PortalPseudonym) -> None:
        """Give the person a portal pseudonym; again is no harm. Raises NotFound, and Refused (DUPLICATE)."""
        await settle(lambda: self._link_portal(person, pseudonym), duplicate_portal)

    async def person_at_portal(self, pseudonym: PortalPseudonym) -> PersonId | None:
        """Who signs in at the portal under this pseudonym."""
        found = select(portal_link.c.person).where(portal_link.c.pseudonym == pseudonym)
        async with self._database.read() as connection:
            return await connection.scalar(found)

    async def unlink_portal(self, person_: PersonId) -> bool:
        """Take the person's portal pseudonym away; whether there was one. A person without licences is forgotten."""
        async with self._database.write() as work:
            gone = await work.connection.execute(delete(portal_link).where(portal_link.c.person == person_))
            if gone.rowcount:
                await _forget(work.connection, person_)
                await work.commit()
        return gone.rowcount == 1

    async def held_at_portal(self, pseudonym: PortalPseudonym) -> list[HeldLicence]:
        """The licences of whoever signs in under this pseudonym, by profession; none where nobody does."""
        columns = (licence_link.c.profession, licence_link.c.pseudonym, licence_link.c.alias)
        found = (
            select(*columns)
            .join(portal_link, portal_link.c.person == licence_link.c.person)
            .where(portal_link.c.pseudonym == pseudonym)
            .order_by(licence_link.c.profession)
        )
        async with self._database.read() as connection:
            return [HeldLicence(*row) for row in await connection.execute(found)]

    async def _link(
        self,
        pseudonym: LicencePseudonym,
        profession: str,
        file: str,
        wanted: PersonId | None,
        act: UUID,
        alias: PortalAlias,
    ) -> Linked:
        async with self._database.write() as work:
            there = select(licence_link).where(licence_link.c.pseudonym == pseudonym)
            found = (await work.connection.execute(there)).one_or_none()
            if found is not None:
                if (found.profession, found.file) != (profession, file) or wanted not in (None, found.person):
                    raise duplicate_licence()
                return Linked(found.person, found.alias, found.act)
            linked = Linked(wanted or new_person_id(), alias, act)
            await _keep(work.connection, linked.person)
            await work.connection.execute(
                insert(licence_link).values(
                    pseudonym=pseudonym,
                    profession=profession,
                    file=file,
                    person=linked.person,
                    alias=linked.alias,
                    act=act,
                    created_at=now(),
                )
            )
            await work.commit()
            return linked

    async def _move(self, pseudonym: LicencePseudonym, to: PersonId) -> None:
        async with self._database.write() as work:
            link = select(licence_link.c.person).where(licence_link.c.pseudonym == pseudonym)
            former = await work.connection.scalar(link)
            if former is None:
                raise NotFound
            if former == to:
                return
            await _keep(work.connection, to)
            await work.connection.execute(
                update(licence_link).where(licence_link.c.pseudonym == pseudonym).values(person=to)
            )
            if not await _forget(work.connection, former):
                raise several_persons()
            await work.commit()

    async def _unlink(self, pseudonyms: Collection[LicencePseudonym]) -> None:
        async with self._database.write() as work:
            await by_index(work.connection)
            gone = delete(licence_link).where(licence_link.c.pseudonym.in_(pseudonyms))
            former = set(await work.connection.scalars(gone.returning(licence_link.c.person)))
            if former:
                await _forget(work.connection, *former)
                await work.commit()

    async def _link_portal(self, wanted: PersonId, pseudonym: PortalPseudonym) -> None:
        async with self._database.write() as work:
            found = await work.connection.scalar(
                select(portal_link.c.person).where(portal_link.c.pseudonym == pseudonym)
            )
            if found == wanted:
                return
            if found is not None:
                raise duplicate_portal()
            if await work.connection.scalar(select(person.c.id).where(person.c.id == wanted)) is None:
                raise NotFound("person")
            await work.connection.execute(
                insert(portal_link).values(pseudonym=pseudonym, person=wanted, created_at=now())
            )
            await work.commit()


async def _keep(connection: AsyncConnection, id: PersonId) -> None:
    """See that the person is there: it may have been forgotten since the caller learnt of it."""
    if await connection.scalar(select(person.c.id).where(person.c.id == id)) is None:
        await connection.execute(insert(person).values(id=id, created_at=now()))


async def _forget(connection: AsyncConnection, *ids: PersonId) -> bool:
    """Remove persons with neither licence nor portal; whether none of them had one of these."""
    has_licence = exists().where(licence_link.c.person == person.c.id)
    has_portal = exists().where(portal_link.c.person == person.c.id)
    gone = await connection.execute(delete(person).where(person.c.id.in_(ids), ~has_licence, ~has_portal))
    return gone.rowcount == len(ids)
