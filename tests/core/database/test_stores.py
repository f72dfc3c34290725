"""Reads that keep nothing, units of work that keep nothing without `commit()`, and the second fence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from meibo import clock
from meibo.database.recording import record_instant, recording
from meibo.database.stores import Database, Store
from meibo.database.types import Instant
from meibo.errors import OperatorError
from meibo.installation import Installation, durability, grants_of
from meibo.register import tables
from tests.core.register.doctors import Doctors
from tests.databases import POSTGRES
from tests.postgres import PostgresDatabase

FACT = {"name": "planted", "value": "1"}

LAST_AT = select(recording.c.last_at).where(recording.c.id == 1)


async def planted(database: Database) -> bool:
    async with database.read() as connection:
        found = await connection.execute(
            select(tables.installation).where(tables.installation.c.name == "planted")
        )
        return found.first() is not None


@pytest.fixture
async def database(store: PostgresDatabase | None, installation: Installation) -> Database:
    """The register's; without what an earlier test planted."""
    async with installation.register.write() as work:
        await work.connection.execute(
            delete(tables.installation).where(tables.installation.c.name == "planted")
        )
        await work.commit()
    return installation.register


async def test_a_unit_of_work_is_kept_by_commit(database: Database) -> None:
    async with database.write() as work:
        await work.connection.execute(insert(tables.installation), FACT)
        await work.commit()
    assert await planted(database)


async def test_a_unit_of_work_is_rolled_back_by_default(database: Database) -> None:
    async with database.write() as work:
        await work.connection.execute(insert(tables.installation), FACT)
    assert not await planted(database)


async def test_an_error_keeps_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as work:
            await work.connection.execute(insert(tables.installation), [FACT, FACT])
    assert not await planted(database)


async def test_what_follows_a_commit_is_not_kept(database: Database) -> None:
    async with database.write() as work:
        await work.commit()
        await work.connection.execute(insert(tables.installation), FACT)
    assert not await planted(database)


async def test_a_read_keeps_nothing(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(insert(tables.installation), FACT)
    assert not await planted(database)


WITHOUT_END = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


async def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    """It is ended where it runs; otherwise this test would not end either."""
    hasty = Database(database.url, pool_size=1, statement_seconds=1)
    async with hasty.read() as connection:
        endless = text(WITHOUT_END[connection.dialect.name])
        with pytest.raises(DBAPIError, match=r"interrupted|statement timeout"):
            await connection.execute(endless)
    async with hasty.read() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await hasty.close()


async def test_recorded_instants_rise_even_where_the_clock_stands(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: stopped)
    async with database.write() as work:
        seen = [await record_instant(work.connection) for _ in range(3)]
        monkeypatch.setattr(clock, "now", lambda: stopped - timedelta(minutes=5))
        seen.append(await record_instant(work.connection))
    assert seen == [stopped + timedelta(microseconds=n) for n in range(4)]
    async with database.read() as connection:
        last = (await connection.execute(LAST_AT)).scalar_one()
    assert last < stopped


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 4, 1, 9, tzinfo=timezone(timedelta(hours=9))),
        datetime(2026, 4, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(1900, 1, 1, tzinfo=UTC),
    ],
)
async def test_instants_come_back_in_utc(database: Database, instant: datetime) -> None:
    async with database.write() as work:
        await work.connection.execute(update(recording).values(last_at=instant))
        found = (await work.connection.execute(LAST_AT)).scalar_one()
    assert (found, found.utcoffset()) == (instant, timedelta(0))


def test_instants_sort_as_text() -> None:
    from sqlalchemy.dialects import sqlite

    days = [datetime(year, 1, 1, tzinfo=UTC) for year in (999, 1900, 2026)]
    texts = [Instant().process_bind_param(day, sqlite.dialect()) for day in days]
    assert texts == sorted(texts)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_every_store_commits_durably(installation: Installation) -> None:
    told = {await durability(store, database) for store, database in installation.databases.items()}
    assert told == {"SQLite, synchronous=2"}


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
async def test_a_server_that_may_lose_commits_is_refused(installation: Installation) -> None:
    """The tests' own servers run without fsync; one that was given may have it."""
    async with installation.register.read() as connection:
        fsync = (await connection.exec_driver_sql("SHOW fsync")).scalar_one()
    if fsync == "on":
        told = await durability(Store.REGISTER, installation.register)
        assert told == "PostgreSQL, synchronous_commit=on, fsync=on"
        return
    with pytest.raises(OperatorError) as refused:
        await durability(Store.REGISTER, installation.register)
    assert refused.value.en == (
        "The register database may lose commits (PostgreSQL, synchronous_commit=on, fsync=off):"
        " turn durable commits on."
    )


async def test_how_sqlite_is_opened(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    async with database.read() as connection:
        pragmas = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("foreign_keys", "secure_delete", "journal_mode", "temp_store")
        ]
    await database.close()
    assert pragmas == [1, 1, "wal", 2]


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
@pytest.mark.parametrize("scope", [None, [], [2]])
async def test_rows_out_of_scope_do_not_exist(installation: Installation, scope: list[int] | None) -> None:
    await Doctors(installation).enter()
    async with installation.register.read(scope) as connection:
        for table in (tables.licence, tables.action, tables.metadata.tables["doctor_register"]):
            assert (await connection.execute(select(table))).all() == []
    async with installation.register.read([1]) as connection:
        assert len((await connection.execute(select(tables.licence))).all()) == 1


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
async def test_a_row_cannot_be_written_out_of_scope(installation: Installation) -> None:
    row = {
        "scope": 2,
        "account": "a",
        "verb": "v",
        "key_hash": b"",
        "body_mac": b"",
        "licence_id": UUID(int=1),
        "action_id": UUID(int=2),
        "recorded_at": clock.now(),
    }
    with pytest.raises(DBAPIError, match="row-level security"):
        async with installation.register.write([1]) as work:
            await work.connection.execute(insert(tables.idempotency), row)


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
async def test_the_server_cannot_change_history(installation: Installation) -> None:
    await Doctors(installation).enter()
    for name in ("action", "licence_version", "doctor_register", "code_change"):
        column = "id" if name == "code_change" else "scope"
        for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET {column} = 1", f"TRUNCATE {name}"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with installation.register.write([1]) as work:
                    await work.connection.execute(text(statement))


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
async def test_the_server_makes_no_tables_and_reads_only_revisions(installation: Installation) -> None:
    for statement in (
        "CREATE TABLE mine (id int)",
        "DELETE FROM meibo_register_revision",
        "DROP TABLE action",
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            async with installation.register.write() as work:
                await work.connection.execute(text(statement))


async def test_grants_follow_from_the_tables(installation: Installation) -> None:
    grants = grants_of(Store.REGISTER, installation.host)
    assert grants["action"] == grants["doctor_register"] == ("SELECT", "INSERT")
    assert grants["licence"] == ("SELECT", "INSERT", "UPDATE", "DELETE")
