"""What all workers know of a connector: a switch that a person turns, and a breaker that failures do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.link.tables import link_state

FAILURES = 5
"""In a row, after which a connector is left alone for a minute; then for two, four … minutes, fifteen at most."""
PAUSE = timedelta(seconds=30)
"""After which a delivery looks again whether a paused connector is."""
LONGEST = timedelta(minutes=15)


async def closed_until(connection: AsyncConnection, connector: str) -> datetime | None:
    """Until when nothing is to be sent to a connector; None where it may be sent now."""
    at = clock.now()
    row = (
        await connection.execute(link_state.select().where(link_state.c.connector == connector))
    ).one_or_none()
    if row is None:
        return None
    if row.paused:
        return at + PAUSE
    return row.open_until if row.open_until and row.open_until > at else None


async def failed(database: Database, connector: str) -> None:
    """One delivery more has failed in a row."""
    at = clock.now()
    async with database.write() as work:
        await _make(work.connection, connector)
        row = link_state.c
        counted = await work.connection.execute(
            update(link_state)
            .where(row.connector == connector)
            .values(failures=row.failures + 1)
            .returning(row.failures)
        )
        beyond = counted.scalar_one() - FAILURES
        if beyond >= 0:
            until = at + min(timedelta(minutes=2 ** min(beyond, 9)), LONGEST)
            await _set(work.connection, connector, open_until=until)
        await work.commit()


async def succeeded(connection: AsyncConnection, connector: str) -> None:
    """Failures are forgotten, in the transaction of the delivery."""
    changed = (link_state.c.connector == connector) & (link_state.c.failures > 0)
    await connection.execute(update(link_state).where(changed).values(failures=0, open_until=None))


async def recovered(database: Database, connector: str) -> None:
    """Failures are forgotten, where there are any."""
    async with database.read() as connection:
        row = link_state.c
        failing = (row.failures > 0) & (row.connector == connector)
        if (await connection.execute(link_state.select().where(failing))).first() is None:
            return
    async with database.write() as work:
        await succeeded(work.connection, connector)
        await work.commit()


async def switch(connection: AsyncConnection, connector: str, *, paused: bool) -> None:
    """Pause a connector, or let it go on, failures forgotten."""
    await _make(connection, connector)
    await _set(connection, connector, paused=paused, failures=0, open_until=None)


async def _make(connection: AsyncConnection, connector: str) -> None:
    row = {"connector": connector, "paused": False, "failures": 0}
    await connection.execute(insert_new(link_state).values(row))


async def _set(connection: AsyncConnection, connector: str, **values: Any) -> None:
    await connection.execute(update(link_state).where(link_state.c.connector == connector).values(**values))
