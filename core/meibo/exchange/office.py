"""What an administrator does about the exchange: looks at the feeds, says who changes an item, settles conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.exchange.comparing import OpenedConflict, compared
from meibo.exchange.feeds import Feed
from meibo.exchange.masters import Master, masters, set_master
from meibo.exchange.outcomes import Conflict, Outcomes
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed
from meibo.exchange.views import RecordView
from meibo.professions.compiled import NumberedItem
from meibo.register.opening import open_licence
from meibo.register.writing import Known


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far the other side of a feed has come: `number` is the last batch of the `series` that it took, `waiting`
    says that another is made, `told_on` is the last day that went into one. `two_way`: it changes items, too;
    `on_line`: the operator named its address. A feed that never had a turn has no series."""

    connector: str
    profession: str
    number: int
    waiting: bool
    series: UUID | None
    told_on: date | None
    two_way: bool
    on_line: bool


@dataclass(frozen=True, slots=True)
class ExchangeOffice:
    """The verbs; each needs `registry:exchange:manage` for the profession, and changes leave a leaf first."""

    database: Database
    keys: KeyProvider
    guard: Guard
    feeds: Sequence[Feed]

    async def listed(self, principal: Principal) -> list[FeedState]:
        """The feeds of the caller's professions; raises Forbidden."""
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, "exchange.list")
        mine = [each for each in self.feeds if each.profession.code in principal.professions]
        async with self.database.read([each.scope for each in mine]) as connection:
            rows = {(row.connector, row.scope): row for row in await connection.execute(select(feed))}
        return [_state(each, rows.get((each.view.connector, each.scope))) for each in mine]

    async def begin_anew(
        self, principal: Principal, connector: str, profession: str, *, validate_only: bool = False
    ) -> FeedState:
        """Tell the other side everything again; gives where the feed stands then. Raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.anew", connector, profession)
        if not validate_only:
            async with self.guard.acting(principal, "exchange.anew", connector):
                await found.begin_anew()
        async with self.database.read([found.scope]) as connection:
            mine = select(feed).where(of_side(feed, connector, found.scope))
            return _state(found, (await connection.execute(mine)).one_or_none())

    async def masters(self, principal: Principal, connector: str, profession: str) -> Mapping[str, Master]:
        """Which side changes each item that may be told there, in their order; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.masters", connector, profession)
        async with self.database.read([found.scope]) as connection:
            said = await masters(connection, connector, found.scope)
        return {each.path: said.get(each.path, Master.OURS) for each in _items(found)}

    async def set_master(
        self,
        principal: Principal,
        connector: str,
        profession: str,
        path: str,
        master: Master,
        *,
        validate_only: bool = False,
    ) -> None:
        """From now on an item is changed by that side; raises Forbidden, NotFound for no such feed or item."""
        found = await self._feed(principal, "exchange.master", connector, profession)
        if path not in {each.path for each in _items(found)}:
            raise NotFound("item of this exchange")
        if validate_only:
            return
        acting = self.guard.acting(principal, "exchange.master", f"{connector} {path} {master}")
        async with acting, self.database.write([found.scope]) as work:
            await set_master(work.connection, connector, found.scope, path, master)
            await work.commit()

    async def conflicts(self, principal: Principal, connector: str, profession: str) -> list[Conflict]:
        """The changes of theirs that wait for a person; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.conflicts", connector, profession)
        async with self.database.read([found.scope]) as connection:
            return await self._outcomes(found).conflicts(connection)

    async def conflict(
        self, principal: Principal, connector: str, profession: str, change: UUID
    ) -> OpenedConflict:
        """What they wanted beside what the register has, which is personal: it needs `registry:personal:read` too, and
        its leaf comes first. Raises Forbidden, NotFound."""
        operation = "exchange.conflict"
        found = await self._feed(principal, operation, connector, profession)
        await self.guard.demand(principal, Permission.PERSONAL_READ, operation, profession)
        async with self.database.read([found.scope], principal.offices) as connection:
            conflict, wanted = await self._outcomes(found).kept(connection, change)
            known = await self._known(connection, principal, found, conflict)
            said = await masters(connection, connector, found.scope)
        subjects = (known.pseudonym if known else wanted.licence,)
        await self.guard.audit.record(
            leaf(principal, LeafKind.READ, operation, profession, subjects=subjects)
        )
        return OpenedConflict(conflict, wanted, tuple(compared(principal, found, wanted, known, said)))

    async def settle(
        self,
        principal: Principal,
        connector: str,
        profession: str,
        change: UUID,
        *,
        validate_only: bool = False,
    ) -> None:
        """Somebody has dealt with a conflict, by hand or over there; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.settle", connector, profession)
        acting = self.guard.acting(principal, "exchange.settle", str(change))
        async with nullcontext() if validate_only else acting, self.database.write([found.scope]) as work:
            await self._outcomes(found).settle(work.connection, change)
            if not validate_only:
                await work.commit()

    async def _known(
        self, connection: AsyncConnection, principal: Principal, found: Feed, conflict: Conflict
    ) -> Known | None:
        """The licence of a conflict, None where it is about none of ours; raises NotFound beyond the caller's reach."""
        if conflict.licence is None:
            return None
        about = connection, found.profession, self.keys, conflict.licence
        if (known := await open_licence(*about, offices=principal.offices)) is None:
            raise NotFound("conflict")
        return known

    async def _feed(self, principal: Principal, operation: str, connector: str, profession: str) -> Feed:
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, operation, profession)
        for each in self.feeds:
            if (each.view.connector, each.profession.code) == (connector, profession):
                return each
        raise NotFound("feed")

    def _outcomes(self, found: Feed) -> Outcomes:
        return Outcomes(found.view.connector, found.scope, self.keys)


def _state(found: Feed, row: Row[Any] | None) -> FeedState:
    connector = found.view.connector
    return FeedState(
        connector=connector, profession=found.profession.code, number=row.number if row else 0,
        waiting=row is not None and row.pending is not None, series=row.series if row else None,
        told_on=row.told_on if row else None, two_way=isinstance(found.view, RecordView),
        on_line=found.calls.reaches(connector),
    )  # fmt: skip


def _items(found: Feed) -> Iterable[NumberedItem]:
    """The items of which somebody may be master; none of the public list, which changes nothing here."""
    return found.view.items if isinstance(found.view, RecordView) else ()
