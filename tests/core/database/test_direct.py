"""Fixed statements straight on the driver: values, reach, time, lost connections, appends that are whole or nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Integer, bindparam, column, delete, func, insert, select, table, text
from sqlalchemy.exc import IntegrityError

from meibo.database.direct.postgres import PostgresDirect
from meibo.database.direct.reaches import Reach
from meibo.database.direct.scripts import Pour, Script
from meibo.database.direct.statements import Statement, among, given
from meibo.database.stores import COMMIT, COMMITTED, Database
from meibo.installation import Installation
from meibo.register import tables
from tests.databases import POSTGRES
from tests.postgres import PostgresDatabase

fact = tables.installation
BROKEN = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)
ENDED = (sqlite3.OperationalError, asyncpg.QueryCanceledError)
PLANT = Statement(insert(fact).values(name=given(fact.c.name, "name"), value=given(fact.c.value, "value")))
FIND = Statement(select(fact.c.name, fact.c.value).where(among(fact.c.name, "names")).order_by(fact.c.name))
COUNT = Statement(select(func.count().label("many")).select_from(tables.licence))
ADD = Statement(select((bindparam("number", type_=Integer(), required=True) + 1).label("next")))


@pytest.fixture
async def database(store: PostgresDatabase | None, installation: Installation) -> AsyncIterator[Database]:
    """The register's; without what an earlier test planted."""
    register = installation.register
    async with register.write() as work:
        await work.connection.execute(delete(fact).where(fact.c.name.like("planted-%")))
        await work.commit()
    direct = Database(register.url, pool_size=2, statement_seconds=1)
    yield direct
    await direct.close()


def facts(*names: str) -> list[dict[str, str]]:
    return [{"name": f"planted-{name}", "value": name} for name in names]


async def found(database: Database, *names: str) -> list[tuple[str, str]]:
    return [tuple(row) for row in await database.fetch(FIND, names=[f"planted-{name}" for name in names])]


async def test_what_is_appended_is_found_by_name(database: Database) -> None:
    heard: list[str] = []
    database.heard.append(heard.append)
    await database.append((PLANT, facts("a", "b")))
    assert heard == [COMMIT, COMMITTED]
    assert await found(database, "a", "b", "c") == [("planted-a", "a"), ("planted-b", "b")]
    [row] = await database.fetch(FIND, names=["planted-b"])
    assert (row.name, row.value) == ("planted-b", "b")


async def test_an_append_is_whole_or_nothing(database: Database) -> None:
    with pytest.raises(BROKEN):
        await database.append((PLANT, facts("c", "d")), (PLANT, facts("c")))
    assert await found(database, "c", "d") == []
    await database.append((PLANT, facts("d")))
    assert await found(database, "c", "d") == [("planted-d", "d")]


def poured(*rows: tuple[str, str]) -> Script[None]:
    yield Pour(fact, [])
    yield Pour(fact, rows)


async def test_what_is_poured_is_found_and_whole_or_nothing(database: Database) -> None:
    await database.play(poured(("planted-a", "a"), ("planted-b", "b")))
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)) as refused:
        await database.play(poured(("planted-c", "c"), ("planted-a", "again")))

    assert "planted" not in str(refused.value)
    assert await found(database, "a", "b", "c") == [("planted-a", "a"), ("planted-b", "b")]


async def test_many_at_once_get_their_own_answers(database: Database) -> None:
    asked = [database.fetch(ADD, number=number) for number in range(100)]
    assert [rows[0].next for rows in await asyncio.gather(*asked)] == list(range(1, 101))


async def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    without_end = Statement(
        select(func.pg_sleep(600))
        if not database.is_sqlite
        else text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    )
    with pytest.raises(ENDED):
        await database.fetch(without_end)
    [row] = await database.fetch(ADD, number=1)
    assert row.next == 2


@pytest.mark.parametrize("store", POSTGRES[-1:], indirect=True)
class TestPostgres:
    async def test_a_lost_connection_is_replaced(self, database: Database) -> None:
        await database.fetch(ADD, number=1)
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        async with database.read() as connection:
            await connection.execute(
                text(f"{kill} AND usename = current_user AND datname = current_database()")
            )
        [row] = await database.fetch(ADD, number=2)
        assert row.next == 3

    async def test_a_wrong_value_costs_no_other_connection(self, database: Database) -> None:
        direct = database._direct
        assert isinstance(direct, PostgresDirect)
        await asyncio.gather(*(database.fetch(ADD, Reach(frozenset({n})), number=1) for n in (1, 2)))
        assert len(direct._free) == 2
        with pytest.raises(asyncpg.DataError):
            await database.fetch(ADD, Reach(frozenset({1})), number="x")
        assert len(direct._free) == 1

    async def test_what_is_steady_is_planned_once(self, database: Database) -> None:
        row, plans = (
            tables.licence.c,
            table("pg_prepared_statements", column("statement"), column("generic_plans")),
        )
        clause = select(row.id).where(row.number_key == given(row.number_key, "number"))
        counted = select(plans).where(plans.c.statement == Statement(clause).on(False).sql)
        for is_steady, planned_once in ((False, 0), (True, 3)):
            for _ in range(3):
                await database.fetch(Statement(clause, steady=is_steady), number="1")
            [told] = await database.fetch(Statement(counted, steady=is_steady))
            assert told.generic_plans == planned_once

    async def test_each_reach_is_bound_anew(self, database: Database) -> None:
        setting = Statement(select(func.current_setting("app.scope").label("scope")))
        told = [
            (await database.fetch(setting, Reach(frozenset(scope))))[0].scope
            for scope in ([1, 2], [], [1, 2])
        ]
        assert told == ["{1,2}", "{}", "{1,2}"]
        assert (await database.fetch(COUNT, Reach(frozenset())))[0].many == 0


def test_a_column_is_compared_with_any_number_of_values() -> None:
    one = Statement(select(column("x", Integer)).where(among(column("x", Integer), "xs")))
    assert one.on(False).sql.endswith("WHERE x = ANY ($1::INTEGER[])")
    assert one.on(True).arguments({"xs": [3, 1]}) == ["[3,1]"]
