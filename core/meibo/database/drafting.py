"""Writes a plugin's next migration: the difference between what its revisions make and what it declares."""

from __future__ import annotations

import io
import re
import runpy
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations import Operations
from alembic.operations.ops import DropColumnOp, DropTableOp, MigrateOperation, ModifyTableOps, OpContainer
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import MetaData, Table, create_engine

from meibo.database.migrations import migrate_here, script_directory
from meibo.database.stores import Store
from meibo.errors import MigrationError

PAGE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends!r}


def upgrade() -> None:
    """{message}"""
    {up}


def downgrade() -> None:
    """Take it back."""
    {down_code}
'''
INSTANT = re.compile(r"meibo\.database\.types\.Instant\([^)]*\)")


def draft(
    branch: str,
    tables: Collection[Table],
    folder: Path,
    plugin_folders: Sequence[Path],
    message: str,
    *,
    lose_data: bool = False,
) -> Path | None:
    """Write the next revision of `branch` into `folder`; None where there is no difference.

    Raises MigrationError where a column or table would be dropped, unless `lose_data`.
    """
    before = script_directory(Store.REGISTER, plugin_folders)
    heads = [script for script in before.get_revisions("heads") if script.revision.startswith(f"{branch}_")]
    head = heads[0] if heads else None
    up, down = difference(tables, plugin_folders, lose_data=lose_data)
    if up.strip() == "pass":
        return None
    number = int(head.revision.rpartition("_")[2]) + 1 if head else 1
    imports = "\nfrom meibo.database.types import Instant\n" if "Instant(" in up + down else ""
    page = PAGE.format(
        message=message.rstrip(".") + ".",
        imports=imports,
        revision=f"{branch}_{number:04}",
        down=head.revision if head else None,
        labels=None if head else (branch,),
        depends=None if head else "core_0001",
        up=up,
        down_code=down,
    )
    folder.mkdir(exist_ok=True)
    path = folder / f"{number:04}_{_slug(message)}.py"
    path.write_text(page, "utf-8")
    return path


def statements(path: Path, dialect: str) -> str:
    """The SQL of a revision's upgrade on `sqlite` or `postgresql`; where SQLite rebuilds a table, it says so."""
    buffer = io.StringIO()
    options: dict[str, Any] = {"as_sql": True, "output_buffer": buffer}
    context = MigrationContext.configure(dialect_name=dialect, opts=options)
    with Operations.context(context):
        try:
            runpy.run_path(str(path))["upgrade"]()
        except CommandError:  # Without a database there is no table to rebuild from.
            buffer.write("-- SQLite rebuilds the table: it copies all rows into a new one.\n")
    return buffer.getvalue().strip()


def difference(
    tables: Collection[Table], plugin_folders: Sequence[Path], *, lose_data: bool
) -> tuple[str, str]:
    """(upgrade, downgrade) as code, found on a database of its own in memory."""
    engine = create_engine("sqlite://")
    names = {table.name for table in tables}
    metadata = MetaData(naming_convention=next(iter(tables)).metadata.naming_convention)
    for source in {table.metadata: None for table in tables}:
        for table in source.sorted_tables:
            table.to_metadata(metadata)
    with engine.begin() as connection:
        migrate_here(connection, Store.REGISTER, plugin_folders)
        options: dict[str, Any] = {
            "include_object": lambda _o, name, kind, _r, _c: kind != "table" or name in names,
            "compare_type": True,
            "render_as_batch": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        assert script.downgrade_ops is not None
        if not lose_data and _drops(script.upgrade_ops):
            raise MigrationError(
                "This would drop columns or tables with what they hold: add --lose-data if you mean it."
            )
        up, down = (
            _tidy(render_python_code(ops, migration_context=context))
            for ops in (script.upgrade_ops, script.downgrade_ops)
        )
    engine.dispose()
    return up, down


def _drops(container: OpContainer) -> bool:
    def lossy(operation: MigrateOperation) -> bool:
        if isinstance(operation, ModifyTableOps):
            return any(map(lossy, operation.ops))
        return isinstance(operation, DropColumnOp | DropTableOp)

    return any(map(lossy, container.ops))


def _tidy(code: str) -> str:
    lines = [line for line in code.splitlines() if "###" not in line]
    return INSTANT.sub("Instant()", "\n".join(lines)).strip()


def _slug(message: str) -> str:
    return re.sub("[^a-z0-9]+", "_", message.lower()).strip("_")[:40] or "change"
