"""Transactions as scripts: a generator asks statement after statement, is given the rows of each, and returns what it
came to. Written once, it runs in SQLite's thread as well as on PostgreSQL's connection."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Table

from meibo.database.bulk import insertion
from meibo.database.direct.statements import Statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """A statement, whose rows the script is given."""

    statement: Statement
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """A statement that writes, once for each of these values; it gives no rows."""

    statement: Statement
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pour:
    """Rows of a table as the driver takes them, in the order of its columns: by PostgreSQL's COPY, or one by one."""

    table: Table
    rows: Sequence[Sequence[Any]]


def merged(puts: Iterable[Put]) -> Iterator[Put]:
    """The rows of each statement together: one way to the server and back for all of them."""
    rows: dict[Statement, list[Mapping[str, Any]]] = {}
    for put in puts:
        rows.setdefault(put.statement, []).extend(put.rows)
    for statement, every in rows.items():
        yield Put(statement, every)


Script = Generator[Ask | Put | Pour, list[Any], T]


class Step(NamedTuple):
    """What a script asks, as a driver takes it."""

    sql: str
    rows: Sequence[Sequence[Any]]
    gives: bool
    """Whether rows are wanted."""
    into: Table | None = None
    """The table that the rows are copied into, where the driver can."""


Steps = Generator[Step, Sequence[Sequence[Any]], T]


def steps(script: Script[T], is_sqlite: bool) -> Steps[T]:
    """A script in the terms of one kind of database."""
    try:
        asked = next(script)
        while True:
            step, rows = _step(asked, is_sqlite)
            asked = script.send(rows((yield step)))
    except StopIteration as end:
        result: T = end.value
        return result


def _step(asked: Ask | Put | Pour, is_sqlite: bool) -> tuple[Step, Callable[[Iterable[Any]], list[Any]]]:
    """What is asked in the terms of the driver, and what makes rows of its answer."""
    if isinstance(asked, Pour):
        table = asked.table
        return Step(insertion(table.name, table.columns.keys()), asked.rows, False, table), list
    compiled = asked.statement.on(is_sqlite)
    given = [asked.values] if isinstance(asked, Ask) else asked.rows
    arguments = [compiled.arguments(values) for values in given]
    return Step(compiled.sql, arguments, isinstance(asked, Ask)), compiled.rows
