"""References of rows that are derived from others, all of them written by one act and never deleted.

SQLite checks them, and so does every test on it. PostgreSQL asks for the other row each time, which was a quarter of
what it did for an import; so there they are dropped. A licence's actions keep theirs: nobody can rename a licence.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

HELD = text("SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = CAST(:name AS regclass)")


async def trust_derived(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    """Drop the foreign keys of those of the tables whose `info` says `derived`. On SQLite there is nothing to do."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if table.info.get("derived"):
            name = f'"{table.name}"'
            for key in await connection.scalars(HELD, {"name": name}):
                await connection.execute(text(f'ALTER TABLE {name} DROP CONSTRAINT "{key}"'))
