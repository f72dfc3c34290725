"""The vault's stores on SQLite and on every PostgreSQL, used as the server's role may use them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, Table, Update, func, select, text

from meibo.audit.tables import GRANTS as AUDIT_GRANTS
from meibo.crypto.keys import FileKeys
from meibo.database.migrations import upgrade
from meibo.database.stores import Database, Store
from meibo.vault.keystore import KeyStore
from meibo.vault.links import Links
from meibo.vault.numbers import Numbers
from meibo.vault.tables import KEYS_GRANTS, LINKS_GRANTS, NUMBERS_GRANTS, data_key, enrolment, lookup
from tests.databases import POSTGRES
from tests.postgres import PostgresDatabase, PostgresServer

GRANTS: Mapping[Store, Mapping[str, tuple[str, ...]]] = {
    Store.AUDIT: AUDIT_GRANTS,
    Store.KEYS: KEYS_GRANTS,
    Store.LINKS: LINKS_GRANTS,
    Store.NUMBERS: NUMBERS_GRANTS,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for the vault run on each database."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "where" in metafunc.fixturenames and "where" not in chosen:
        metafunc.parametrize("where", ["sqlite", *POSTGRES], indirect=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the migrated stores of one test are."""

    urls: Mapping[Store, str]

    def open(self) -> dict[Store, Database]:
        return {store: Database(url) for store, url in self.urls.items()}


@dataclass(frozen=True, slots=True)
class Vault:
    """The services under test, and a look behind them."""

    databases: Mapping[Store, Database]
    keys: FileKeys

    @property
    def links(self) -> Links:
        return Links(self.databases[Store.LINKS])

    @property
    def keystore(self) -> KeyStore:
        return KeyStore(self.databases[Store.KEYS])

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.databases[Store.NUMBERS], self.keystore, self.keys)

    async def rows(self, store: Store, query: Select[Any]) -> list[Any]:
        async with self.databases[store].read() as connection:
            return list(await connection.execute(query))

    async def change(self, store: Store, statement: Update) -> None:
        async with self.databases[store].write() as work:
            await work.connection.execute(statement)
            await work.commit()

    async def count(self, store: Store, table: Table) -> int:
        return int((await self.rows(store, select(func.count()).select_from(table)))[0][0])

    async def held(self) -> tuple[int, int, int]:
        """How many enrolments, usable data keys and lookup hashes there are."""
        usable = select(func.count()).where(data_key.c.wrapped.is_not(None))
        keys = (await self.rows(Store.KEYS, usable))[0][0]
        return await self.count(Store.NUMBERS, enrolment), keys, await self.count(Store.KEYS, lookup)


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated SQLite files, which tests copy."""
    folder = tmp_path_factory.mktemp("stores")
    for store in GRANTS:
        database = Database(f"sqlite+aiosqlite:///{folder / store}.db")
        await upgrade(database, store)
        await database.close()
    return folder


@pytest.fixture(scope="session")
def postgres_of(server_of: Callable[[str], PostgresServer]) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each server, which tests empty rather than make anew."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


@pytest.fixture
def where(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated: Path,
    postgres_of: Callable[[str], PostgresDatabase],
) -> Path | PostgresDatabase:
    """Migrated files, or a database with two roles."""
    if request.param == "sqlite":
        return Path(shutil.copytree(migrated, tmp_path / "stores"))
    return postgres_of(request.param)


@pytest.fixture
async def place(where: Path | PostgresDatabase) -> Place:
    """Empty migrated stores: a file each, or one PostgreSQL database as the server's role sees it."""
    if isinstance(where, Path):
        return in_files(where)
    await empty_postgres(where)
    return Place(dict.fromkeys(GRANTS, where.app_url))


@pytest.fixture
async def vault(place: Place, tmp_path: Path) -> AsyncIterator[Vault]:
    databases = place.open()
    yield Vault(databases, FileKeys(tmp_path / "keys"))
    for database in databases.values():
        await database.close()


def copied(migrated: Path, folder: Path) -> Place:
    """A copy of migrated files."""
    return in_files(Path(shutil.copytree(migrated, folder)))


def in_files(folder: Path) -> Place:
    """Stores that are SQLite files of one folder."""
    return Place({store: f"sqlite+aiosqlite:///{folder / store}.db" for store in GRANTS})


MIGRATED: set[str] = set()
"""Databases that have the stores' tables, by name."""


async def empty_postgres(made: PostgresDatabase) -> None:
    """All stores in one database, without rows, with the least grants that the services need."""
    if made.name not in MIGRATED:
        await _migrate(made)
        MIGRATED.add(made.name)
    admin = Database(made.admin_url)
    # TRUNCATE would make new files for every table.
    every = (f"DELETE FROM {table}" for tables in GRANTS.values() for table in tables)
    await _run(admin, "SET LOCAL session_replication_role = replica", *every)
    await admin.close()


async def _migrate(made: PostgresDatabase) -> None:
    owner = Database(made.owner_url)
    for store, tables in GRANTS.items():
        await upgrade(owner, store)
        await _run(
            owner, *(f"GRANT {', '.join(which)} ON {table} TO {made.app}" for table, which in tables.items())
        )
    await owner.close()


async def _run(database: Database, *statements: str) -> None:
    async with database.write() as work:
        for statement in statements:
            await work.connection.execute(text(statement))
        await work.commit()
