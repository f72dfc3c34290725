"""The instant at which a unit of work is recorded, in the order in which units of work commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Integer, MetaData, Table, select, update
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
"""One row, id 1: the last instant recorded."""

LAST = Statement(select(recording.c.last_at).where(recording.c.id == 1))


async def record_instant(connection: AsyncConnection) -> datetime:
    """Now, or just after the last instant recorded. Take it late: the row stays locked until the commit."""
    statement = select(recording.c.last_at).where(recording.c.id == 1).with_for_update()
    at = clock.after(clock.now(), (await connection.execute(statement)).scalar_one())
    await connection.execute(update(recording).where(recording.c.id == 1).values(last_at=at))
    return at
