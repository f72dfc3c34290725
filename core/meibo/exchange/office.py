"""What an administrator does about the exchange: looks at the feeds, says who changes an item, settles conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.exchange.feeds import Feed
from meibo.exchange.masters import Master, masters, set_master
from meibo.exchange.messages import TheirChange
from meibo.exchange.outcomes import Conflict, Outcomes
from meibo.exchange.tables import feed
from meibo.exchange.views import RecordView


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far the other side of a feed has come; `waiting` says that it has not taken the last batch yet."""

    connector: str
    profession: str
    number: int
    waiting: bool


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

    async def begin_anew(self, principal: Principal, connector: str, profession: str) -> None:
        """Tell the other side everything again; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.anew", connector, profession)
        async with self.guard.acting(principal, "exchange.anew", connector):
            await found.begin_anew()

    async def masters(self, principal: Principal, connector: str, profession: str) -> Mapping[str, Master]:
        """Which side changes each item that may be told there; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.masters", connector, profession)
        async with self.database.read([found.scope]) as connection:
            said = await masters(connection, connector, found.scope)
        return {path: said.get(path, Master.OURS) for path in _paths(found)}

    async def set_master(
        self, principal: Principal, connector: str, profession: str, path: str, master: Master
    ) -> None:
        """From now on an item is changed by that side; raises Forbidden, NotFound for no such feed or item."""
        found = await self._feed(principal, "exchange.master", connector, profession)
        if path not in _paths(found):
            raise NotFound("item of this exchange")
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
    ) -> TheirChange:
        """What they wanted, which is personal: it needs `registry:personal:read` too, and its leaf comes first.

        Raises Forbidden, NotFound.
        """
        found = await self._feed(principal, "exchange.conflict", connector, profession)
        await self.guard.demand(principal, Permission.PERSONAL_READ, "exchange.conflict", profession)
        async with self.database.read([found.scope]) as connection:
            wanted = await self._outcomes(found).change(connection, change)
        await self.guard.audit.record(
            leaf(principal, LeafKind.READ, "exchange.conflict", profession, subjects=(wanted.licence,))
        )
        return wanted

    async def settle(self, principal: Principal, connector: str, profession: str, change: UUID) -> None:
        """Somebody has dealt with a conflict, by hand or over there; raises Forbidden, NotFound."""
        found = await self._feed(principal, "exchange.settle", connector, profession)
        acting = self.guard.acting(principal, "exchange.settle", str(change))
        async with acting, self.database.write([found.scope]) as work:
            await self._outcomes(found).settle(work.connection, change)
            await work.commit()

    async def _feed(self, principal: Principal, operation: str, connector: str, profession: str) -> Feed:
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, operation, profession)
        for each in self.feeds:
            if (each.view.connector, each.profession.code) == (connector, profession):
                return each
        raise NotFound("feed")

    def _outcomes(self, found: Feed) -> Outcomes:
        return Outcomes(found.view.connector, found.scope, self.keys)


def _state(found: Feed, row: object) -> FeedState:
    number, pending = getattr(row, "number", 0), getattr(row, "pending", None)
    return FeedState(found.view.connector, found.profession.code, number, pending is not None)


def _paths(found: Feed) -> Iterable[str]:
    """The items of which somebody may be master; none of the public list, which changes nothing here."""
    items = found.view.items if isinstance(found.view, RecordView) else ()
    return [each.path for each in items]
