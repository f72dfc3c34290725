"""Which licences may have changed since a feed last looked: by an act, or by the date alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.register.tables import action, licence_span

MOST = 200
"""Acts in a batch that is sent over the line."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a feed has come: `action` is the last action's `instant|id`, "" for none; `day` the last day."""

    action: str
    day: date


async def changed(
    connection: AsyncConnection, scope: int, since: Position, today: date, most: int = MOST
) -> tuple[list[UUID], Position]:
    """Licences of a profession, each once, and the position after them. Actions lie in the order of their commits, so
    none can appear behind a position later."""
    rows = (await connection.execute(_acts(scope, since.action, most))).all()
    found = [row.licence_id for row in rows]
    if since.day < today:
        found += (await connection.scalars(_turns(scope, since.day, today))).all()
    last = f"{rows[-1].recorded_at.isoformat()}|{rows[-1].id.hex}" if rows else since.action
    return list(dict.fromkeys(found)), Position(last, max(since.day, today))


def _acts(scope: int, after: str, most: int) -> Select[Any]:
    row = action.c
    statement = (
        select(row.licence_id, row.recorded_at, row.id).where(row.scope == scope)
        .order_by(row.recorded_at, row.id).limit(most)
    )  # fmt: skip
    if not after:
        return statement
    instant, _, id = after.partition("|")
    position = tuple_(datetime.fromisoformat(instant), UUID(id), types=[row.recorded_at.type, row.id.type])
    return statement.where(tuple_(row.recorded_at, row.id) > position)


def _turns(scope: int, after: date, until: date) -> Select[Any]:
    """Licences of which something begins to hold on one of the days."""
    row = licence_span.c
    return select(row.licence_id).where(
        row.scope == scope, row.known_to.is_(None), row.valid_from > after, row.valid_from <= until
    )
