"""What came of the changes that the other side told, each noted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.crypto.keys import KeyProvider
from meibo.database.inserting import insert_new
from meibo.errors import NotFound
from meibo.exchange.entries import Seals
from meibo.exchange.messages import TheirChange
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed_change


class Outcome(StrEnum):
    """What came of a change; the last five are for a person to settle."""

    ENTERED = "entered"
    ECHO = "echo"
    KNOWN = "known"
    NO_SUCH_LICENCE = "no_such_licence"
    NO_SUCH_ITEM = "no_such_item"
    OUR_ITEM = "our_item"
    INVALID_VALUE = "invalid_value"
    REFUSED = "refused"


OPEN = frozenset(Outcome) - {Outcome.ENTERED, Outcome.ECHO, Outcome.KNOWN}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that could not be entered."""

    connector: str
    change: UUID
    licence: UUID | None
    outcome: Outcome
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of one connector and profession."""

    connector: str
    scope: int
    keys: KeyProvider

    async def known(self, connection: AsyncConnection, change: UUID) -> bool:
        """Whether the change has an outcome."""
        found = select(feed_change.c.change_id).where(self._of(change))
        return (await connection.execute(found)).first() is not None

    async def note(
        self, connection: AsyncConnection, change: TheirChange, licence: UUID | None, outcome: Outcome
    ) -> None:
        """Note an outcome, unless another worker has; what a person has to look at is kept."""
        row = {
            "connector": self.connector, "change_id": change.id, "scope": self.scope, "licence_id": licence,
            "outcome": outcome, "recorded_at": clock.now(), "key_version": None, "sealed": None,
        }  # fmt: skip
        if outcome in OPEN:
            row["key_version"], row["sealed"] = Seals(self.keys).seal(change, change.id.bytes)
        await connection.execute(insert_new(feed_change).values(row))

    async def conflicts(self, connection: AsyncConnection) -> list[Conflict]:
        """Those that nobody has settled, oldest first."""
        row = feed_change.c
        found = await connection.execute(
            select(feed_change)
            .where(self._mine, row.outcome.in_(list(OPEN)), row.settled_at.is_(None))
            .order_by(row.recorded_at)
        )
        return [_conflict(row) for row in found]

    async def kept(self, connection: AsyncConnection, change: UUID) -> tuple[Conflict, TheirChange]:
        """A conflict and what the other side wanted; raises NotFound where it is none, or settled."""
        row = (await connection.execute(select(feed_change).where(self._of(change)))).one_or_none()
        if row is None or row.sealed is None:
            raise NotFound("conflict")
        wanted = Seals(self.keys).open(row.key_version, row.sealed, row.change_id.bytes)
        return _conflict(row), msgspec.json.decode(wanted, type=TheirChange)

    async def settle(self, connection: AsyncConnection, change: UUID) -> None:
        """A person has dealt with it: what was kept of it goes; raises NotFound."""
        values = {"settled_at": clock.now(), "sealed": None, "key_version": None}
        settled = await connection.execute(
            update(feed_change).where(self._of(change), feed_change.c.sealed.is_not(None)).values(values)
        )
        if settled.rowcount != 1:
            raise NotFound("conflict")

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed_change, self.connector, self.scope)

    def _of(self, change: UUID) -> ColumnElement[bool]:
        return self._mine & (feed_change.c.change_id == change)


def _conflict(row: Row[Any]) -> Conflict:
    return Conflict(row.connector, row.change_id, row.licence_id, Outcome(row.outcome), row.recorded_at)
