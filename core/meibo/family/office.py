"""The office's verbs: obtain symbols, inquire, and look at what was asked and what became of it.

permission -> checks -> batch, messages, actions and jobs in one commit -> the link delivers -> the answer is filed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import walk
from meibo.errors import NotFound, Refused
from meibo.family import checks, reading
from meibo.family.entering import Entering, is_known
from meibo.family.grants import Grants
from meibo.family.records import Batch, FamilyRequest, FamilyStatistics, Inquiry, InquiryKind
from meibo.family.tables import family_batch
from meibo.identity import Identity, NumberKind
from meibo.professions.compiled import Profession
from meibo.register.tables import licence, of_offices
from meibo.registry import refusals
from meibo.registry.scopes import Scopes
from meibo.values.pseudonyms import LicencePseudonym

WANTED: Mapping[InquiryKind, NumberKind] = {
    InquiryKind.SYMBOL: NumberKind.INDIVIDUAL_NUMBER,
    InquiryKind.REGISTER: NumberKind.INSTITUTION_CODE,
}
"""What of the vault's must be held for each kind."""
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
"""Days outside of which nothing was asked."""


@dataclass(frozen=True, slots=True)
class FamilyOffice:
    """The verbs of one installation."""

    database: Database
    professions: Mapping[str, Profession]
    scopes: Scopes
    keys: KeyProvider
    identity: Identity
    guard: Guard
    entering: Entering
    grants: Grants

    async def ask(self, principal: Principal, request: FamilyRequest) -> UUID | None:
        """Ask for all licences of a request, or for none; gives the batch, the same for the same idempotency key, None
        where it was only validated.

        Raises Forbidden without `registry:family:inquire`; Refused with every finding: a legal basis that the
        profession does not have, an item that the network's list does not grant, a licence out of reach or without
        number or symbol. Then nothing is stored, and the refusal has its leaf.
        """
        operation = f"family.{request.kind}"
        await self.guard.demand(principal, Permission.FAMILY_INQUIRE, operation, request.profession)
        try:
            return await self._ask(principal, request)
        except Refused as refusal:
            outcome = refusal.findings[0].rule
            await self.guard.refused(principal, operation, request.profession, outcome)
            raise

    async def inquiries(
        self,
        principal: Principal,
        profession: str,
        batch: UUID | None = None,
        request: PageRequest = FIRST_PAGE,
    ) -> Page[Inquiry]:
        """A page of the inquiries of a profession, or of those of a batch, the newest first; whom they were about is
        told in the audit log. Raises Forbidden, NotFound, BadCursor, InvalidValue."""
        scope = await self._reading(principal, "family.inquiries", profession)
        shape = (scope, batch, principal.account, principal.offices and sorted(principal.offices))
        way = walk(self.keys, "family-inquiries", reading.INQUIRIES, *shape)
        async with self.database.read([scope], principal.offices) as connection:
            statement = reading.inquiries(scope, principal.offices, batch)
            found = await way.page(connection, statement, request)
            inquiries = [reading.inquiry_of(row) for row in found.nodes]
            about = await self._pseudonyms(connection, scope, principal, [each.licence for each in inquiries])
        read = leaf(principal, LeafKind.READ, "family.inquiries", profession, subjects=tuple(about))
        await self.guard.audit.record(read)
        return found.showing(inquiries)

    async def batches(
        self, principal: Principal, profession: str, request: PageRequest = FIRST_PAGE
    ) -> Page[Batch]:
        """A page of the batches of a profession, the newest first, and how far each is; raises Forbidden, NotFound,
        BadCursor, InvalidValue."""
        scope = await self._reading(principal, "family.batches", profession)
        way = walk(self.keys, "family-batches", reading.BATCHES, scope, principal.account)
        async with self.database.read([scope]) as connection:
            found = await way.page(connection, reading.batches(scope), request)
            return found.showing(await reading.told_batches(connection, profession, found.nodes))

    async def batch(self, profession: str, id: UUID) -> Batch | None:
        """What somebody has just asked for, for whoever asked."""
        scope = self.scopes.of(profession)
        async with self.database.read([scope]) as connection:
            rows = (await connection.execute(reading.batches(scope).where(family_batch.c.id == id))).all()
            return next(iter(await reading.told_batches(connection, profession, rows)), None)

    async def statistics(
        self, principal: Principal, profession: str, since: date, until: date
    ) -> FamilyStatistics:
        """How much was asked from one day to another, both included, and what became of it; raises Forbidden,
        NotFound."""
        scope = await self._reading(principal, "family.statistics", profession)
        begins = clock.start_of_day(max(since, FIRST))
        ends = clock.start_of_day(min(until, LAST) + timedelta(days=1))
        async with self.database.read([scope]) as connection:
            return await reading.statistics(connection, scope, profession, begins, ends)

    async def overdue(self) -> dict[str, int]:
        """How many results the intermediate server should have deleted and has not, by profession: a metric, which
        tells of nobody."""
        numbers = {code: self.scopes.of(code) for code in self.professions}
        async with self.database.read(numbers.values()) as connection:
            counts = await reading.overdue(connection, clock.now())
        return {code: counts.get(scope, 0) for code, scope in numbers.items()}

    async def _ask(self, principal: Principal, request: FamilyRequest) -> UUID | None:
        profession, day = self._profession(request.profession), clock.today()
        if found := list(checks.findings(profession, request, self.grants, day)):
            raise Refused(*found)
        scope, batch = self.scopes.of(profession.code), request.batch(principal)
        async with self.database.read([scope], principal.offices) as connection:
            if await is_known(connection, batch, request):
                return batch
            named = await self._pseudonyms(connection, scope, principal, request.licences)
        await self._demand_held(profession, request, named)
        if request.validate_only:
            return None
        basis = checks.basis_of(profession, request.legal_basis, day)
        assert basis is not None
        await self.entering.enter(principal, scope, request, f"{basis.law} {basis.article}")
        return batch

    async def _pseudonyms(
        self, connection: AsyncConnection, scope: int, principal: Principal, licences: Sequence[UUID]
    ) -> list[LicencePseudonym]:
        """The pseudonyms of licences in reach; raises Refused where one is not."""
        wanted, row = set(licences), licence.c
        statement = select(row.pseudonym).where(
            row.id.in_(wanted), row.scope == scope, *of_offices(principal.offices)
        )
        found = [LicencePseudonym(each) for each in (await connection.execute(statement)).scalars()]
        if len(found) < len(wanted):
            raise Refused(refusals.no_licence())
        return found

    async def _demand_held(
        self, profession: Profession, request: FamilyRequest, named: Sequence[LicencePseudonym]
    ) -> None:
        statuses = await self.identity.statuses(named, profession.file, WANTED[request.kind])
        if not all(status.held for status in statuses.values()):
            raise Refused(checks.no_number(request.kind))

    async def _reading(self, principal: Principal, operation: str, profession: str) -> int:
        """The profession's number, for somebody who may read what was asked."""
        await self.guard.demand(principal, Permission.FAMILY_READ, operation, profession)
        return self.scopes.of(self._profession(profession).code)

    def _profession(self, code: str) -> Profession:
        if code not in self.professions:
            raise NotFound("profession")
        return self.professions[code]
