"""That a column is one of many values, in one parameter, on every database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Uuid, insert, select

from meibo.database.among import is_one_of
from meibo.database.stores import Store
from meibo.installation import Installation

MANY = 3_000
"""More than a statement of SQLite or PostgreSQL should name one by one."""
held = Table(
    "held",
    MetaData(),
    Column("text", String(20)),
    Column("hash", LargeBinary),
    Column("id", Uuid),
    prefixes=["TEMPORARY"],
)


def row(number: int) -> dict[str, Any]:
    return {"text": f"見本'{number}", "hash": number.to_bytes(16), "id": UUID(int=number)}


@pytest.mark.parametrize("name", ["text", "hash", "id"])
async def test_those_that_are_there_are_found(installation: Installation, name: str) -> None:
    rows = [row(number) for number in (0, 1, 255, MANY - 1, MANY)]
    asked = [row(number)[name] for number in range(1, MANY)]
    async with installation.databases[Store.REGISTER].write() as work:
        await work.connection.run_sync(held.create)
        await work.connection.execute(insert(held), rows)
        dialect = work.connection.dialect.name
        for values, found in ((asked, rows[1:4]), (asked[:1], rows[1:2]), ([], [])):
            chosen = select(held).where(is_one_of(held.c[name], values, dialect)).order_by(held.c.id)
            assert [dict(each._mapping) for each in await work.connection.execute(chosen)] == found
