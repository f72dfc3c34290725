"""PostgreSQL's second fence: row-level security by scope, and grants that make the record insert-only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

SCOPE = "coalesce(nullif(current_setting('app.scope', true), ''), '{}')::smallint[]"
POLICY = "meibo_scope"


async def fence(connection: AsyncConnection, metadata: Sequence[MetaData], role: str | None) -> None:
    """Let `role` reach rows of its scope alone, and change only what may change. On SQLite there is nothing to do."""
    if connection.dialect.name != "postgresql":
        return
    for each in metadata:
        for table in each.sorted_tables:
            if table.info.get("scoped"):
                await _scope(connection, table.name)
            if role:
                await _grant(connection, table, role)
    if role:
        await connection.execute(text(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'))


async def _scope(connection: AsyncConnection, table: str) -> None:
    """Rows outside `app.scope` do not exist for anybody, the owner included."""
    await connection.execute(text(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'))
    await connection.execute(text(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'))
    await connection.execute(text(f'DROP POLICY IF EXISTS {POLICY} ON "{table}"'))
    await connection.execute(text(f'CREATE POLICY {POLICY} ON "{table}" USING (scope = ANY({SCOPE})) WITH CHECK (scope = ANY({SCOPE}))'))


async def _grant(connection: AsyncConnection, table: Table, role: str) -> None:
    rights = "SELECT, INSERT" if table.info.get("insert_only") else "SELECT, INSERT, UPDATE, DELETE"
    await connection.execute(text(f'REVOKE ALL ON "{table.name}" FROM "{role}"'))
    await connection.execute(text(f'GRANT {rights} ON "{table.name}" TO "{role}"'))


async def grant_revisions(connection: AsyncConnection, table: str, role: str | None) -> None:
    """Let the server read which revisions are applied, so that it can refuse to start on an old database."""
    if connection.dialect.name == "postgresql" and role:
        await connection.execute(text(f'GRANT SELECT ON "{table}" TO "{role}"'))
