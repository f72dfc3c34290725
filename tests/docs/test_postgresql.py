"""The how-to for PostgreSQL, followed word for word on a throw-away server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from meibo.database.stores import Database, Databases, Store
from meibo.host import Host
from meibo.installation import migrate
from meibo.opening import refuse_pending
from meibo.settings import Settings, load_settings
from tests.docs.pages import ROOT, blocks
from tests.postgres import PostgresServer

PAGE = ROOT / "docs" / "how-to" / "postgresql.md"
# Roles belong to a whole server, which may be somebody's own: names of ours, not the page's.
RENAMED = "meibo_docs_"


def said(language: str) -> list[str]:
    """The page's blocks of a language, under names of ours."""
    return [b.text.replace("meibo_", RENAMED) for b in blocks(PAGE) if b.language == language]


@pytest.fixture
def settings(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Settings]:
    """The page's databases and roles, and its settings; taken back afterwards."""
    [sql] = said("sql")
    try:
        postgres_server.run(*(s.strip() for s in sql.split(";") if s.strip()))
        yield load_settings({"MEIBO_DATA": str(tmp_path)}, written(postgres_server, tmp_path))
    finally:
        postgres_server.run(
            *(f"DROP DATABASE {d} WITH (FORCE)" for d in re.findall(r"CREATE DATABASE (\w+)", sql))
        )
        postgres_server.run(*(f"DROP ROLE {r}" for r in re.findall(r"CREATE ROLE (\w+)", sql)))


def written(server: PostgresServer, folder: Path) -> Path:
    """Both blocks of settings in one file, with this server in place of localhost."""

    def here(found: re.Match[str]) -> str:
        url = make_url(found[1])
        moved = server.admin_url.set(username=url.username, password=url.password, database=url.database)
        return f'"{moved.render_as_string(hide_password=False)}"'

    file = folder / "meibo.toml"
    file.write_text(re.sub('"(postgresql[^"]+)"', here, "\n".join(said("toml"))), "utf-8")
    return file


async def test_the_page_leads_to_an_installation_with_owner_and_server_roles(
    settings: Settings, host: Host
) -> None:
    await migrate(settings, host)
    databases = Databases.open(settings)
    try:
        await refuse_pending(databases, host)
        for store, database in databases.items():
            async with database.read() as connection:
                user = await connection.scalar(text("SELECT current_user"))
                owned = await connection.scalar(
                    text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
                )
            assert (user, owned) == (f"{RENAMED}{store}", 0)
        await insert_only(databases[Store.REGISTER], "action")
        await insert_only(databases[Store.AUDIT], "audit_leaf")
        assert await fenced(databases[Store.REGISTER]) >= {
            "licence",
            "action",
            "licence_version",
            "search_key",
        }
    finally:
        await databases.close()


async def insert_only(database: Database, table: str) -> None:
    """The server's role may neither change nor delete a row."""
    for statement in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET id = id'):
        async with database.write() as work:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await work.connection.execute(text(statement))


async def fenced(database: Database) -> set[str]:
    """The tables on which row-level security binds everybody, the owner included."""
    statement = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    async with database.read() as connection:
        return set(await connection.scalars(text(statement)))
