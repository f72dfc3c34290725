"""Many rows at once: PostgreSQL's binary COPY, and SQLite's `executemany`, past SQLAlchemy's work for each row."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import Dialect, String, Table, Text, literal, make_url, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.database.copying import HEADER, TRAILER, Field, column_of, fields_of, packed

BROKEN = (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError)
DRIVERS = {"sqlite": "sqlite+aiosqlite://", "postgresql": "postgresql+asyncpg://"}
BY_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
)
Row = tuple[Any, ...]
Ready = Sequence[Row] | bytes
"""Rows for the driver, or a stretch of PostgreSQL's binary COPY."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's columns in their order, and what makes a value of each ready: for SQLite's driver, or as PostgreSQL's
    COPY has it."""

    table: str
    columns: tuple[str, ...]
    makers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()

    def ready(self, rows: Iterable[Mapping[str, Any]]) -> Ready:
        """Rows as they go to the database; columns that a row does not name are empty."""
        queued = [*rows]
        if self.fields:
            return packed(self.fields, queued, self.columns)
        return [*zip(*(self._column(name, queued) for name in self.columns), strict=True)]

    def _column(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
        values = column_of(rows, name)
        make = self.makers.get(name)
        return map(make, values) if make else values


@cache
def shape_of(table: Table, dialect: str) -> Shape:
    """The shape of a table's rows on `sqlite` or `postgresql`; what the database numbers itself is left out."""
    known: Dialect = make_url(DRIVERS[dialect]).get_dialect()()
    columns = [column for column in table.columns if column is not table.autoincrement_column]
    names = tuple(column.name for column in columns)
    if dialect == "postgresql":
        return Shape(table.name, names, fields=fields_of(table, names))
    makers = {column.name: column.type.dialect_impl(known).bind_processor(known) for column in columns}
    return Shape(table.name, names, {name: make for name, make in makers.items() if make})


async def pour(connection: AsyncConnection, shape: Shape, rows: Ready, into: str = "") -> None:
    """Write ready rows into the table, or into another of the same columns, within the connection's transaction.

    Raises IntegrityError, without the database's own words: they repeat the row.
    """
    await connection.execute(select(literal(1)))  # The driver itself begins no transaction.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    name = into or shape.table
    try:
        if isinstance(rows, bytes):
            await driver.copy_to_table(name, source=_copy_of(rows), columns=shape.columns, format="binary")
        elif connection.dialect.name == "postgresql":
            await driver.copy_records_to_table(name, records=rows, columns=shape.columns)
        else:
            await driver.executemany(insertion(name, shape.columns), rows)
    except BROKEN as error:
        raise broken(name, error) from None


async def pour_tables(
    connection: AsyncConnection, tables: Iterable[Table], rows: Mapping[str, Ready]
) -> None:
    """`pour` the rows of several tables, in that order; those without rows are passed over."""
    for table in tables:
        if table.name in rows:
            await pour(connection, shape_of(table, connection.dialect.name), rows[table.name])


async def _copy_of(rows: bytes) -> AsyncIterator[bytes]:
    """What COPY reads."""
    for part in (HEADER, rows, TRAILER):
        yield part


async def insert_many(connection: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write many rows of a table within the connection's transaction. Raises IntegrityError."""
    shape = shape_of(table, connection.dialect.name)
    await pour(connection, shape, shape.ready(rows))


async def insert_fenced(connection: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """`insert_many` for a table that row-level security fences: COPY is closed to it, so that the columns go to
    PostgreSQL as arrays, by one statement. Raises IntegrityError."""
    queued = [*rows]
    if connection.dialect.name != "postgresql":
        await insert_many(connection, table, queued)
    elif queued:
        names = shape_of(table, "postgresql").columns
        columns = [column_of(queued, name) for name in names]
        await connection.execute(select(literal(1)))  # The driver itself begins no transaction.
        driver: Any = (await connection.get_raw_connection()).driver_connection
        try:
            await driver.execute(_unnesting(table), *columns)
        except BROKEN as error:
            raise broken(table.name, error) from None


@cache
def _unnesting(table: Table) -> str:
    """The statement that takes a table's columns as arrays; texts go as such, lest a cast cut them off."""
    known: Dialect = make_url(DRIVERS["postgresql"]).get_dialect()()
    names = shape_of(table, "postgresql").columns
    kinds = [Text() if isinstance(table.c[name].type, String) else table.c[name].type for name in names]
    arrays = ", ".join(f"${at}::{kind.compile(known)}[]" for at, kind in enumerate(kinds, 1))
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({listed}) SELECT * FROM unnest({arrays})'  # noqa: S608 - Our own names.


def broken(name: str, error: Exception) -> IntegrityError:
    """The refusal of rows, without the database's own words."""
    return IntegrityError(f"Many rows into {name}", None, Exception(type(error).__name__))


async def by_index(connection: AsyncConnection) -> None:
    """Look many values up by index in this transaction: what PostgreSQL planned when a table was small, it keeps, and
    an import makes tables grow faster than their statistics."""
    if connection.dialect.name == "postgresql":
        await connection.execute(BY_INDEX)


def insertion(table: str, columns: Sequence[str]) -> str:
    """SQLite's statement for one row."""
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - Our own names.
