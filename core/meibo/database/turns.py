"""SQLite under SQLAlchemy: a statement, its rows and the end of its cursor in one turn of the connection's thread.

SQLAlchemy takes four turns for them, and each costs more than most of our statements do. No public way leads there: it
rests on methods that SQLAlchemy and aiosqlite keep to themselves, so both stay below their next minor version.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite import aiosqlite
from sqlalchemy.engine import Engine


@dataclass(frozen=True, slots=True)
class Answer:
    """What is left of a cursor once its rows are fetched and it is closed."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: list[Any] = field(default_factory=list)
    arraysize: int = 1

    def close(self) -> None:
        """Nothing is open any more."""


class OneTurnCursor(aiosqlite.AsyncAdapt_aiosqlite_cursor):
    """Asks nothing of the thread but what is executed."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        return Answer()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._ask(lambda cursor: cursor.execute(operation, () if parameters is None else parameters))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._ask(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _ask(self, execute: Callable[[sqlite3.Cursor], object]) -> None:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            answer = await driver._execute(lambda: _answer(driver._conn, execute))
        self._cursor, self._rows = answer, deque(answer.rows)


class OneTurnConnection(aiosqlite.AsyncAdapt_aiosqlite_connection):
    """A connection whose cursors take one turn; one that streams takes its turns as ever."""

    __slots__ = ()
    _cursor_cls = OneTurnCursor


def take_one_turn(engine: Engine) -> None:
    """Let the engine's connections take one turn of their thread for each statement."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, options: Any) -> OneTurnConnection:
        made = dialect.dbapi.connect(*arguments, **options)
        return OneTurnConnection(made.dbapi, made.driver_connection)


def _answer(connection: sqlite3.Connection, execute: Callable[[sqlite3.Cursor], object]) -> Answer:
    """In the thread: execute, fetch, close."""
    cursor = connection.cursor()
    try:
        execute(cursor)
        rows = cursor.fetchall() if cursor.description else []
        return Answer(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()
