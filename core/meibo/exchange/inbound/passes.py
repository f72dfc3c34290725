"""What the office asks the pass lists: did this applicant, or the holder of this licence, pass?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from meibo import clock
from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.exchange.inbound.lists import Lists
from meibo.exchange.inbound.matching import record_identity
from meibo.exchange.inbound.standing import Candidate, PassFound, PassStanding, look_up, year_of
from meibo.exchange.inbound.tables import pass_list
from meibo.host import Host
from meibo.professions.compiled import Profession
from meibo.professions.law import PassLists
from meibo.professions.rules import Record
from meibo.register.fold import on
from meibo.register.opening import open_licence

CHECK, LIST = "pass_list.check", "pass_list.list"


@dataclass(frozen=True, slots=True)
class ListState:
    """A list that came, by the sender's id; one that was replaced counts no more, nor does one that was forgotten: its
    rows are gone."""

    list: UUID
    year: int
    count: int
    received_at: datetime
    replaced_at: datetime | None
    forgotten_at: datetime | None


@dataclass(frozen=True, slots=True)
class PassOffice:
    """The verbs; each needs `registry:examination:check` for the profession, and a question leaves a leaf before its
    answer."""

    database: Database
    host: Host
    keys: KeyProvider
    lists: Lists
    guard: Guard

    async def check(self, principal: Principal, profession: str, candidate: Candidate) -> PassFound:
        """What the lists say of an applicant. Raises Forbidden, NotFound for a profession without lists."""
        await self._declared(principal, CHECK, profession)
        said = f"{candidate.year}|{candidate.number}|{candidate.full_name}|{candidate.birth_date}"
        term = self.guard.audit.term(profession, f"pass={said}")
        async with self.database.read([self.lists.scopes[profession]]) as connection:
            found = await look_up(connection, self.lists, profession, candidate)
        await self.guard.audit.record(
            leaf(principal, LeafKind.FIND, CHECK, profession, terms=(term,), outcome=found.standing)
        )
        return found

    async def check_licence(self, principal: Principal, profession: str, licence: UUID) -> PassFound:
        """What the lists say of a licence's holder, by what its entry says of the pass; an entry that names no year of
        one is on no list.

        Raises Forbidden, NotFound for no such licence, or a profession without lists.
        """
        declared = await self._declared(principal, CHECK, profession)
        compiled, scope = self.host[profession], self.lists.scopes[profession]
        async with self.database.read([scope], principal.offices) as connection:
            known = await open_licence(connection, compiled, self.keys, licence, offices=principal.offices)
            if known is None or known.scope != scope:
                raise NotFound
            present = on(known.segments, clock.today()) or known.segments[-1]
            candidate = _candidate(compiled, declared, present.record)
            found = PassFound(PassStanding.NOT_ON_THE_LIST)
            if candidate is not None:
                found = await look_up(connection, self.lists, profession, candidate)
        await self.guard.audit.record(
            leaf(principal, LeafKind.READ, CHECK, profession, subjects=(known.pseudonym,))
        )
        return found

    async def listed(self, principal: Principal, profession: str) -> Sequence[ListState]:
        """The lists that came, oldest first. Raises Forbidden, NotFound for a profession without lists."""
        await self._declared(principal, LIST, profession)
        row, scope = pass_list.c, self.lists.scopes[profession]
        ordered = select(pass_list).where(row.scope == scope).order_by(row.received_at)
        async with self.database.read([scope]) as connection:
            return [
                ListState(
                    each.list, each.year, each.size, each.received_at, each.replaced_at, each.forgotten_at
                )
                for each in await connection.execute(ordered)
            ]

    async def _declared(self, principal: Principal, operation: str, profession: str) -> PassLists:
        await self.guard.demand(principal, Permission.EXAMINATION_CHECK, operation, profession)
        found = self.host.professions.get(profession)
        if found is None or found.plugin.pass_lists is None:
            await self.guard.refused(principal, operation, profession, NotFound.code)
            raise NotFound("pass list")
        return found.plugin.pass_lists


def _candidate(profession: Profession, declared: PassLists, record: Record) -> Candidate | None:
    """What an entry says of its holder's pass; None where it names no year."""
    year = year_of(record.value(declared.passed)) if declared.passed else None
    if year is None:
        return None
    holder = profession.plugin.holder
    parts = (record.value(path) for path in (holder.family_name, holder.given_name))
    number = record.value(declared.number) if declared.number else None
    _, birth = record_identity(profession, record)
    return Candidate(year, "".join(str(part) for part in parts if part), birth, str(number or ""))
