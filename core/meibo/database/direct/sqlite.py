"""SQLite from threads of our own: statements that come while all are busy go together in the next turn."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from meibo.database.direct.reaches import Reach
from meibo.database.direct.scripts import Steps, T

READERS = 2
"""Connections that read. One processor serves Python's threads, however many there are."""
TURN = 32
"""Statements that share a turn of a reader at most."""
INSTRUCTIONS = 100_000
"""Of SQLite's machine, a few milliseconds, between two looks at the clock."""
BUSY_SECONDS = 30
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
Work = Callable[[sqlite3.Connection], Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Work, and who awaits what comes of it."""

    work: Work
    answer: asyncio.Future[Any]


@dataclass(slots=True)
class _Desk:
    """Connections with a thread each, and the work that waits for one of them."""

    open: Callable[[], sqlite3.Connection]
    most: int
    turn: int
    free: list[tuple[ThreadPoolExecutor, sqlite3.Connection | None]] = field(default_factory=list)
    busy: int = 0
    waiting: list[_Asked] = field(default_factory=list)

    async def do(self, work: Work) -> Any:
        """What comes of the work, done in a thread."""
        asked = _Asked(work, asyncio.get_running_loop().create_future())
        self.waiting.append(asked)
        self._start()
        return await asked.answer

    def _start(self) -> None:
        """Give what waits to a connection that is free, if there is one."""
        if not self.waiting or (self.busy >= self.most):
            return
        thread, connection = self.free.pop() if self.free else (ThreadPoolExecutor(1, "meibo-sqlite"), None)
        turn, self.waiting = self.waiting[: self.turn], self.waiting[self.turn :]
        self.busy += 1
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(thread, self._take, connection, [asked.work for asked in turn])
        done.add_done_callback(lambda done: self._finish(done.result(), thread, turn))

    def _take(
        self, connection: sqlite3.Connection | None, works: Sequence[Work]
    ) -> tuple[sqlite3.Connection | None, list[tuple[Any, BaseException | None]]]:
        """In the thread: each piece of work in its turn. What one does wrong is no other's fault."""
        try:
            connection = connection or self.open()
        except sqlite3.Error as error:
            return None, [(None, error)] * len(works)
        return connection, [_tried(work, connection) for work in works]

    def _finish(self, result: Any, thread: ThreadPoolExecutor, turn: Sequence[_Asked]) -> None:
        connection, answers = result
        self.busy -= 1
        self.free.append((thread, connection))
        for asked, (value, error) in zip(turn, answers, strict=True):
            if asked.answer.done():
                continue  # Its caller has given up.
            if error is None:
                asked.answer.set_result(value)
            else:
                asked.answer.set_exception(error)
        self._start()

    def close(self) -> None:
        """Close the connections, each in its own thread."""
        for thread, connection in self.free:
            if connection is not None:
                thread.submit(connection.close)
            thread.shutdown(wait=True)
        self.free.clear()


def _tried(work: Work, connection: sqlite3.Connection) -> tuple[Any, BaseException | None]:
    try:
        return work(connection), None
    except BaseException as error:
        return None, error


class SQLiteDirect:
    """One SQLite file. There are no roles: what a caller may reach stands in the statements alone."""

    def __init__(self, file: str, statement_seconds: int) -> None:
        self.file = file
        self.statement_seconds = statement_seconds
        self._reading = _Desk(lambda: self._open(writes=False), READERS, TURN)
        self._writing = _Desk(lambda: self._open(writes=True), 1, 1)

    async def fetch(
        self,
        sql: str,
        arguments: Sequence[Any],
        reach: Reach | None,
        *,
        brief: bool = False,
        steady: bool = False,
    ) -> Sequence[Sequence[Any]]:
        """The rows of a statement that only reads. A brief one is asked where it stands: a turn takes longer."""
        if brief:
            try:
                return self._here.execute(sql, arguments).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in BUSY:
                    raise
        return await self._reading.do(lambda c: c.execute(sql, arguments).fetchall())  # type: ignore[no-any-return]

    def mark(self) -> object:
        """Another after every commit. A look at shared memory: too short to give to a thread."""
        return self._here.execute("PRAGMA data_version").fetchone()[0]

    async def append(self, inserts: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> None:
        """Insert rows by these statements, in one durable commit."""

        def write(connection: sqlite3.Connection) -> None:
            with _committed(connection):
                for sql, rows in inserts:
                    connection.executemany(sql, rows)

        await self._writing.do(write)

    async def play(self, steps: Steps[T], reach: Reach | None) -> T:
        """What a script comes to, in one durable commit; nothing is kept where it raises."""

        def write(connection: sqlite3.Connection) -> T:
            with _committed(connection):
                return _played(steps, connection)

        return await self._writing.do(write)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Close every connection; call it when nothing is asked any more."""
        for desk in (self._reading, self._writing):
            await asyncio.to_thread(desk.close)
        if "_here" in self.__dict__:
            self._here.close()

    @cached_property
    def _here(self) -> sqlite3.Connection:
        """A connection of the loop's own thread, which waits for nobody."""
        return self._open(writes=False, patience=0)

    def _open(self, *, writes: bool, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
        uri = f"{Path(self.file).absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        pragmas = ["synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"]
        for pragma in (*pragmas, *([] if writes else ["query_only=ON"])):
            connection.execute(f"PRAGMA {pragma}")
        if self.statement_seconds and not writes:
            return _Bounded(connection, self.statement_seconds).connection
        return connection


@contextmanager
def _committed(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that nobody else writes beside."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _played(steps: Steps[T], connection: sqlite3.Connection) -> T:
    found: Sequence[Sequence[Any]] = ()
    try:
        step = next(steps)
        while True:
            if step.gives:
                found = connection.execute(step.sql, step.rows[0]).fetchall()
            else:
                found = ()
                connection.executemany(step.sql, step.rows)
            step = steps.send(found)
    except StopIteration as end:
        result: T = end.value
        return result


class _Bounded:
    """Ends long statements: SQLite itself asks every so often whether to go on."""

    def __init__(self, connection: sqlite3.Connection, seconds: int) -> None:
        self.connection = connection
        self.seconds = seconds
        self.ends = 0.0
        connection.set_trace_callback(self.start)
        connection.set_progress_handler(self.is_over, INSTRUCTIONS)

    def start(self, _sql: str) -> None:
        """A statement begins."""
        self.ends = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        """Anything but 0 ends the statement."""
        return time.monotonic() > self.ends
