"""The instant at which a unit of work is recorded, in the order in which units of work commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.direct.statements import Statement
from meibo.database.types import Instant

metadata = MetaData()

recording = Table(
    "recording",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_at", Instant, nullable=False),
)
"""The last instant recorded: of all in row 1, of a profession's licences in the row of its scope below 0."""

LAST = Statement(select(recording.c.last_at).where(recording.c.id == 1))


async def record_instant(connection: AsyncConnection, scope: int | None = None) -> datetime:
    """Now, or just after the last instant recorded; `scope` names the profession whose licences change then. Take it
    late: the row stays locked until the commit."""
    statement = select(recording.c.last_at).where(recording.c.id == 1).with_for_update()
    at = clock.after(clock.now(), (await connection.execute(statement)).scalar_one())
    rows = [1] if scope is None else [1, -scope]
    await connection.execute(update(recording).where(recording.c.id.in_(rows)).values(last_at=at))
    return at


async def follow_professions(connection: AsyncConnection, scopes: Iterable[int]) -> None:
    """Give every profession that has none its row: what was recorded so far may have changed its licences."""
    rows = {row.id: row.last_at for row in await connection.execute(select(recording))}
    for scope in sorted(scopes):
        if -scope not in rows:
            await connection.execute(insert(recording).values(id=-scope, last_at=rows[1]))
