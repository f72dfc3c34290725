"""Batches that are carried by hand: encrypted to the other side, entered in a book of media, over when its receipt has
come back. A medium that was lost is written again, with the same batch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, insert, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.database.stores import Database
from meibo.errors import NotFound
from meibo.exchange.feeds import Feed
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed_medium
from meibo.exchange.views import RecordView
from meibo.link.encryption import Recipient
from meibo.values.names import validate_text

MOST_ACTS = 5_000
"""Acts on a medium."""
KEPT = timedelta(days=90)
"""How old a receipt may be that is brought by hand."""
DUE = timedelta(days=30)
"""After which a medium ought to be back and destroyed."""
LABEL_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Medium:
    """A medium in the book; `digest` is the SHA-256 of the file on it. `overdue`: it ought to be destroyed by now."""

    id: UUID
    label: str
    number: int
    digest: str
    written_at: datetime
    received_at: datetime | None
    destroyed_at: datetime | None

    @property
    def overdue(self) -> bool:
        """Whether it ought to be destroyed by now, and nobody says that it is."""
        return self.destroyed_at is None and clock.now() - self.written_at > DUE


@dataclass(frozen=True, slots=True)
class Media:
    """The book of media of one installation. Each verb needs `registry:exchange:carry` for the profession, and leaves a
    leaf first; the feed's own says whose data is on a medium."""

    database: Database
    guard: Guard
    feeds: tuple[Feed, ...]
    folder: Path

    async def write(
        self, principal: Principal, connector: str, profession: str, label: str
    ) -> tuple[Medium, bytes] | None:
        """The batch that waits as a file that only the other side opens, entered under a label; None where nothing
        changed.

        Raises Forbidden, NotFound, InvalidValue for a label, and SettingsError where the other side gave no key; the
        batch waits then.
        """
        found = await self._feed(principal, "medium.write", connector, profession)
        validate_text(label, LABEL_LENGTH)
        id, recipient = uuid4(), Recipient(connector, self.folder)
        async with self.guard.acting(principal, "medium.write", str(id)):
            waiting = await replace(found, most=MOST_ACTS).waiting()
            if waiting is None:
                return None
            file = recipient.encrypt(waiting.signed.decode()).encode()
            row = {
                "id": id, "connector": connector, "scope": found.scope, "batch_id": waiting.id,
                "number": waiting.number, "label": label, "digest": hashlib.sha256(file).digest(),
                "account": principal.account, "written_at": clock.now(),
            }  # fmt: skip
            async with self.database.write([found.scope]) as work:
                await work.connection.execute(insert(feed_medium), row)
                await work.commit()
        return _medium(await self._row(found, id)), file

    async def receive(
        self, principal: Principal, connector: str, profession: str, medium: UUID, receipt: bytes
    ) -> None:
        """The other side's signed receipt has come back: the batch is over.

        Raises Forbidden, NotFound for no such medium or one whose batch is over, MessageRefused for another receipt.
        """
        found = await self._feed(principal, "medium.receive", connector, profession)
        row = await self._row(found, medium)
        async with self.guard.acting(principal, "medium.receive", str(medium)):
            await found.taken(row.batch_id, receipt, KEPT)
            await self._note(found, feed_medium.c.batch_id == row.batch_id, "received_at")

    async def destroyed(self, principal: Principal, connector: str, profession: str, medium: UUID) -> None:
        """A medium was destroyed; raises Forbidden, NotFound."""
        found = await self._feed(principal, "medium.destroyed", connector, profession)
        await self._row(found, medium)
        async with self.guard.acting(principal, "medium.destroyed", str(medium)):
            await self._note(found, feed_medium.c.id == medium, "destroyed_at")

    async def listed(self, principal: Principal, connector: str, profession: str) -> list[Medium]:
        """The book, oldest first; raises Forbidden, NotFound."""
        found = await self._feed(principal, "medium.list", connector, profession)
        async with self.database.read([found.scope]) as connection:
            rows = await connection.execute(
                select(feed_medium).where(_of(found)).order_by(feed_medium.c.written_at)
            )
            return [_medium(row) for row in rows]

    async def _feed(self, principal: Principal, operation: str, connector: str, profession: str) -> Feed:
        await self.guard.demand(principal, Permission.EXCHANGE_CARRY, operation, profession)
        for each in self.feeds:
            named = (each.view.connector, each.profession.code) == (connector, profession)
            if named and isinstance(each.view, RecordView):
                return each
        raise NotFound("feed")

    async def _row(self, found: Feed, medium: UUID) -> Row[Any]:
        async with self.database.read([found.scope]) as connection:
            rows = await connection.execute(select(feed_medium).where(_of(found), feed_medium.c.id == medium))
            if row := rows.one_or_none():
                return row
        raise NotFound("medium")

    async def _note(self, found: Feed, which: ColumnElement[bool], column: str) -> None:
        """Note the instant, if none is noted yet."""
        async with self.database.write([found.scope]) as work:
            fresh = update(feed_medium).where(_of(found), which, feed_medium.c[column].is_(None))
            await work.connection.execute(fresh.values({column: clock.now()}))
            await work.commit()


def _of(found: Feed) -> ColumnElement[bool]:
    return of_side(feed_medium, found.view.connector, found.scope)


def _medium(row: Row[Any]) -> Medium:
    return Medium(
        row.id, row.label, row.number, row.digest.hex(), row.written_at, row.received_at, row.destroyed_at
    )
