"""Hands numbers over to one existing system, by difference from what it was given; each minute, as far as it answers.

A batch is written, encrypted by the vault, before it is sent, and is sent as it is until it is taken. One that may not
be sent any longer is dropped: what was in it counts as what the system may have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import MessageRefused
from meibo.exchange.messages import Taken
from meibo.exchange.numbers.bases import basis_in_force
from meibo.exchange.numbers.erasing import Erasing
from meibo.exchange.numbers.given import Given, Page, tokens_of
from meibo.exchange.numbers.messages import HAND_OVER, NumberBatch
from meibo.exchange.numbers.tables import feed_handover
from meibo.exchange.sides import of_side
from meibo.link.calls import Calls
from meibo.link.states import Reason
from meibo.linkage.handover import Handover, Standing
from meibo.professions.compiled import Profession
from meibo.values.pseudonyms import LicencePseudonym

PAGE = 1_000
"""Licences that are compared at once, and numbers in a batch at most."""
PAGES = 200
"""In one turn; the next goes on where it ends."""
ROUND = timedelta(hours=1)
"""After which all holders are compared anew."""
NO_BATCH = {"pending_id": None, "pending": None}


@dataclass(frozen=True, slots=True)
class NumberFeed:
    """The numbers of one profession on their way to one system."""

    profession: Profession
    given: Given
    database: Database
    handover: Handover
    calls: Calls
    erasing: Erasing
    page: int = PAGE

    async def turn(self) -> None:
        """Send erasures on, then numbers, if they may go there today.

        Raises SourceUnavailable and MessageRefused: then the rest waits for the next turn.
        """
        if row := await self._cleared():
            await self.erasing.turn(row.number - (row.pending is not None))
        for _ in range(PAGES):
            further = await self._further()
            if further is None:
                return
            if further.pending is not None:
                await self._send(further)

    async def again(self) -> None:
        """Hand every number over again: the system has lost them."""
        async with self.database.write([self.given.scope]) as work:
            await self._locked(work.connection)
            await self.given.doubt(work.connection)
            await self._move(work.connection, looked_until=None, next_round_at=clock.now(), **NO_BATCH)
            await work.commit()

    async def _cleared(self) -> Row[Any] | None:
        """Where the feed stands, without a batch that may not be sent any longer: no basis holds, or a number in it was
        destroyed. None where no number ever went there."""
        async with self.database.write([self.given.scope]) as work:
            row = await self._standing(work.connection)
            if row is not None and row.pending is not None and await self._forbidden(work.connection, row):
                await self.given.doubt(work.connection, row.number)
                row = await self._move(work.connection, **NO_BATCH)
            await work.commit()
        return row

    async def _forbidden(self, connection: AsyncConnection, row: Row[Any]) -> bool:
        if await basis_in_force(connection, self.given.connector, self.given.scope) is None:
            return True
        inside = await self.given.of_batch(connection, row.number)
        return Standing.DESTROYED in (await self._standings(inside)).values()

    async def _further(self) -> Row[Any] | None:
        """Where the feed stands, a page further on unless a batch waits; None where nothing is to be done now."""
        async with self.database.write([self.given.scope]) as work:
            basis = await basis_in_force(work.connection, self.given.connector, self.given.scope)
            if basis is None:
                return None
            row = await self._locked(work.connection)
            if row.pending is None:
                if clock.now() < row.next_round_at:
                    return None
                row = await self._looked(work.connection, row, basis)
            await work.commit()
        return row

    async def _looked(self, connection: AsyncConnection, row: Row[Any], basis: Any) -> Row[Any]:
        """A page of licences compared, with a batch of the numbers that the system lacks."""
        page = await self.given.page(connection, row.looked_until, self.page)
        whole = len(page) < self.page
        last = None if whole else list(page.values())[-1].id
        values: dict[str, Any] = {"looked_until": last}
        values |= {"next_round_at": clock.now() + ROUND} if whole else {}
        standings = await self._standings(page)
        if lacking := [each for each, standing in standings.items() if standing is Standing.LACKING]:
            values |= await self._batch(connection, row.number + 1, page, lacking, basis)
        return await self._move(connection, **values)

    async def _batch(
        self,
        connection: AsyncConnection,
        number: int,
        page: Page,
        lacking: Sequence[LicencePseudonym],
        basis: Any,
    ) -> dict[str, Any]:
        """A batch as it waits; none where the vault holds none of the numbers any longer."""
        id = uuid4()
        handed = await self.handover.sealed(
            self._sender, self.profession, self.given.connector, lacking,
            legal_basis=basis.legal_basis, purpose=f"basis {basis.id}", batch=id,
        )  # fmt: skip
        if not handed.tokens:
            return {}
        await self.given.note(connection, page, handed.tokens, number)
        return {"number": number, "pending_id": id, "pending": handed.sealed}

    async def _send(self, row: Row[Any]) -> None:
        """Send the batch; it is over, if the answer says so. Where the system knows a higher one it did not take this:
        the register was restored from a backup, and the count goes on from theirs."""
        message = NumberBatch(self.profession.code, row.number, row.pending)
        answer = await self.calls.call(self.given.connector, row.pending_id, HAND_OVER, message)
        if not isinstance(answer.message, Taken) or answer.message.number < row.number:
            raise MessageRefused(Reason.UNKNOWN_REQUEST)
        async with self.database.write([self.given.scope]) as work:
            if (await self._locked(work.connection)).pending_id == row.pending_id:
                if answer.message.number > row.number:
                    await self.given.doubt(work.connection, row.number)
                await self._move(work.connection, number=answer.message.number, **NO_BATCH)
            await work.commit()

    async def _standings(self, page: Page) -> dict[LicencePseudonym, Standing]:
        return await self.handover.standings(self.profession, self.given.connector, tokens_of(page))

    async def _locked(self, connection: AsyncConnection) -> Row[Any]:
        """The feed's row, which is made where there is none, and stays locked until the commit."""
        fresh = {
            "connector": self.given.connector, "scope": self.given.scope, "number": 0,
            "next_round_at": clock.now(),
        }  # fmt: skip
        await connection.execute(insert_new(feed_handover).values(fresh))
        row = await self._standing(connection)
        assert row is not None
        return row

    async def _standing(self, connection: AsyncConnection) -> Row[Any] | None:
        asked = select(feed_handover).where(self._mine).with_for_update()
        return (await connection.execute(asked)).one_or_none()

    async def _move(self, connection: AsyncConnection, **values: Any) -> Row[Any]:
        moved = update(feed_handover).where(self._mine).values(values).returning(feed_handover)
        row: Row[Any] = (await connection.execute(moved)).one()
        return row

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed_handover, self.given.connector, self.given.scope)

    @property
    def _sender(self) -> Principal:
        """As whom numbers leave, with the one permission that this needs."""
        name, code = self.given.connector, self.profession.code
        permissions = frozenset({Permission.NUMBER_SEND})
        return Principal(f"link:{name}", name, "link", Surface.COMMAND, permissions, frozenset({code}))
