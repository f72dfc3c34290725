"""What an administrator does about numbers that go to existing systems: the basis, by two people; the erasures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, insert, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.database.stores import Database, UnitOfWork
from meibo.errors import Finding, NotFound, Refused
from meibo.exchange.numbers.bases import LEGAL_BASIS_LENGTH, Basis, KeptBasis, against_approval
from meibo.exchange.numbers.erasing import Erasure
from meibo.exchange.numbers.tables import feed_basis
from meibo.exchange.numbers.telling import NumberFeed
from meibo.exchange.sides import of_side
from meibo.values.names import validate_text


@dataclass(frozen=True, slots=True)
class NumberOffice:
    """The verbs; each needs `registry:exchange:manage` for the profession, and approving a basis
    `registry:exchange:approve`. Changes leave a leaf first."""

    database: Database
    guard: Guard
    feeds: Sequence[NumberFeed]

    async def bases(self, principal: Principal, connector: str, profession: str) -> list[KeptBasis]:
        """The bases on which the system may have or had numbers, newest first; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.bases", connector, profession)
        newest = feed_basis.c.start_date.desc(), feed_basis.c.proposed_at.desc()
        async with self.database.read([found.given.scope]) as connection:
            rows = await connection.execute(select(feed_basis).where(_of(found)).order_by(*newest))
            return [_kept(row, profession) for row in rows]

    async def propose(
        self,
        principal: Principal,
        connector: str,
        profession: str,
        basis: Basis,
        *,
        validate_only: bool = False,
    ) -> UUID:
        """Enter a basis, which holds once somebody else has approved it.

        Raises Forbidden, NotFound where the system takes no numbers of the profession, InvalidValue for a text that is
        too long, Refused.
        """
        operation, id = "exchange.propose_basis", uuid4()
        found = await self._feed(principal, operation, connector, profession)
        validate_text(basis.legal_basis, LEGAL_BASIS_LENGTH)
        await self._refuse(principal, operation, profession, [*basis.findings(clock.today())])
        row = {
            "id": id, "connector": connector, "scope": found.given.scope,
            "legal_basis": basis.legal_basis.strip(), "start_date": basis.start_date,
            "end_date": basis.end_date, "proposed_by": principal.account, "proposed_at": clock.now(),
        }  # fmt: skip
        async with self._acting(principal, operation, found, id, validate_only=validate_only) as work:
            await work.connection.execute(insert(feed_basis), row)
        return id

    async def approve(
        self, principal: Principal, connector: str, profession: str, id: UUID, *, validate_only: bool = False
    ) -> None:
        """Let a basis hold that somebody else proposed; raises Forbidden, NotFound, Refused."""
        operation = "exchange.approve_basis"
        found = await self._feed(principal, operation, connector, profession, Permission.EXCHANGE_APPROVE)
        row = await self._row(found, id)
        against = [*against_approval(row, principal.account)]
        await self._refuse(principal, operation, profession, against)
        async with self._acting(principal, operation, found, id, validate_only=validate_only) as work:
            waits = (feed_basis.c.approved_at.is_(None), feed_basis.c.ended_at.is_(None))
            approved = {"approved_by": principal.account, "approved_at": clock.now()}
            done = await work.connection.execute(
                update(feed_basis).where(_of(found), feed_basis.c.id == id, *waits).values(approved)
            )
            if done.rowcount != 1:
                raise NotFound("basis that waits")

    async def end(
        self, principal: Principal, connector: str, profession: str, id: UUID, *, validate_only: bool = False
    ) -> None:
        """From now on a basis holds no longer, or is not to be approved: nothing more is sent on it.

        Raises Forbidden, NotFound where it has ended.
        """
        operation = "exchange.end_basis"
        found = await self._feed(principal, operation, connector, profession)
        async with self._acting(principal, operation, found, id, validate_only=validate_only) as work:
            ended = {"ended_by": principal.account, "ended_at": clock.now()}
            one = (_of(found), feed_basis.c.id == id, feed_basis.c.ended_at.is_(None))
            if (await work.connection.execute(update(feed_basis).where(*one).values(ended))).rowcount != 1:
                raise NotFound("basis")

    async def again(
        self, principal: Principal, connector: str, profession: str, *, validate_only: bool = False
    ) -> None:
        """Hand every number over again, on the basis that holds: the system has lost them. Raises Forbidden,
        NotFound."""
        found = await self._feed(principal, "exchange.numbers_anew", connector, profession)
        if not validate_only:
            async with self.guard.acting(principal, "exchange.numbers_anew", connector):
                await found.again()

    async def erasures(self, principal: Principal, connector: str, profession: str) -> list[Erasure]:
        """The erasures that were sent on, those that are not confirmed first; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.erasures", connector, profession)
        async with self.database.read([found.given.scope]) as connection:
            return await found.erasing.listed(connection)

    async def receipt(self, principal: Principal, connector: str, profession: str, erasure: UUID) -> bytes:
        """The system's signed confirmation of an erasure, as it came; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.receipt", connector, profession)
        async with self.database.read([found.given.scope]) as connection:
            receipt = await found.erasing.receipt(connection, erasure)
        if receipt is None:
            await self.guard.refused(principal, "exchange.receipt", profession, NotFound.code)
            raise NotFound("confirmation")
        return receipt

    async def handed(self, principal: Principal, connector: str, profession: str) -> int:
        """Of how many licences the system has a number, or may have one; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.handed", connector, profession)
        async with self.database.read([found.given.scope]) as connection:
            return await found.given.count(connection)

    async def overdue(self) -> Mapping[tuple[str, str], int]:
        """How many erasures are overdue, by connector and profession, for whoever watches: it tells of nobody."""
        async with self.database.read([each.given.scope for each in self.feeds]) as connection:
            return {
                (each.given.connector, each.profession.code): await each.erasing.overdue(connection)
                for each in self.feeds
            }

    async def _feed(
        self,
        principal: Principal,
        operation: str,
        connector: str,
        profession: str,
        permission: Permission = Permission.EXCHANGE_MANAGE,
    ) -> NumberFeed:
        await self.guard.demand(principal, permission, operation, profession)
        for each in self.feeds:
            if (each.given.connector, each.profession.code) == (connector, profession):
                return each
        await self.guard.refused(principal, operation, profession, NotFound.code)
        raise NotFound("system that takes numbers")

    async def _row(self, found: NumberFeed, id: UUID) -> Any:
        async with self.database.read([found.given.scope]) as connection:
            rows = await connection.execute(select(feed_basis).where(_of(found), feed_basis.c.id == id))
            if row := rows.one_or_none():
                return row
        raise NotFound("basis")

    async def _refuse(
        self, principal: Principal, operation: str, profession: str, findings: Sequence[Finding]
    ) -> None:
        if findings:
            await self.guard.refused(principal, operation, profession, findings[0].rule)
            raise Refused(*findings)

    @asynccontextmanager
    async def _acting(
        self, principal: Principal, operation: str, found: NumberFeed, basis: UUID, *, validate_only: bool
    ) -> AsyncIterator[UnitOfWork]:
        """A write upon a basis between its two leaves; it is committed where nothing is raised, and where it is more
        than validated."""
        acting = self.guard.acting(principal, operation, f"{found.given.connector} {basis}")
        writing = self.database.write([found.given.scope])
        async with nullcontext() if validate_only else acting, writing as work:
            yield work
            if not validate_only:
                await work.commit()


def _of(found: NumberFeed) -> ColumnElement[bool]:
    return of_side(feed_basis, found.given.connector, found.given.scope)


def _kept(row: Any, profession: str) -> KeptBasis:
    basis = Basis(legal_basis=row.legal_basis, start_date=row.start_date, end_date=row.end_date)
    return KeptBasis(
        row.id, row.connector, profession, basis, row.proposed_by, row.approved_by, row.ended_by, row.ended_at
    )
