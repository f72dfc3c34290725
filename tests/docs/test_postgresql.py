"""The how-to for PostgreSQL, followed word for word on a throw-away server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.docs.pages import ROOT, blocks
from tests.postgres import PostgresServer

PAGE = ROOT / "docs" / "how-to" / "postgresql.md"
# Roles belong to a whole server, which may be somebody's own: names of ours, not the page's.
RENAMED = "meibodoc_"


def said(language: str) -> list[str]:
    return [b.text.replace("meibo_", RENAMED) for b in blocks(PAGE) if b.language == language]


@pytest.fixture
def statements(postgres_server: PostgresServer) -> Iterator[None]:
    """The page's SQL, run as superuser and taken back afterwards."""
    [sql] = said("sql")
    statements = [s.strip() for s in sql.split(";") if s.strip()]
    databases = re.findall(r"CREATE DATABASE (\w+)", sql)
    roles = re.findall(r"CREATE ROLE (\w+)", sql)
    granted = [f"GRANT {role} TO CURRENT_USER" for role in roles if role.endswith("_owner")]
    try:
        for statement in statements:
            if statement.startswith("CREATE DATABASE"):
                postgres_server.run(*granted)
            postgres_server.run(statement)
            granted = granted if statement.startswith("CREATE DATABASE") else granted
        yield
    finally:
        postgres_server.run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in databases))
        postgres_server.run(*(f"DROP ROLE IF EXISTS {name}" for name in roles))
