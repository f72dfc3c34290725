"""Bring a store to the revisions of what is installed: one Alembic branch for each distribution.

Revision ids begin with their branch (`core_0001`, `doctor_0001`), so a database says by itself whose tables it
holds. Everything runs in one transaction, under a lock against a second server that migrates too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    column,
    select,
    table,
    text,
)

from meibo.database.stores import Database, Store
from meibo.errors import MigrationError

LOCK = 0x6D656962  # "meib": one advisory lock for all of meibo's migrations in a PostgreSQL database
REVISION_LENGTH = 64
CORE = "core"
CORE_VERSIONS = Path(__file__).parent.parent / "migrations"
IS_THERE = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE name = :name"),
    "postgresql": text("SELECT to_regclass(:name)"),
}
"""What SQLAlchemy asks of PostgreSQL for it takes five times as long on a new connection."""


def version_table(store: Store) -> str:
    """The table of applied revisions; stores may share one database."""
    return f"meibo_{store}_revision"


def script_directory(store: Store, plugin_folders: Sequence[Path] = ()) -> ScriptDirectory:
    """The revisions of core for a store, with those of plugins (the register alone has any)."""
    folders = (CORE_VERSIONS / store, *plugin_folders)
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    return _read(folders, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(32)
def _read(folders: Sequence[Path], _files: Sequence[tuple[Path, int]]) -> ScriptDirectory:
    """The revisions in folders, read once as long as the files are the same: half of what opening a store takes."""
    config = Config()
    config.set_main_option("script_location", str(CORE_VERSIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    return ScriptDirectory.from_config(config)


def applied(connection: Connection, store: Store) -> set[str]:
    """The revisions that a store stands at."""
    name = version_table(store)
    if not _is_there(connection, name):
        return set()
    return set(connection.scalars(select(column("version_num")).select_from(table(name))))


def pending(
    connection: Connection, store: Store, plugin_folders: Sequence[Path] = (), some_left_out: bool = False
) -> bool:
    """Whether `meibo migrate` has something to do. Raises MigrationError where a plugin is missing, unless
    `some_left_out` says that plugins are, on purpose: their revisions are then passed over."""
    scripts = script_directory(store, plugin_folders)
    heads = applied(connection, store)
    if some_left_out:
        heads &= _known(scripts)
    _refuse_missing(scripts, heads)
    steps: Callable[..., Any] = scripts._upgrade_revs
    return bool(steps("heads", tuple(heads)))


async def upgrade(database: Database, store: Store, plugin_folders: Sequence[Path] = ()) -> None:
    """Bring a store to the newest revisions, or leave it as it was.

    Raises MigrationError where tables belong to a plugin that is not installed.
    """
    scripts = script_directory(store, plugin_folders)
    await _run(database, store, scripts, "heads", scripts._upgrade_revs)


async def downgrade(
    database: Database,
    store: Store,
    target: str,
    plugin_folders: Sequence[Path] = (),
    *,
    lose_data: bool = False,
) -> None:
    """Take a store back to `target` (`doctor@base`). Tables that hold rows are dropped only with `lose_data`.

    Raises MigrationError for any other target than a plugin's (`core@base` would drop every plugin's tables), and
    for loss without the flag.
    """
    scripts = script_directory(store, plugin_folders)
    _refuse_target(scripts, target)
    if not lose_data:
        raise MigrationError(
            f"Going back to {target} drops tables and their rows: add --lose-data if you mean it."
        )
    await _run(database, store, scripts, target, scripts._downgrade_revs)


async def _run(
    database: Database, store: Store, scripts: ScriptDirectory, target: str, steps: Callable[..., Any]
) -> None:
    async with database.write() as work:
        await work.connection.run_sync(_migrate, store, scripts, target, steps)
        await work.commit()


def migrate_here(connection: Connection, store: Store, plugin_folders: Sequence[Path] = ()) -> None:
    """Bring the database of a connection to the newest revisions, within its transaction."""
    scripts = script_directory(store, plugin_folders)
    _migrate(connection, store, scripts, "heads", scripts._upgrade_revs)


def lock(connection: Connection) -> None:
    """Wait until no other server migrates, and keep others waiting until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _migrate(
    connection: Connection, store: Store, scripts: ScriptDirectory, target: str, steps: Callable[..., Any]
) -> None:
    """Run the steps under the lock. SQLite's BEGIN IMMEDIATE is a lock already."""
    lock(connection)
    _make_room(connection, version_table(store))
    _refuse_missing(scripts, applied(connection, store))

    def plan(revision: Any, _context: MigrationContext) -> Any:
        return steps(target, revision)

    config = Config()
    config.set_main_option("script_location", str(CORE_VERSIONS))
    with EnvironmentContext(config, scripts, fn=plan, destination_rev=target) as environment:
        environment.configure(
            connection=connection, target_metadata=MetaData(), version_table=version_table(store)
        )
        environment.run_migrations()


def _make_room(connection: Connection, name: str) -> None:
    """Make the table of revisions wide enough for the longest plugin code: Alembic's own takes 32 characters."""
    revisions = Table(name, MetaData(), Column("version_num", String(REVISION_LENGTH), nullable=False))
    revisions.append_constraint(PrimaryKeyConstraint("version_num", name=f"{name}_pkc"))
    if not _is_there(connection, name):
        revisions.create(connection)
    elif connection.dialect.name == "postgresql":
        connection.execute(
            text(f'ALTER TABLE "{name}" ALTER COLUMN version_num TYPE VARCHAR({REVISION_LENGTH})')
        )


def _is_there(connection: Connection, name: str) -> bool:
    return connection.execute(IS_THERE[connection.dialect.name], {"name": name}).scalar() is not None


def _refuse_target(scripts: ScriptDirectory, target: str) -> None:
    """Let one plugin's branch go down by name: anything else could take others along, or the core under them."""
    branch, _, revision = target.partition("@")
    plugins = {label for script in scripts.walk_revisions() for label in script.branch_labels} - {CORE}
    if target == "base" or branch == CORE or branch.startswith(f"{CORE}_"):
        raise MigrationError(
            "This would drop the tables of every plugin: take each plugin down by name first."
        )
    if branch not in plugins or not re.fullmatch(f"base|{branch}_[0-9]+", revision):
        raise MigrationError("Name a plugin's branch and where it shall stand, such as doctor@base.")


def _known(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions("base", "heads")}


def _refuse_missing(scripts: ScriptDirectory, heads: set[str]) -> None:
    """Refuse to touch a database whose tables nobody here knows."""
    for revision in sorted(heads - _known(scripts)):
        branch = revision.rsplit("_", 1)[0]
        raise MigrationError(
            f"The database is at revision {revision}, which is not installed here. Install the distribution of"
            f" {branch!r} (or its newer version) again, or retire it where it is installed:"
            f" meibo plugin retire {branch}"
        )
