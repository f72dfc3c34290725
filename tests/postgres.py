"""The kit's throw-away servers, with the PostgreSQL 15 that `make test` puts under `var/`."""

from pathlib import Path

from meibo.testing.postgres import (
    FOLDERS,
    PostgresDatabase,
    PostgresFailed,
    PostgresMissing,
    PostgresServer,
    find_binaries,
    throw_away_server,
)

MAJORS = (15, 18)
FALLBACK = Path(__file__).parent.parent / "var" / "postgres-15" / "pgserver" / "pginstall" / "bin"
FOLDERS.append(FALLBACK)

__all__ = [
    "MAJORS",
    "PostgresDatabase",
    "PostgresFailed",
    "PostgresMissing",
    "PostgresServer",
    "find_binaries",
    "throw_away_server",
]
