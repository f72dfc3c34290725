"""Lists page by page: a page begins after a row of the list, not after a count of rows, so that nothing is skipped or
seen twice while the list grows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, Uuid, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.crypto.keys import KeyProvider, derive
from meibo.database.paging import LARGEST_SIZE, Cursors, Marks, Page, PageRequest, Position, cut
from meibo.database.types import Instant

T = TypeVar("T")
NEVER = datetime.min.replace(tzinfo=UTC)
"""Pages of a walk share no instant: each shows what is there when it is read."""


@dataclass(frozen=True, slots=True)
class Order:
    """The columns by which a list is sorted, of which the last is unique; all of them one way."""

    columns: tuple[Column[Any], ...]
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """One caller's way through a list; its cursors open no other."""

    order: Order
    cursors: Cursors

    async def page(
        self, connection: AsyncConnection, statement: Select[Any], request: PageRequest
    ) -> Page[Row[Any]]:
        """The rows of a page of a statement, which selects what it is sorted by; raises BadCursor, InvalidValue."""
        found = (await connection.execute(self._paged(statement, request))).all()
        rows, has_next, has_previous = cut(found, request)
        return Page(rows, Marks(self.cursors, rows, self._position), has_next, has_previous, clock.now())

    def _paged(self, statement: Select[Any], request: PageRequest) -> Select[Any]:
        """The statement of a page, and one row more."""
        place, newest_first = tuple_(*self.order.columns), self.order.newest_first
        if (after := self.cursors.open(request.after)) is not None:
            statement = statement.where(
                place < self._there(after) if newest_first else place > self._there(after)
            )
        if (before := self.cursors.open(request.before)) is not None:
            statement = statement.where(
                place > self._there(before) if newest_first else place < self._there(before)
            )
        downwards = request.backward != newest_first
        order = [column.desc() if downwards else column.asc() for column in self.order.columns]
        return statement.order_by(*order).limit(request.size + 1)

    def _position(self, row: Row[Any]) -> Position:
        values = (row._mapping[column] for column in self.order.columns)
        return Position(tuple(v.hex if isinstance(v, UUID) else v for v in values), NEVER)

    def _there(self, position: Position) -> Any:
        return tuple_(*map(_value, self.order.columns, position.values))


def walk(keys: KeyProvider, name: str, order: Order, *shape: object) -> Walk:
    """The way through a list of a name; `shape` is all that narrows it, and who asks."""
    return Walk(order, Cursors(derive(keys.newest("cursors"), name), repr(shape).encode()))


async def whole(read: Callable[[PageRequest], Awaitable[Page[T]]]) -> list[T]:
    """All of a list, page after page."""
    page = await read(PageRequest(first=LARGEST_SIZE))
    found = [*page.nodes]
    while page.has_next:
        page = await read(PageRequest(first=LARGEST_SIZE, after=page.cursors[-1]))
        found += page.nodes
    return found


def _value(column: Column[Any], value: Any) -> ColumnElement[Any]:
    """A value of a column as a cursor carries it."""
    match column.type:
        case Instant():
            value = datetime.fromisoformat(value)
        case Uuid():
            value = UUID(value)
    return literal(value, column.type)
