"""Statements whose shape is fixed: compiled once for each kind of database, with values bound by name."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ClauseElement, ColumnElement, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.dialects.sqlite import pysqlite as sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

WHOLE = itemgetter(slice(None))
"""A row as a tuple, which is made into a named one sooner than the driver's own."""
Process = Callable[[Any], Any]
DIALECTS: Mapping[bool, Dialect] = {True: sqlite.dialect(), False: postgresql.dialect()}  # type: ignore[no-untyped-call]
"""By whether the database is SQLite."""


class Bind(NamedTuple):
    """A place of a statement: the value's name, what brings it into the driver's form, or what always stands there."""

    name: str
    process: Process | None
    constant: Any = None
    is_constant: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one kind of database."""

    sql: str
    binds: tuple[Bind, ...]
    row: Callable[[Iterable[Any]], Any]
    """Makes a named tuple of a row."""
    reads: tuple[tuple[int, Process], ...]
    """The columns that the driver gives in another form, by place."""

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values as the driver takes them."""
        return [
            constant if is_constant else process(values[name]) if process else values[name]
            for name, process, constant, is_constant in self.binds
        ]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """The driver's rows as named tuples of Python's values."""
        return list(
            map(self.row, map(WHOLE, found) if not self.reads else (self._read(list(row)) for row in found))
        )

    def _read(self, row: list[Any]) -> list[Any]:
        for place, process in self.reads:
            row[place] = process(row[place])
        return row


class Statement:
    """A statement with named parameters. A `brief` one finds a few rows by a unique key, and does no more; one plan is
    the best for a `steady` one, whatever its values are, so that PostgreSQL plans it once for each connection."""

    def __init__(self, clause: ClauseElement, *, brief: bool = False, steady: bool = False) -> None:
        self.clause, self.brief, self.steady = clause, brief, steady
        self._compiled: dict[bool, Compiled] = {}

    def on(self, is_sqlite: bool) -> Compiled:
        """The statement for a kind of database."""
        if is_sqlite not in self._compiled:
            self._compiled[is_sqlite] = _compile(self.clause, DIALECTS[is_sqlite])
        return self._compiled[is_sqlite]


def _compile(clause: ClauseElement, dialect: Dialect) -> Compiled:
    made = clause.compile(dialect=dialect)
    assert isinstance(made, SQLCompiler)
    binds = tuple(_bind(made, name, dialect) for name in made.positiontup or ())
    columns = list(getattr(clause, "exported_columns", ()))
    reads = ((place, _reader(column.type, dialect)) for place, column in enumerate(columns))
    row: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True)  # type: ignore[misc]
    make = partial(tuple.__new__, row)  # As `_make`, which takes three times as long.
    return Compiled(str(made), binds, make, tuple((place, read) for place, read in reads if read))


def _bind(made: SQLCompiler, name: str, dialect: Dialect) -> Bind:
    bind = made.binds[name]
    process = _binder(bind.type, dialect)
    if bind.required:
        return Bind(name, process)
    return Bind(name, None, process(bind.value) if process else bind.value, True)


def _binder(type_: TypeEngine[Any], dialect: Dialect) -> Process | None:
    if isinstance(type_, Many) and dialect is DIALECTS[False] and _binder(type_.each, dialect) is None:
        return _listed  # Nothing is to be done to each value.
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _listed(values: Iterable[Any] | None) -> list[Any]:
    return list(values or ())


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


class Many(TypeDecorator[Sequence[Any]]):
    """Several values in one parameter: an array, or JSON where there are none."""

    impl = String
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.each) if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        given = list(value or ())
        if dialect.name == "postgresql":
            return given
        bind = _binder(self.each, dialect)
        return orjson.dumps([bind(each) for each in given] if bind else given).decode()


class _Among(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.given = many(column, name)


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.given, **kw)})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    values = select(func.json_each(element.given).table_valued("value").c.value)
    return f"{compiler.process(element.column, **kw)} IN ({compiler.process(values, **kw)})"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column is one of the values of the parameter `name`, however many these are."""
    return _Among(column, name)


def many(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The parameter `name`: any number of a column's values."""
    return bindparam(name, type_=Many(column.type), required=True)


def given(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The parameter `name`, of a column's type."""
    return bindparam(name, type_=column.type, required=True)
