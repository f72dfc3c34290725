"""The queue of discrepancies page by page: what narrows it, its order, and where a page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, literal, tuple_

from meibo.checking.outcomes import Outcome
from meibo.checking.states import DiscrepancyState
from meibo.checking.tables import check_discrepancy
from meibo.crypto.keys import KeyProvider, derive
from meibo.database.paging import Cursors, PageRequest, Position

ORDER = (check_discrepancy.c.scope, check_discrepancy.c.found_at, check_discrepancy.c.id)
"""By profession, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Discrepancies in a state; of one profession, and of one outcome, where these are named."""

    state: DiscrepancyState = DiscrepancyState.OPEN
    outcome: Outcome | None = None
    profession: str | None = None

    def narrow(self, statement: Select[Any], numbers: Mapping[str, int]) -> Select[Any]:
        """A statement of discrepancies, narrowed; `numbers` are those of the professions."""
        row = check_discrepancy.c
        statement = statement.where(row.state == self.state)
        if self.outcome is not None:
            statement = statement.where(row.outcome == self.outcome)
        if self.profession is not None:
            statement = statement.where(row.scope == numbers.get(self.profession))
        return statement


def cursors_of(keys: KeyProvider, filter: QueueFilter, account: str) -> Cursors:
    """The cursors of one caller's walk through the queue, narrowed by a filter."""
    return Cursors(derive(keys.newest("cursors"), "checks"), repr((filter, account)).encode())


def paged(statement: Select[Any], cursors: Cursors, request: PageRequest) -> Select[Any]:
    """The statement of a page, and one row more; raises BadCursor, InvalidValue."""
    place = tuple_(*ORDER)
    if (after := cursors.open(request.after)) is not None:
        statement = statement.where(place > _there(after))
    if (before := cursors.open(request.before)) is not None:
        statement = statement.where(place < _there(before))
    order = [column.desc() for column in ORDER] if request.backward else ORDER
    return statement.order_by(*order).limit(request.size + 1)


def position_of(row: Row[Any]) -> Position:
    """Where a row stands in the queue."""
    return Position((row.scope, row.found_at.isoformat(), row.id.hex), row.found_at)


def _there(position: Position) -> Any:
    scope, found_at, id = position.values
    values = (scope, datetime.fromisoformat(found_at), UUID(id))
    return tuple_(*(literal(v, column.type) for v, column in zip(values, ORDER, strict=True)))
