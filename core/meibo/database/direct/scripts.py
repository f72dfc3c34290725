"""Transactions as scripts: a generator asks statement after statement, is given the rows of each, and returns what it
came to. Written once, it runs in SQLite's thread as well as on PostgreSQL's connection."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

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


def merged(puts: Iterable[Put]) -> Iterator[Put]:
    """The rows of each statement together: one way to the server and back for all of them."""
    rows: dict[Statement, list[Mapping[str, Any]]] = {}
    for put in puts:
        rows.setdefault(put.statement, []).extend(put.rows)
    for statement, every in rows.items():
        yield Put(statement, every)


Script = Generator[Ask | Put, list[Any], T]


class Step(NamedTuple):
    """What a script asks, as a driver takes it."""

    sql: str
    rows: Sequence[Sequence[Any]]
    gives: bool
    """Whether rows are wanted."""


Steps = Generator[Step, Sequence[Sequence[Any]], T]


def steps(script: Script[T], is_sqlite: bool) -> Steps[T]:
    """A script in the terms of one kind of database."""
    try:
        asked = next(script)
        while True:
            compiled = asked.statement.on(is_sqlite)
            gives = isinstance(asked, Ask)
            given = [asked.values] if isinstance(asked, Ask) else asked.rows
            found = yield Step(compiled.sql, [compiled.arguments(values) for values in given], gives)
            asked = script.send(compiled.rows(found))
    except StopIteration as end:
        result: T = end.value
        return result
