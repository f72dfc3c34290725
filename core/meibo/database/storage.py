"""How PostgreSQL keeps sealed blobs: in the row, as they are. Ciphertext does not compress; trying cost more than
writing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

IN_ROW = 8_160
"""Bytes of a row, at most, before a blob is put elsewhere."""


async def keep_whole(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    """Keep the column `sealed` of these tables as it is. On SQLite there is nothing to do."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "sealed" in table.columns:
            for change in (
                "ALTER COLUMN sealed SET STORAGE EXTERNAL",
                f"SET (toast_tuple_target = {IN_ROW})",
            ):
                await connection.execute(text(f'ALTER TABLE "{table.name}" {change}'))
