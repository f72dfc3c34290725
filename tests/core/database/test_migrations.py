"""Migrations: the tables in code are those migrated, up and down, whole or not at all, two at once."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from meibo.audit import tables as audit_tables
from meibo.database import migrations
from meibo.database.stores import Database, Store
from meibo.errors import MigrationError
from meibo.host import Host
from meibo.installation import grants_of, migrate, open_installation, register_tables_of
from meibo.register.tables import search_key
from meibo.settings import Settings
from meibo.vault import tables as vault_tables
from tests import forking
from tests.databases import EVERYWHERE
from tests.installed import settings_of
from tests.postgres import PostgresServer

BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "broken_0001"
down_revision = None
branch_labels = ("broken",)
depends_on = "core_0001"


def upgrade() -> None:
    op.create_table("half_made", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO half_made VALUES (1)")
    op.execute("THIS IS NOT SQL")
"""


@pytest.fixture(params=EVERYWHERE)
def fresh(
    request: pytest.FixtureRequest, server_of: Callable[[str], PostgresServer], tmp_path: Path
) -> AsyncIterator[Settings] | Any:
    """Settings of an installation that was never migrated."""
    if request.param == "sqlite":
        yield settings_of(None, tmp_path)
    else:
        with server_of(request.param).database() as made:
            yield settings_of(made, tmp_path)


@pytest.fixture
async def owner(fresh: Settings) -> AsyncIterator[Database]:
    """The register's database as its owner."""
    database = Database(fresh.url(Store.REGISTER, owner=True))
    yield database
    await database.close()


def metadatas(store: Store, host: Host) -> list[MetaData]:
    """Those in code that describe a store's tables."""
    if store is Store.REGISTER:
        return list(dict.fromkeys(table.metadata for table in register_tables_of(host)))
    grants = grants_of(store, host)
    every = {id(value): value for module in (vault_tables, audit_tables) for value in vars(module).values()}
    return [m for m in every.values() if isinstance(m, MetaData) and m.tables.keys() & grants.keys()]


def tables_of(store: Store, host: Host) -> set[str]:
    """The names of a store's tables; another host of this process may have made more in the register's metadata."""
    if store is Store.REGISTER:
        return {table.name for table in register_tables_of(host)}
    return {name for metadata in metadatas(store, host) for name in metadata.tables}


def differences(connection: Connection, store: Store, host: Host) -> list[Any]:
    """What tells the tables in code from those migrated; other stores' tables aside."""
    described, ours = metadatas(store, host), tables_of(store, host)

    def counts(counted: Any, name: str | None, kind: str, _reflected: bool, other: Any) -> bool:
        if kind == "foreign_key_constraint":
            return connection.dialect.name == "sqlite" or not counted.table.info.get("derived")
        return kind != "table" or name in ours

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": counts, "target_metadata": described}
    )
    return list(compare_metadata(context, described))  # type: ignore[arg-type]


