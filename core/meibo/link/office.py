"""What an operator does with links: looks at them, pauses and resumes them, has a request sent again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from meibo import clock
from meibo.access.guard import Guard, leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.connectors import Connector, Direction
from meibo.crypto.keys import KeyProvider
from meibo.database.paging import FIRST_PAGE, Page, PageRequest
from meibo.database.stores import Database
from meibo.database.walking import Order, walk
from meibo.errors import NotFound
from meibo.jobs import enqueue
from meibo.link import breaker
from meibo.link.envelopes import public_jwk, signer_of
from meibo.link.outbox import DELIVER, Delivery
from meibo.link.states import Status
from meibo.link.tables import link_action, link_message, link_state

QUEUE = Order((link_message.c.requested_at, link_message.c.id))
EVIDENCE = Order((link_action.c.recorded_at, link_action.c.id))
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
"""Days outside of which nothing was requested."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """A connector as it stands; `counts` are requests by status."""

    connector: str
    direction: Direction
    address: str
    paused: bool
    failures: int
    open_until: datetime | None
    counts: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class LinkEvidence:
    """One thing that was requested, accepted or rejected, under the id by which the other side knows the request."""

    request: UUID
    type: str
    status: Status
    code: str
    account: str
    institution: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A request as it stands; it names no licence."""

    request: UUID
    type: str
    status: Status
    requested_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkOffice:
    """The verbs on links; each needs `registry:link:manage`, and changes leave a leaf first."""

    database: Database
    scopes: tuple[int, ...]
    connectors: Mapping[str, Connector]
    addresses: Mapping[str, str]
    keys: KeyProvider
    guard: Guard

    async def listed(self, principal: Principal) -> list[LinkState]:
        """Every connector, by name; raises Forbidden."""
        await self._demand(principal, "link.list")
        return await self.states()

    async def states(self) -> list[LinkState]:
        """The same for a metric, which tells of nobody."""
        return [await self._state(each) for each in self.connectors.values()]

    async def queue(
        self,
        principal: Principal,
        connector: str,
        status: Status = Status.REQUESTED,
        request: PageRequest = FIRST_PAGE,
    ) -> Page[LinkRequest]:
        """A page of the requests of a connector that stand so, the oldest first; raises Forbidden, NotFound, BadCursor,
        InvalidValue."""
        await self._demand(principal, "link.queue")
        self._known(connector)
        row = link_message.c
        statement = select(row.id, row.type, row.status, row.requested_at, row.sent_at).where(
            row.connector == connector, row.status == status
        )
        way = walk(self.keys, "link-queue", QUEUE, connector, status, principal.account)
        async with self.database.read(self.scopes) as connection:
            found = await way.page(connection, statement, request)
        return found.showing([_request(row) for row in found.nodes])

    async def evidence(
        self,
        principal: Principal,
        connector: str,
        since: date,
        until: date,
        request: PageRequest = FIRST_PAGE,
    ) -> Page[LinkEvidence]:
        """A page of what was requested of a connector, and what came of it, from one day to another, both included, in
        the order of its commits. It names no licence; a leaf says how much was taken out. Raises Forbidden, NotFound,
        BadCursor, InvalidValue."""
        await self._demand(principal, "link.evidence")
        self._known(connector)
        way = walk(self.keys, "link-evidence", EVIDENCE, connector, since, until, principal.account)
        async with self.database.read(self.scopes) as connection:
            found = await way.page(connection, _actions(connector, since, until), request)
        exported = leaf(
            principal, LeafKind.EXPORT, "link.evidence", None, count=len(found.nodes), reference=connector
        )
        await self.guard.audit.record(exported)
        return found.showing([_evidence(row) for row in found.nodes])

    async def key(self, principal: Principal, connector: str) -> dict[str, str]:
        """The public key that a connector's system knows us by, as a JWK; raises Forbidden, NotFound."""
        await self._demand(principal, "link.key")
        self._known(connector)
        return public_jwk(signer_of(self.keys, connector))

    async def switch(self, principal: Principal, connector: str, *, paused: bool) -> None:
        """Pause a connector or let it go on; raises Forbidden, NotFound."""
        operation = "link.pause" if paused else "link.resume"
        await self._demand(principal, operation)
        self._known(connector)
        async with self.guard.acting(principal, operation, connector), self.database.write() as work:
            await breaker.switch(work.connection, connector, paused=paused)
            await work.commit()

    async def retry(self, principal: Principal, message: UUID) -> None:
        """Have a request that was not sent tried again now; raises Forbidden, NotFound where it was, or is none."""
        await self._demand(principal, "link.retry")
        acting, row = self.guard.acting(principal, "link.retry", str(message)), link_message.c
        async with acting, self.database.write(self.scopes) as work:
            unsent = select(row.scope).where(row.id == message, row.status == Status.REQUESTED)
            scope = await work.connection.scalar(unsent)
            if scope is None:
                raise NotFound("request that was not sent")
            await enqueue(work.connection, DELIVER, Delivery(message, scope))
            await work.commit()

    async def _state(self, each: Connector) -> LinkState:
        row, known = link_message.c, link_state.c
        async with self.database.read(self.scopes) as connection:
            found = await connection.execute(
                select(row.status, func.count()).where(row.connector == each.name).group_by(row.status)
            )
            counts = {Status(status): count for status, count in found}
            state: Any = (
                await connection.execute(select(link_state).where(known.connector == each.name))
            ).one_or_none()
        return LinkState(
            each.name, each.direction, self.addresses.get(each.name, ""), bool(state and state.paused),
            state.failures if state else 0, state.open_until if state else None, counts,
        )  # fmt: skip

    def _known(self, connector: str) -> None:
        if connector not in self.connectors:
            raise NotFound("connector")

    async def _demand(self, principal: Principal, operation: str) -> None:
        await self.guard.demand(principal, Permission.LINK_MANAGE, operation)


def _actions(connector: str, since: date, until: date) -> Select[Any]:
    """What was done about a connector's requests on some days."""
    action, begins = link_action.c, clock.start_of_day(max(since, FIRST))
    ends = clock.start_of_day(min(until, LAST) + timedelta(days=1))
    return (
        select(
            action.message_id, link_message.c.type, action.status, action.code, action.account,
            action.institution, action.recorded_at, action.id,
        )
        .join(link_message, link_message.c.id == action.message_id)
        .where(link_message.c.connector == connector)
        .where(action.recorded_at >= begins, action.recorded_at < ends)
    )  # fmt: skip


def _request(row: Row[Any]) -> LinkRequest:
    return LinkRequest(row.id, row.type, Status(row.status), row.requested_at, row.sent_at)


def _evidence(row: Row[Any]) -> LinkEvidence:
    return LinkEvidence(
        row.message_id, row.type, Status(row.status), row.code, row.account, row.institution, row.recorded_at
    )
