"""One store: an engine, short reads, and writes that keep nothing without `commit()`.

Scope is the set of professions (small integers) that a caller may reach. PostgreSQL's row-level security
compares it with every row, and an entry's office with those of a caller who is bound to some; it is a second
fence, against our own slips, behind the services' own checks.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from meibo.database.direct.postgres import PostgresDirect
from meibo.database.direct.reaches import Reach
from meibo.database.direct.scripts import Script, T, steps
from meibo.database.direct.sqlite import BUSY_SECONDS, INSTRUCTIONS, SQLiteDirect
from meibo.database.direct.statements import Statement
from meibo.database.turns import take_one_turn
from meibo.settings import Settings

FENCE = text("SELECT set_config('app.scope', :scope, true), set_config('app.offices', :offices, true)")
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
PREPARED = "".join(f"PRAGMA {pragma};" for pragma in PRAGMAS)
"""What SQLite is told on each new connection, in one turn of its thread."""
COMMIT, COMMITTED = "COMMIT", "COMMITTED"
Heard = Callable[[str], object]
"""Is told each fixed statement before it is asked, and COMMIT and COMMITTED about each append; tests listen."""


class Store(StrEnum):
    """What is kept where; each has its own URL, role and migrations."""

    REGISTER = "register"
    LINKS = "links"
    NUMBERS = "numbers"
    KEYS = "keys"
    AUDIT = "audit"


@dataclass(slots=True)
class UnitOfWork:
    """A write in progress: rolled back unless `commit()` was called."""

    connection: AsyncConnection
    committed: bool = field(default=False, init=False)

    async def commit(self) -> None:
        """Keep everything, durably, and end the work."""
        await self.connection.commit()
        self.committed = True


class Database:
    """One store by URL. Reads and writes use engines of their own, so that SQLite's writers queue in order."""

    def __init__(self, url: str, pool_size: int = 8, statement_seconds: int = 0) -> None:
        """A statement that takes longer than `statement_seconds` is ended where it runs; 0: none is."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.heard: list[Heard] = []
        self._reading = _engine(url, pool_size, "BEGIN", statement_seconds)
        self._direct = _direct(self._reading, pool_size, statement_seconds)

    async def fetch(self, statement: Statement, reach: Reach | None = None, /, **values: Any) -> list[Any]:
        """The rows of a fixed statement with these values, as named tuples, straight from the driver.

        Without a reach PostgreSQL shows no row that has a scope."""
        compiled = statement.on(self.is_sqlite)
        self._tell(compiled.sql)
        arguments = compiled.arguments(values)
        found = await self._direct.fetch(
            compiled.sql, arguments, reach, brief=statement.brief, steady=statement.steady
        )
        return compiled.rows(found)

    def mark(self) -> object:
        """Equal as long as nothing was committed since (SQLite), or within a second (PostgreSQL): how long what was
        read may be remembered."""
        return self._direct.mark()

    async def append(self, *inserts: tuple[Statement, Sequence[Mapping[str, Any]]]) -> None:
        """Insert rows by fixed statements, all in one durable commit."""
        compiled = [(s.on(self.is_sqlite), rows) for s, rows in inserts]
        self._tell(COMMIT)
        await self._direct.append([(c.sql, [c.arguments(row) for row in rows]) for c, rows in compiled])
        self._tell(COMMITTED)

    async def play(self, script: Script[T], reach: Reach | None = None) -> T:
        """What a script comes to, all that it writes in one durable commit; nothing is kept where it raises."""
        self._tell(COMMIT)
        result = await self._direct.play(steps(script, self.is_sqlite), reach)
        self._tell(COMMITTED)
        return result

    def _tell(self, what: str) -> None:
        for heard in self.heard:
            heard(what)

    @asynccontextmanager
    async def read(
        self, scope: Iterable[int] | None = None, offices: Iterable[str] | None = None
    ) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes, if any, are thrown away; `offices` None means every office's entries."""
        async with self._reading.connect() as connection:
            await self._fence(connection, scope, offices)
            yield connection

    @asynccontextmanager
    async def write(
        self, scope: Iterable[int] | None = None, offices: Iterable[str] | None = None
    ) -> AsyncIterator[UnitOfWork]:
        """A unit of work; leaving it without `commit()`, or by an exception, keeps nothing."""
        async with self._writing.connect() as connection:
            await self._fence(connection, scope, offices)
            work = UnitOfWork(connection)
            try:
                yield work
            finally:
                if not work.committed:
                    await connection.rollback()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.is_sqlite else "postgresql"

    def exists(self) -> bool:
        """Whether there is anything to connect to; a server is asked by connecting."""
        file = make_url(self.url).database
        return not self.is_sqlite or not file or Path(file).is_file()

    async def close(self) -> None:
        """Close every connection."""
        await self._direct.close()
        await self._reading.dispose()
        if "_writing" in self.__dict__:
            await self._writing.dispose()

    @cached_property
    def _writing(self) -> AsyncEngine:
        """Made when it is first written to: most processes write to few of the stores."""
        return _engine(self.url, 1, "BEGIN IMMEDIATE", 0) if self.is_sqlite else self._reading

    async def _fence(
        self, connection: AsyncConnection, scope: Iterable[int] | None, offices: Iterable[str] | None
    ) -> None:
        """Tell PostgreSQL, for this transaction alone, which professions and offices the caller may reach."""
        if not self.is_sqlite and scope is not None:
            professions, bound = Reach.of(scope, offices).settings
            await connection.execute(FENCE, {"scope": professions, "offices": bound})


