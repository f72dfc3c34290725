"""PostgreSQL's second fence: row-level security by scope, and grants that make the record insert-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

SCOPE = "coalesce(nullif(current_setting('app.scope', true), ''), '{}')::smallint[]"
OFFICES = "coalesce(current_setting('app.offices', true), '')"
POLICY = "meibo_scope"
Grants = Mapping[str, Sequence[str]]
"""Table -> what the server's own role may do there."""


def grants_by_info(tables: Iterable[Table]) -> Grants:
    """Everything on a table, or reading and inserting alone where its `info` says `insert_only`."""
    every = ("SELECT", "INSERT", "UPDATE", "DELETE")
    return {table.name: every[:2] if table.info.get("insert_only") else every for table in tables}


async def scope_rows(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    """Rows outside `app.scope` do not exist for anybody, the owner included; nor, where a row has an office, those
    outside `app.offices` (`*` is all). On SQLite there is nothing to do."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if table.info.get("scoped"):
            for statement in (
                "ENABLE ROW LEVEL SECURITY",
                "FORCE ROW LEVEL SECURITY",
            ):
                await connection.execute(text(f'ALTER TABLE "{table.name}" {statement}'))
            await connection.execute(text(f'DROP POLICY IF EXISTS {POLICY} ON "{table.name}"'))
            rule = f"(scope = ANY({SCOPE}))"
            if "office" in table.columns:
                rule += f" AND ({OFFICES} = '*' OR office = ANY(string_to_array({OFFICES}, ',')))"
            await connection.execute(
                text(f'CREATE POLICY {POLICY} ON "{table.name}" USING ({rule}) WITH CHECK ({rule})')
            )


async def grant(connection: AsyncConnection, grants: Grants, role: str | None) -> None:
    """Let the server's role do just that; nothing where it is the owner itself, or on SQLite."""
    if connection.dialect.name != "postgresql" or role is None:
        return
    for table, rights in grants.items():
        await connection.execute(text(f'REVOKE ALL ON "{table}" FROM "{role}"'))
        await connection.execute(text(f'GRANT {", ".join(rights)} ON "{table}" TO "{role}"'))
    await connection.execute(text(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'))


async def grant_temporary(connection: AsyncConnection, role: str | None) -> None:
    """Let the server's role make tables that only its own connection sees and that go with the transaction."""
    if connection.dialect.name == "postgresql" and role is not None:
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f'GRANT TEMPORARY ON DATABASE "{name}" TO "{role}"'))
