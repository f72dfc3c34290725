"""A statement on SQLite takes one turn of its connection's thread, whatever comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from meibo.database.stores import Database

TABLE = text("CREATE TABLE fact (name TEXT PRIMARY KEY)")
ENTER = text("INSERT INTO fact VALUES (:name)")
ALL = text("SELECT name FROM fact ORDER BY name")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """With a table of two rows."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    async with database.write() as work:
        await work.connection.execute(TABLE)
        entered = await work.connection.execute(ENTER, [{"name": "one"}, {"name": "two"}])
        assert entered.rowcount == 2
        await work.commit()
    yield database
    await database.close()


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the threads of connections are given to do."""
    given: list[object] = []
    execute = aiosqlite.Connection._execute

    async def noted(connection: aiosqlite.Connection, work: Any, *rest: Any, **more: Any) -> Any:
        given.append(work)
        return await execute(connection, work, *rest, **more)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(aiosqlite.Connection, "_execute", noted)
    return given


async def test_a_statement_takes_one_turn(database: Database, turns: list[object]) -> None:
    async with database.read() as connection:
        await connection.execute(ALL)  # It begins the transaction, on a connection that is new.
        turns.clear()
        found = await connection.execute(ALL)
        assert found.scalars().all() == ["one", "two"]
        assert len(turns) == 1


async def test_what_fails_leaves_nothing_open(database: Database, turns: list[object]) -> None:
    async with database.write() as work:
        with pytest.raises(IntegrityError):
            await work.connection.execute(ENTER, {"name": "one"})
        with pytest.raises(OperationalError, match="no such table"):
            await work.connection.execute(text("SELECT * FROM absent"))
        turns.clear()
        entered = await work.connection.execute(ENTER, {"name": "three"})
        assert (entered.rowcount, len(turns)) == (1, 1)
        await work.commit()
    async with database.read() as connection:
        assert (await connection.scalars(ALL)).all() == ["one", "three", "two"]


async def test_rows_that_are_streamed_come_as_ever(database: Database) -> None:
    async with database.read() as connection:
        assert [row.name async for row in await connection.stream(ALL)] == ["one", "two"]
