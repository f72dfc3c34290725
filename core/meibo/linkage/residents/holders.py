"""Whom the network is asked about: holders as the register knows them today, and on whose account it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.crypto.keys import KeyProvider
from meibo.errors import NotFound
from meibo.linkage.residents.exchange import CONNECTOR, Wanted
from meibo.linkage.residents.inquiries import Facts
from meibo.linkage.residents.requests import Request
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register.fold import on
from meibo.register.opening import open_licence
from meibo.register.tables import licence as licence_table
from meibo.values.dates import as_partial
from meibo.values.pseudonyms import LicencePseudonym


@dataclass(frozen=True, slots=True)
class Holders:
    """Reads whom a file is about, within a connection's scope."""

    keys: KeyProvider

    async def wanted(self, connection: AsyncConnection, requests: Sequence[Request]) -> list[Wanted]:
        """The holders of the requests' licences."""
        row = licence_table.c
        asked = select(row.id, row.pseudonym).where(row.id.in_([each.licence for each in requests]))
        pseudonyms = {id: LicencePseudonym(pseudonym) for id, pseudonym in await connection.execute(asked)}
        return [Wanted(each.id, each.licence, pseudonyms[each.licence]) for each in requests]

    async def facts_of(
        self, connection: AsyncConnection, profession: Profession, wanted: Sequence[Wanted]
    ) -> dict[UUID, Facts]:
        """By reference, the facts of those who are asked about by them."""
        known = {each.reference: await self.facts(connection, profession, each.licence) for each in wanted}
        return {reference: facts for reference, (_, facts) in known.items()}

    async def facts(
        self,
        connection: AsyncConnection,
        profession: Profession,
        licence: UUID,
        *,
        address: str = "",
        offices: Iterable[str] | None = None,
    ) -> tuple[LicencePseudonym, Facts]:
        """A licence's pseudonym and its holder's facts, with an address that somebody gives; raises NotFound."""
        known = await open_licence(connection, profession, self.keys, licence, offices=offices)
        if known is None or not known.segments:
            raise NotFound
        segment = on(known.segments, clock.today()) or known.segments[-1]
        facts = facts_of(profession, segment.record)
        return LicencePseudonym(known.pseudonym), replace(facts, address=address)


def facts_of(profession: Profession, record: Record) -> Facts:
    """The facts that a register keeps; an address is none of them."""
    holder = profession.plugin.holder

    def joined(*paths: str) -> str:
        return "　".join(str(value) for path in paths if (value := record.value(path)))

    born = record.value(holder.birth_date)
    return Facts(
        name=joined(holder.family_name, holder.given_name),
        kana=joined(holder.family_name_kana, holder.given_name_kana),
        sex=str(record.value(holder.sex) or ""),
        birth_date=as_partial(born).value if born else "",
    )


def network_principal(profession: str) -> Principal:
    """On whose account answers are filed: nobody's but the link's, at one profession."""
    may = frozenset({Permission.NUMBER_ENROL, Permission.REPLY_WRITE})
    return Principal(f"link:{CONNECTOR}", CONNECTOR, "link", Surface.COMMAND, may, frozenset({profession}))