async def names(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


@pytest.mark.parametrize("store", list(Store), ids=str)
async def test_the_tables_in_code_are_those_migrated(fresh: Settings, host: Host, store: Store) -> None:
    await migrate(fresh, host)
    database = Database(fresh.url(store, owner=True))
    async with database.read() as connection:
        assert await connection.run_sync(differences, store, host) == []
        present = set(await connection.run_sync(lambda c: inspect(c).get_table_names()))
    await database.close()
    assert tables_of(store, host) <= present
    assert grants_of(store, host).keys() <= present


DERIVED = {
    "doctor_practice_report": ["licence_id"],
    "doctor_reeducation": ["licence_id"],
    "doctor_register": ["licence_id"],
    "licence_span": ["licence_id", "version_id"],
    "licence_version": ["action_id", "licence_id"],
    "unique_value": ["licence_id"],
}


async def test_what_is_derived_is_checked_on_sqlite_alone(
    fresh: Settings, host: Host, owner: Database
) -> None:
    await migrate(fresh, host)
    async with owner.read() as connection:
        held = await connection.run_sync(lambda c: inspect(c).get_multi_foreign_keys())
    columns = {
        table: sorted(column for key in keys for column in key["constrained_columns"])
        for (_, table), keys in held.items()
    }
    derived = DERIVED if owner.is_sqlite else {}
    assert {table: columns[table] for table in DERIVED if columns[table]} == derived
    assert columns["action"] == ["licence_id"]
    assert columns["number_erasure"] == ["action_id", "licence_id"]


async def test_migrating_again_changes_nothing(fresh: Settings, host: Host, owner: Database) -> None:
    await migrate(fresh, host)
    before = await names(owner)
    await migrate(fresh, host)
    assert await names(owner) == before
    async with open_installation(fresh, host) as installation:
        assert dict(installation.scopes.numbers) == {"doctor": 1}


async def test_an_installation_that_was_not_migrated_says_so(fresh: Settings, host: Host) -> None:
    fresh.path("").mkdir(parents=True, exist_ok=True)
    with pytest.raises(MigrationError) as refused:
        async with open_installation(fresh, host):
            raise AssertionError("It opened.")
    assert refused.value.en in (
        "The register database is not up to date: run `meibo migrate`.",
        "There is no register database yet: run `meibo migrate`.",
    )


async def test_a_plugin_goes_down_and_comes_up_again(fresh: Settings, host: Host, owner: Database) -> None:
    await migrate(fresh, host)
    full = await names(owner)
    doctors = {name for name in full if name.startswith("doctor_")}
    with pytest.raises(MigrationError) as refused:
        await migrations.downgrade(owner, Store.REGISTER, "doctor@base", host.migrations())
    assert (
        refused.value.en
        == "Going back to doctor@base drops tables and their rows: add --lose-data if you mean it."
    )
    assert await names(owner) == full
    await migrations.downgrade(owner, Store.REGISTER, "doctor@base", host.migrations(), lose_data=True)
    assert (len(doctors), await names(owner)) == (5, full - doctors)
    await migrate(fresh, host)
    assert await names(owner) == full


async def test_search_keys_stay_when_they_are_found_otherwise(fresh: Settings, owner: Database) -> None:
    scripts = migrations.script_directory(Store.REGISTER)
    row = {"scope": 1, "kind": "full", "hash": b"hash", "licence_id": UUID(int=7), "key_version": 2}
    steps = (
        ("core_0030", scripts._upgrade_revs),
        ("core_0029", scripts._upgrade_revs),
        ("core_0030", scripts._downgrade_revs),
    )
    fresh.path("").mkdir(parents=True, exist_ok=True)
    for target, way in steps:
        await migrations._run(owner, Store.REGISTER, scripts, target, way)
        async with owner.write() as work:
            found = [dict(each._mapping) for each in await work.connection.execute(select(search_key))]
            if not found:
                await work.connection.execute(insert(search_key).values(row))
                await work.commit()
            assert found in ([], [row])
    assert found == [row]


@pytest.mark.parametrize(
    "target", ["base", "core@base", "core@-1", "-1", "core_0001-1", "core_0001@base", "doctor_0001-1", "core"]
)
async def test_the_core_never_goes_down(fresh: Settings, host: Host, owner: Database, target: str) -> None:
    await migrate(fresh, host)
    before = await names(owner)
    with pytest.raises(MigrationError):
        await migrations.downgrade(owner, Store.REGISTER, target, host.migrations(), lose_data=True)
    assert await names(owner) == before


async def test_a_branch_that_is_not_there(fresh: Settings, host: Host, owner: Database) -> None:
    await migrate(fresh, host)
    before = await names(owner)
    with pytest.raises(MigrationError):
        await migrations.downgrade(owner, Store.REGISTER, "nurse@base", host.migrations(), lose_data=True)
    assert await names(owner) == before


async def test_a_missing_plugin_is_named(fresh: Settings, host: Host, owner: Database) -> None:
    await migrate(fresh, host)
    before = await names(owner)
    sentence = (
        "The database is at revision doctor_0001, which is not installed here. Install the distribution of 'doctor'"
        " (or its newer version) again, or retire it where it is installed: meibo plugin retire doctor"
    )
    bare = Host({}, host.manager, {})
    for work in (migrations.upgrade(owner, Store.REGISTER, []), migrate(fresh, bare)):
        with pytest.raises(MigrationError) as refused:
            await work
        assert refused.value.en == sentence
    with pytest.raises(MigrationError) as refused:
        async with open_installation(fresh, bare):
            raise AssertionError("It opened.")
    assert refused.value.en == sentence
    assert await names(owner) == before


async def test_a_migration_that_fails_leaves_nothing(
    fresh: Settings, owner: Database, tmp_path: Path
) -> None:
    tmp_path.joinpath("broken").mkdir()
    tmp_path.joinpath("broken", "0001_broken.py").write_text(BROKEN)
    with pytest.raises((OperationalError, ProgrammingError)):
        await migrations.upgrade(owner, Store.REGISTER, [tmp_path / "broken"])
    assert await names(owner) == set()
    await migrations.upgrade(owner, Store.REGISTER, [])
    before = await names(owner)
    with pytest.raises((OperationalError, ProgrammingError)):
        await migrations.upgrade(owner, Store.REGISTER, [tmp_path / "broken"])
    assert await names(owner) == before


@pytest.mark.slow
async def test_two_processes_migrate_at_once(fresh: Settings, host: Host, tmp_path: Path) -> None:
    both = [
        await asyncio.create_subprocess_exec(
            forking.meibo(), "migrate", env=environment(fresh), cwd=tmp_path, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    ends = await asyncio.gather(*(each.communicate() for each in both))
    assert ([each.returncode for each in both], [err for _, err in ends]) == ([0, 0], [b"", b""])
    async with open_installation(fresh, host) as installation:
        assert dict(installation.scopes.numbers) == {"doctor": 1}


def environment(settings: Settings) -> Mapping[str, str]:
    """What a process of these settings is given."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    urls = {f"MEIBO_{store.upper()}_URL": settings.url(store) for store in Store}
    owners = {f"MEIBO_{store.upper()}_OWNER_URL": settings.url(store, owner=True) for store in Store}
    return known | urls | owners | {"MEIBO_DATA": settings.data, "MEIBO_PROFESSIONS": "doctor"}


async def test_one_role_may_be_owner_and_server(fresh: Settings, host: Host) -> None:
    alone = replace(fresh, **{f"{s}_url": fresh.url(s, owner=True) for s in Store})  # type: ignore[arg-type]
    await migrate(alone, host)
    async with open_installation(alone, host) as installation:
        assert installation.facts["id"]
