"""Rows into the register, seen by nobody until all of them are there.

PostgreSQL: one transaction for the whole file. COPY is closed to tables with row-level security, so a chunk goes by
binary COPY into temporary tables and on from there, under the fence; what bears the instant of recording follows at
the end, since that instant holds other writers up.

SQLite: the processes stage what they prepare in files of their own, outside the write lock; one short transaction
takes all of them over.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Column, MetaData, Table, insert, literal, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from meibo import clock
from meibo.database.bulk import Ready, pour, shape_of
from meibo.database.names import identifier
from meibo.database.recording import record_instant
from meibo.database.storage import keep_whole
from meibo.database.stores import Database
from meibo.database.types import Instant
from meibo.importing.staging import staged_files, staging_folder
from meibo.professions.compiled import Profession
from meibo.register import tables

INSTANTS = frozenset({"recorded_at", "known_from"})
"""The columns that hold the instant of recording."""
LAST = (tables.action, tables.licence_version, tables.licence_span)
"""The tables whose instant is read: it must be later than that of everything recorded before."""
SQLITE_CACHE_KIB = 131_072


class Publication(Protocol):
    """Takes chunks, then shows them all at once."""

    folder: Path | None
    """Where processes `stage` rows themselves; None where they come by `add`."""

    async def add(self, rows: Mapping[str, Ready]) -> None:
        """Take a chunk's rows by table. Raises IntegrityError for what the register has already."""

    async def publish(self) -> None:
        """Show everything. Raises IntegrityError as `add` does; nothing is shown then."""


@asynccontextmanager
async def publication(register: Database, profession: Profession, scope: int) -> AsyncIterator[Publication]:
    """A publication in one profession's register; leaving it without `publish()` keeps nothing."""
    made = _SqlitePublication if register.is_sqlite else _PostgresPublication
    async with made(register, entry_tables(profession), scope) as opened:
        yield opened


def entry_tables(profession: Profession) -> list[Table]:
    """The tables of an entry, parents first."""
    groups = {table.name for table in tables.profession_tables(profession).values()}
    core = {tables.licence, *LAST, tables.search_key, tables.unique_value}
    return [t for t in tables.metadata.sorted_tables if t in core or t.name in groups]


class _PostgresPublication:
    """One transaction; `LAST` waits in temporary tables."""

    folder: Path | None = None

    def __init__(self, register: Database, targets: Sequence[Table], scope: int) -> None:
        own = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DROP"}
        self.staged = {target: _staged(target, "postgresql", **own) for target in targets}
        self.scope, self.writing = scope, register.write([scope])
        self.held = AsyncExitStack()
        self.opened_at = clock.now()

    async def __aenter__(self) -> Publication:
        self.work = await self.held.enter_async_context(self.writing)
        self.connection = self.work.connection
        await self.connection.execute(text("SET LOCAL statement_timeout = 0"))
        for staged in self.staged.values():
            await self.connection.execute(CreateTable(staged))
        await keep_whole(self.connection, self.staged.values())
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.held.__aexit__(*error)

    async def add(self, rows: Mapping[str, Ready]) -> None:
        for target, staged in self.staged.items():
            if queued := rows.get(target.name):
                await pour(self.connection, shape_of(target, "postgresql"), queued, into=staged.name)
                if target not in LAST:
                    await _take_over(self.connection, target, staged, self.opened_at)
                    await self.connection.execute(text(f"TRUNCATE {staged.name}"))

    async def publish(self) -> None:
        at = await record_instant(self.connection, self.scope)
        for target in LAST:
            await _take_over(self.connection, target, self.staged[target], at)
        await self.work.commit()
        await self.held.aclose()


class _SqlitePublication:
    """Files beside the register's, which go with the publication."""

    def __init__(self, register: Database, targets: Sequence[Table], scope: int) -> None:
        self.register, self.tables, self.scope = register, targets, scope
        self.held = ExitStack()
        self.folder: Path | None = None

    async def __aenter__(self) -> Publication:
        file = make_url(self.register.url).database or ""
        self.folder = self.held.enter_context(staging_folder(Path(file).parent))
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.held.close()

    async def add(self, rows: Mapping[str, Ready]) -> None:
        assert not rows, "The processes have staged them."

    async def publish(self) -> None:
        assert self.folder is not None
        files = staged_files(self.folder)
        async with self.register.write([self.scope]) as work, _attached(work.connection, files) as names:
            at = await record_instant(work.connection, self.scope)
            for target in self.tables:
                for name in names:
                    await _take_over(work.connection, target, _staged(target, "sqlite", schema=name), at)
            await work.commit()


@asynccontextmanager
async def _attached(connection: AsyncConnection, files: Sequence[Path]) -> AsyncIterator[Sequence[str]]:
    """The names of the staged files in SQL; neither their coming nor their going may lie within a transaction."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    names = [f"staged_{place}" for place in range(len(files))]
    for name, path in zip(names, files, strict=True):
        await driver.execute(f"ATTACH ? AS {name}", [str(path)])
    [cache] = await (await driver.execute("PRAGMA cache_size")).fetchone()
    await driver.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
    try:
        yield names
    finally:
        await connection.rollback()
        await driver.execute(f"PRAGMA cache_size = {cache}")
        for name in names:
            await driver.execute(f"DETACH {name}")


async def _take_over(connection: AsyncConnection, target: Table, staged: Table, at: datetime) -> None:
    """Rows from a staged table into the register's, recorded at an instant."""
    names = shape_of(target, connection.dialect.name).columns
    values = [literal(at, Instant()) if name in INSTANTS else staged.c[name] for name in names]
    await connection.execute(insert(target).from_select(list(names), select(*values)))


def _staged(target: Table, dialect: str, **where: Any) -> Table:
    """A table beside the register's, with the columns that an import writes."""
    name = target.name if "schema" in where else identifier(f"staged_{target.name}")
    columns = (Column(each, target.c[each].type) for each in shape_of(target, dialect).columns)
    return Table(name, MetaData(), *columns, **where)
