"""Sends on that a number was destroyed here after it went there, until the system's signed confirmation is filed.

Whether numbers may still go there makes no difference. As long as an erasure is open, no number of its licence is
handed over.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import leaf
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.connectors import Received
from meibo.database.stores import Database
from meibo.errors import MessageRefused
from meibo.exchange.feeds import speaker
from meibo.exchange.numbers.given import Given, tokens_of
from meibo.exchange.numbers.messages import ERASE, ERASED, Erase, Erased
from meibo.exchange.numbers.tables import feed_erasure
from meibo.exchange.sides import of_side
from meibo.link.calls import Calls
from meibo.link.envelopes import ACCEPTED, Accepted, Rejected
from meibo.link.states import Reason
from meibo.linkage.handover import Handover, Standing
from meibo.professions.compiled import Profession
from meibo.register.tables import licence as licence_table

OPERATION = "exchange.erase"
AGAIN = timedelta(hours=1)
"""After which a system is asked again that has not confirmed."""
DUE = timedelta(days=7)
"""Within which it ought to."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was sent on; `answer` is the last thing that the system said of it."""

    id: UUID
    licence: UUID
    ordered_at: datetime
    asked_at: datetime | None
    answer: str | None
    confirmed_at: datetime | None

    @property
    def overdue(self) -> bool:
        """Whether it ought to be confirmed by now, and is not."""
        return self.confirmed_at is None and clock.now() - self.ordered_at > DUE


@dataclass(frozen=True, slots=True)
class Erasing:
    """The erasures of one profession at one system."""

    profession: Profession
    given: Given
    database: Database
    handover: Handover
    calls: Calls
    audit: AuditLog

    async def turn(self, until: int) -> None:
        """Order what has to be erased, and ask for what is not confirmed; `until` is the last batch that may have come
        there. Raises SourceUnavailable."""
        await self._order()
        for row in await self._open():
            try:
                await self._ask(row, until)
            except MessageRefused as refusal:  # It keeps no other from its turn.
                await self._note(row, answer=refusal.reason)
                told = {"operation": self.given.connector, "refusal": refusal.reason}
                _log.warning(
                    "An erasure was not confirmed as it should be; it is asked for again", extra=told
                )

    async def listed(self, connection: AsyncConnection) -> list[Erasure]:
        """The erasures, those that are not confirmed first, oldest first."""
        row = feed_erasure.c
        found = await connection.execute(
            select(feed_erasure)
            .where(self._mine)
            .order_by(row.confirmed_at.is_not(None), row.ordered_at, row.id)
        )
        return [
            Erasure(r.id, r.licence_id, r.ordered_at, r.asked_at, r.answer, r.confirmed_at) for r in found
        ]

    async def overdue(self, connection: AsyncConnection) -> int:
        """How many ought to be confirmed by now, and are not."""
        row = feed_erasure.c
        late = (row.confirmed_at.is_(None), row.ordered_at < clock.now() - DUE)
        counted = select(func.count()).select_from(feed_erasure).where(self._mine, *late)
        return int((await connection.execute(counted)).scalar_one())

    async def receipt(self, connection: AsyncConnection, id: UUID) -> bytes | None:
        """The system's confirmation as it came, signed; None where there is none."""
        found = select(feed_erasure.c.receipt).where(self._mine, feed_erasure.c.id == id)
        return await connection.scalar(found)

    async def _order(self) -> None:
        """Note what was destroyed here since it went there; the leaf says whose."""
        async with self.database.read([self.given.scope]) as connection:
            page = await self.given.ordered(connection)
        standings = await self.handover.standings(self.profession, self.given.connector, tokens_of(page))
        for each, standing in standings.items():
            if standing is Standing.DESTROYED:
                await self._enter(page[each])

    async def _enter(self, licence: Row[Any]) -> None:
        row = {
            "id": uuid4(), "connector": self.given.connector, "scope": self.given.scope,
            "licence_id": licence.id, "ordered_at": clock.now(),
        }  # fmt: skip
        await self._record(LeafKind.INTENT, licence.pseudonym, row["id"])
        async with self.database.write([self.given.scope]) as work:
            await work.connection.execute(insert(feed_erasure), row)
            await work.commit()

    async def _open(self) -> list[Row[Any]]:
        """Those that are to be asked for now, each with its licence's pseudonym."""
        row = feed_erasure.c
        due = row.asked_at.is_(None) | (row.asked_at <= clock.now() - AGAIN)
        asked = (
            select(row.id, row.licence_id, row.ordered_at, licence_table.c.pseudonym)
            .join(licence_table, licence_table.c.id == row.licence_id)
            .where(self._mine, row.confirmed_at.is_(None), due)
            .order_by(row.ordered_at)
        )
        async with self.database.read([self.given.scope]) as connection:
            return list(await connection.execute(asked))

    async def _ask(self, row: Row[Any], until: int) -> None:
        message = Erase(self.profession.code, row.pseudonym, until)
        received, raw = await self.calls.answered(self.given.connector, row.id, ERASE, message)
        match received.message:
            case Erased(licence=row.pseudonym, erased_on=day) if _is_plausible(row, day):
                await self._confirm(row, received, raw)
            case Accepted():
                await self._note(row, answer=ACCEPTED)
            case Rejected(code=code):
                await self._note(row, answer=code)
            case _:
                raise MessageRefused(Reason.UNKNOWN_REQUEST)

    async def _confirm(self, row: Row[Any], received: Received, raw: bytes) -> None:
        """File the confirmation, in the commit by which the system has no number of the licence any longer."""
        assert isinstance(received.message, Erased)
        values = {"erased_on": received.message.erased_on, "receipt": raw, "confirmed_at": clock.now()}
        async with self.database.write([self.given.scope]) as work:
            await self._update(work.connection, row, answer=ERASED, **values)
            await self.given.forget(work.connection, row.licence_id)
            await work.commit()
        await self._record(LeafKind.DONE, row.pseudonym, row.id)

    async def _note(self, row: Row[Any], answer: str) -> None:
        async with self.database.write([self.given.scope]) as work:
            await self._update(work.connection, row, answer=answer)
            await work.commit()

    async def _update(self, connection: AsyncConnection, row: Row[Any], **values: Any) -> None:
        mine = (feed_erasure.c.id == row.id) & feed_erasure.c.confirmed_at.is_(None)
        await connection.execute(update(feed_erasure).where(mine).values(asked_at=clock.now(), **values))

    async def _record(self, kind: LeafKind, pseudonym: str, id: Any) -> None:
        who = speaker(self.given.connector, self.profession.code)
        await self.audit.record(
            leaf(who, kind, OPERATION, self.profession.code, subjects=(pseudonym,), reference=str(id))
        )

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed_erasure, self.given.connector, self.given.scope)


def _is_plausible(row: Row[Any], erased_on: date) -> bool:
    """Whether it can have been erased on that day: after it was ordered here, and not in days to come."""
    return clock.japan_day(row.ordered_at) <= erased_on <= clock.today()
