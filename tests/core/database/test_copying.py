"""Rows packed for PostgreSQL come back as they were, and what is no value of a column is never packed."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Uuid,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from meibo.database.bulk import insert_fenced, insert_many, shape_of
from meibo.database.types import Instant
from meibo.testing.postgres import PostgresDatabase

PACKED = Table(
    "packed",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("small", SmallInteger),
    Column("whole", Integer),
    Column("large", BigInteger),
    Column("flag", Boolean),
    Column("text", String(100)),
    Column("sealed", LargeBinary),
    Column("day", Date),
    Column("at", Instant),
    Column("other", Uuid),
)
TOKYO = timezone(timedelta(hours=9))
ROWS: list[dict[str, Any]] = [
    {
        "id": UUID(int=1), "small": -(2**15), "whole": -(2**31), "large": -(2**63), "flag": False, "text": "",
        "sealed": b"", "day": date(1, 1, 1), "at": datetime(1, 1, 1, tzinfo=UTC), "other": UUID(int=0),
    },
    {
        "id": UUID(int=2**128 - 1), "small": 2**15 - 1, "whole": 2**31 - 1, "large": 2**63 - 1, "flag": True,
        "text": "髙󠄀橋\t\n\\N,", "sealed": bytes(range(256)), "day": date(9999, 12, 31),
        "at": datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC), "other": UUID(int=2),
    },
    {"id": UUID(int=3), "day": date(1999, 12, 31), "at": datetime(2000, 1, 1, 8, 59, 59, 999_999, TOKYO)},
    {"id": UUID(int=4), "day": date(2000, 1, 1), "at": datetime(2000, 1, 1, tzinfo=UTC)},
]  # fmt: skip


WITHIN = [row | {"day": ROWS[2]["day"], "at": ROWS[2]["at"]} for row in ROWS]
"""The driver takes the first and the last day and instant for infinities."""


@asynccontextmanager
async def empty(database: PostgresDatabase) -> AsyncIterator[AsyncConnection]:
    """A connection to the table without a row; nothing is kept."""
    engine = create_async_engine(database.owner_url)
    async with engine.connect() as connection:
        await connection.run_sync(PACKED.metadata.create_all)
        yield connection
    await engine.dispose()


@pytest.mark.parametrize(("write", "rows"), [(insert_many, ROWS), (insert_fenced, WITHIN)])
async def test_rows_come_back_as_they_were(
    postgres_database: PostgresDatabase, write: Callable[..., Awaitable[None]], rows: list[dict[str, Any]]
) -> None:
    async with empty(postgres_database) as connection:
        await write(connection, PACKED, rows)
        found = (await connection.execute(select(PACKED).order_by(PACKED.c.id))).mappings().all()
    nothing = dict.fromkeys(PACKED.c.keys())
    expected = sorted(({**nothing, **row} for row in rows), key=lambda row: row["id"])
    assert [dict(row) for row in found] == expected


async def test_rows_that_are_there_already_are_refused_untold(postgres_database: PostgresDatabase) -> None:
    async with empty(postgres_database) as connection:
        with pytest.raises(IntegrityError) as refused:
            await insert_fenced(connection, PACKED, [ROWS[2], ROWS[2]])
    assert str(refused.value.orig) == "UniqueViolationError"
    assert str(UUID(int=3)) not in str(refused.value)


async def test_a_text_that_is_too_long_is_refused_and_not_cut_off(
    postgres_database: PostgresDatabase,
) -> None:
    async with empty(postgres_database) as connection:
        with pytest.raises(asyncpg.StringDataRightTruncationError) as refused:
            await insert_fenced(connection, PACKED, [ROWS[2] | {"text": "花" * 101}])
    assert "花" not in str(refused.value)


@pytest.mark.parametrize(
    ("column", "value"), [("small", 2**15), ("whole", 2**31), ("whole", "1"), ("large", 2**63)]
)
def test_what_a_column_cannot_hold_is_not_packed(column: str, value: object) -> None:
    with pytest.raises(struct.error):
        shape_of(PACKED, "postgresql").ready([{"id": UUID(int=1), column: value}])