class Databases(dict[Store, Database]):
    """All stores of an installation."""

    @classmethod
    def open(
        cls, settings: Settings, *, owner: bool = False, stores: Iterable[Store] = tuple(Store)
    ) -> Databases:
        """The stores of the settings, all or some; `owner` connects as the owner, for migrations."""
        seconds = 0 if owner else settings.statement_seconds
        urls = {store: settings.url(store, owner=owner) for store in stores}
        return cls({store: Database(url, settings.pool_size, seconds) for store, url in urls.items()})

    async def close(self) -> None:
        """Close every store."""
        for database in self.values():
            await database.close()


def _direct(engine: AsyncEngine, pool_size: int, statement_seconds: int) -> SQLiteDirect | PostgresDirect:
    """What fixed statements are asked through: the engine's own driver, connected as the engine connects."""
    if engine.dialect.name == "sqlite":
        return SQLiteDirect(engine.url.database or "", statement_seconds)
    _, options = engine.dialect.create_connect_args(engine.url)
    return PostgresDirect({**options, "server_settings": _server_settings(statement_seconds)}, pool_size)


def _server_settings(statement_seconds: int) -> dict[str, str]:
    return {"jit": "off", "timezone": "UTC", "statement_timeout": str(statement_seconds * 1000)}


def _engine(url: str, pool_size: int, begin: str, statement_seconds: int) -> AsyncEngine:
    if url.startswith("sqlite"):
        return _sqlite_engine(url, pool_size, begin, statement_seconds)
    options: dict[str, Any] = {
        "connect_args": {"server_settings": _server_settings(statement_seconds)},
        "hide_parameters": True,  # A statement's values have no place in an error.
    }
    return create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True, **options)


def _sqlite_engine(url: str, pool_size: int, begin: str, statement_seconds: int) -> AsyncEngine:
    """SQLite with durable commits, and an explicit BEGIN so that schema changes are transactional too."""
    late = _Deadline(statement_seconds) if statement_seconds else None
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    take_one_turn(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.run_async(lambda driver: driver.executescript(PREPARED))
        if late:
            late.watch(connection)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    if late:
        event.listen(engine.sync_engine, "before_cursor_execute", late.start)
    return engine


class _Deadline:
    """Ends SQLite's long statements: SQLite itself asks every so often whether to go on."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.ends: dict[int, float] = {}

    def start(self, connection: Any, *_statement: Any) -> None:
        """A statement begins on a connection."""
        self.ends[id(connection.connection.dbapi_connection)] = time.monotonic() + self.seconds

    def watch(self, connection: Any) -> None:
        """Let SQLite ask for this connection; anything but 0 or None ends the statement."""
        key = id(connection)

        def is_over() -> bool:
            return time.monotonic() > self.ends.get(key, float("inf"))

        connection.run_async(lambda driver: driver.set_progress_handler(is_over, INSTRUCTIONS))
