"""Whose numbers a system has, or may have, as far as this side knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.checking.holdings import standing_licences
from meibo.checking.plans import STANDING
from meibo.exchange.numbers.tables import feed_erasure, feed_number
from meibo.exchange.sides import of_side
from meibo.linkage.handover import UNKNOWN
from meibo.register.tables import licence as licence_table
from meibo.register.tables import number_erasure
from meibo.values.pseudonyms import LicencePseudonym

Page = Mapping[LicencePseudonym, Row[Any]]
"""Licences by pseudonym in the order of their ids, each with the token that is noted of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one system was given of one profession."""

    connector: str
    scope: int

    async def page(self, connection: AsyncConnection, after: UUID | None, most: int) -> Page:
        """Who holds a licence today, after an id; without those whose number has still to be erased there."""
        asked = (
            _with_token(standing_licences(self.scope, STANDING, clock.today()))
            .outerjoin(feed_number, self._of_licence)
            .where(~self._being_erased)
        )
        if after is not None:
            asked = asked.where(licence_table.c.id > after)
        return await _paged(connection, asked.order_by(licence_table.c.id).limit(most))

    async def of_batch(self, connection: AsyncConnection, batch: int) -> Page:
        """Whose number was last in this batch."""
        return await _paged(connection, self._noted().where(feed_number.c.batch == batch))

    async def ordered(self, connection: AsyncConnection) -> Page:
        """Those of whom a number was destroyed here since there were any, and of whom no erasure is under way."""
        done = exists().where(
            number_erasure.c.licence_id == licence_table.c.id, number_erasure.c.done_at.is_not(None)
        )
        return await _paged(connection, self._noted().where(done, ~self._being_erased))

    async def note(
        self, connection: AsyncConnection, page: Page, tokens: Mapping[LicencePseudonym, str], batch: int
    ) -> None:
        """The batch has these licences' numbers in it."""
        licences = [page[each].id for each in tokens]
        await connection.execute(
            delete(feed_number).where(self._mine, feed_number.c.licence_id.in_(licences))
        )
        of = {"connector": self.connector, "scope": self.scope, "batch": batch}
        rows = [of | {"licence_id": page[each].id, "token": token} for each, token in tokens.items()]
        await connection.execute(insert(feed_number), rows)

    async def doubt(self, connection: AsyncConnection, batch: int | None = None) -> None:
        """Nobody knows whether the system has the numbers of a batch, or of any: they are handed over again."""
        which = [self._mine] if batch is None else [self._mine, feed_number.c.batch == batch]
        await connection.execute(update(feed_number).where(*which).values(token=UNKNOWN))

    async def forget(self, connection: AsyncConnection, licence: UUID) -> None:
        """The system has no number of this licence."""
        await connection.execute(delete(feed_number).where(self._mine, feed_number.c.licence_id == licence))

    async def count(self, connection: AsyncConnection) -> int:
        """Of how many licences the system has a number, or may have one."""
        counted = select(func.count()).select_from(feed_number).where(self._mine)
        return int((await connection.execute(counted)).scalar_one())

    def _noted(self) -> Select[Any]:
        return _with_token(select(licence_table)).join(feed_number, self._of_licence)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return of_side(feed_number, self.connector, self.scope)

    @property
    def _of_licence(self) -> ColumnElement[bool]:
        return and_(feed_number.c.licence_id == licence_table.c.id, self._mine)

    @property
    def _being_erased(self) -> ColumnElement[bool]:
        row = feed_erasure.c
        return exists().where(
            row.licence_id == licence_table.c.id, row.connector == self.connector, row.confirmed_at.is_(None)
        )


def _with_token(licences: Select[Any]) -> Select[Any]:
    return licences.with_only_columns(licence_table.c.id, licence_table.c.pseudonym, feed_number.c.token)


async def _paged(connection: AsyncConnection, asked: Select[Any]) -> Page:
    return {LicencePseudonym(row.pseudonym): row for row in await connection.execute(asked)}


def tokens_of(page: Page) -> dict[LicencePseudonym, str]:
    """The token of each licence; that of nothing where the system was given nothing."""
    return {each: row.token or UNKNOWN for each, row in page.items()}
