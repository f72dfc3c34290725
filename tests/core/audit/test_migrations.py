"""The migrated tables are those that the code knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from meibo.audit.tables import GRANTS, metadata
from meibo.database.migrations import applied, downgrade, pending, upgrade
from meibo.database.stores import Store
from tests.core.audit.conftest import AuditStore


def difference(connection: Connection) -> list[object]:
    options = {"version_table": "meibo_audit_revision"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_tables_are_those_of_the_code(audit_store: AuditStore) -> None:
    async with audit_store.owner.read() as connection:
        assert await connection.run_sync(difference) == []
        assert await connection.run_sync(applied, Store.AUDIT) == {"audit_0002"}
        assert not await connection.run_sync(pending, Store.AUDIT)


async def test_upgrading_again_changes_nothing(audit_store: AuditStore) -> None:
    await upgrade(audit_store.owner, Store.AUDIT)

    async with audit_store.owner.read() as connection:
        assert await connection.run_sync(applied, Store.AUDIT) == {"audit_0002"}


async def test_downgrade_leaves_nothing_behind(audit_store: AuditStore) -> None:
    await downgrade(audit_store.owner, Store.AUDIT, "audit@base", lose_data=True)

    async with audit_store.owner.read() as connection:
        tables = await connection.run_sync(lambda each: inspect(each).get_table_names())
        assert await connection.run_sync(pending, Store.AUDIT)
    assert tables == ["meibo_audit_revision"]
    await upgrade(audit_store.owner, Store.AUDIT)


def test_every_table_has_its_grants() -> None:
    assert set(GRANTS) == set(metadata.tables)
