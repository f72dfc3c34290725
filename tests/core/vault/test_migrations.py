"""The tables that migrations make are the tables that the services use."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from meibo.database.stores import Store
from meibo.vault.tables import keys_metadata, links_metadata, numbers_metadata
from tests.core.vault.conftest import Vault

pytestmark = pytest.mark.anyio

METADATA = {Store.KEYS: keys_metadata, Store.LINKS: links_metadata, Store.NUMBERS: numbers_metadata}


@pytest.mark.parametrize("store", METADATA)
async def test_migrations_agree_with_the_tables(vault: Vault, store: Store) -> None:
    async with vault.databases[store].read() as connection:
        assert await connection.run_sync(_differences, METADATA[store]) == []


def _differences(connection: Connection, metadata: MetaData) -> list[object]:
    def ours(_object: object, name: str | None, type_: str, _reflected: bool, _compare_to: object) -> bool:
        return type_ != "table" or name in metadata.tables

    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": False})
    return list(compare_metadata(context, metadata))
