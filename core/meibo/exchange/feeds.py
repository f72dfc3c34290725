"""Tells the other sides what changed. A batch is written before it is sent, and is sent as it is until it is taken;
meanwhile nothing is gathered: whatever changes then goes into the next one, once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.connectors import Message, Received
from meibo.crypto.keys import KeyProvider
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import MessageRefused, NotFound
from meibo.exchange.changes import MOST, Position, changed
from meibo.exchange.entries import Entries, Seals
from meibo.exchange.masters import Master, masters
from meibo.exchange.messages import Taken
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed
from meibo.exchange.views import Difference, View
from meibo.link.calls import Calls
from meibo.link.states import Reason
from meibo.professions.compiled import Profession

OPERATION = "exchange.tell"
NO_BATCH = {"pending_id": None, "key_version": None, "pending": None}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch as it would be sent: its id, its number, and the signed message."""

    id: UUID
    number: int
    signed: bytes


@dataclass(frozen=True, slots=True)
class Feed:
    """What one other side is told of one profession."""

    profession: Profession
    scope: int
    view: View
    database: Database
    keys: KeyProvider
    calls: Calls
    audit: AuditLog
    most: int = MOST
    """Acts that go into a batch, at most."""

    async def tell(self) -> int:
        """Send what changed, batch after batch; gives how many were taken.

        Raises SourceUnavailable and MessageRefused: then a batch is pending, and the next call sends it again.
        """
        told = 0
        while (row := await self._pending()) is not None:
            answer = await self.calls.call(
                self.view.connector, row.pending_id, self.view.form.name, self._opened(row)
            )
            await self._taken(row, answer)
            told += 1
        return told

    async def waiting(self) -> Waiting | None:
        """The batch that waits to be taken, made if there is none yet; None where nothing changed."""
        row = await self._pending()
        if row is None:
            return None
        message = self._opened(row)
        signed = self.calls.signed(self.view.connector, row.pending_id, self.view.form.name, message)
        return Waiting(row.pending_id, row.number + 1, signed)

    async def taken(self, batch: UUID, raw: bytes, within: timedelta) -> None:
        """The other side's answer to a batch was brought by hand.

        Raises MessageRefused where it is none, and NotFound where the batch does not wait.
        """
        answer = self.calls.answer(self.view.connector, batch, raw, within)
        async with self.database.read([self.scope]) as connection:
            row = (await connection.execute(select(feed).where(self._mine))).one_or_none()
        if row is None or row.pending_id != batch:
            raise NotFound("batch that waits")
        await self._taken(row, answer)

    async def begin_anew(self) -> None:
        """Tell the other side everything, in a new series, as though it had nothing."""
        async with self.database.write([self.scope]) as work:
            await self._locked(work.connection)
            await self._entries().forget(work.connection)
            fresh = {"series": uuid4(), "number": 0, "told_until": "", "told_on": clock.today()} | NO_BATCH
            await work.connection.execute(update(feed).where(self._mine).values(fresh))
            await work.commit()

    async def _pending(self) -> Row[Any] | None:
        """The feed with the batch that is to be sent now: the one that waits, or a new one; None where nothing
        changed."""
        async with self.database.write([self.scope]) as work:
            row = await self._locked(work.connection)
            while row.pending is None and await self._gathered(work.connection, row):
                row = await self._locked(work.connection)
            await work.commit()
        return row if row.pending is not None else None

    async def _gathered(self, connection: AsyncConnection, row: Row[Any]) -> bool:
        """Whether the feed went on: over changes that make a batch, or over some that are nothing to this side."""
        since = Position(row.told_until, row.told_on)
        licences, position = await changed(connection, self.scope, since, clock.today(), self.most)
        if position == since:
            return False
        said = await masters(connection, self.view.connector, self.scope)
        entries = self._entries([path for path, master in said.items() if master is Master.THEIRS])
        found = [await entries.difference(connection, licence) for licence in licences]
        values: dict[str, Any] = {"told_until": position.action, "told_on": position.day}
        if differences := [each for each in found if each is not None]:
            values |= await self._batch(row, differences)
        await connection.execute(update(feed).where(self._mine).values(values))
        return True

    async def _batch(self, row: Row[Any], differences: list[Difference]) -> dict[str, Any]:
        """A batch as it waits; its leaf, which says whose data leaves, is durable before it can be sent."""
        id, who = uuid4(), speaker(self.view.connector, self.profession.code)
        await self.audit.record(
            leaf(
                who, LeafKind.EXPORT, OPERATION, self.profession.code, count=len(differences),
                subjects=tuple(each.licence for each in differences), reference=id.hex,
            )
        )  # fmt: skip
        message = self.view.batch(row.series, row.number + 1, differences)
        version, sealed = Seals(self.keys).seal(message, id.bytes)
        return {"pending_id": id, "key_version": version, "pending": sealed}

    async def _taken(self, row: Row[Any], answer: Received) -> None:
        """The batch is over, if the answer says so; another worker may have noted it before."""
        if answer.message != Taken(row.number + 1):
            raise MessageRefused(Reason.UNKNOWN_REQUEST)
        async with self.database.write([self.scope]) as work:
            await work.connection.execute(
                update(feed)
                .where(self._mine, feed.c.pending_id == row.pending_id)
                .values(number=row.number + 1, **NO_BATCH)
            )
            await work.commit()

    async def _locked(self, connection: AsyncConnection) -> Row[Any]:
        """The feed's row, which is made where there is none, and stays locked until the commit."""
        fresh = {
            "connector": self.view.connector, "scope": self.scope, "series": uuid4(), "number": 0,
            "told_until": "", "told_on": clock.today(),
        }  # fmt: skip
        await connection.execute(insert_new(feed).values(fresh))
        return (await connection.execute(select(feed).where(self._mine).with_for_update())).one()

    def _opened(self, row: Row[Any]) -> Message:
        body = Seals(self.keys).open(row.key_version, row.pending, row.pending_id.bytes)
        message: Message = msgspec.json.decode(body, type=self.view.form.batch)
        return message

    def _entries(self, theirs: Container[str] = ()) -> Entries:
        """What the other side has, and should have, of what is not its own."""
        return Entries(self.profession, self.scope, self.view.without(theirs), self.keys)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed, self.view.connector, self.scope)


def speaker(connector: str, profession: str) -> Principal:
    """As whom an outside system stands in the log; it has no permission."""
    return Principal(
        f"link:{connector}", connector, "link", Surface.COMMAND, frozenset(), frozenset({profession})
    )
