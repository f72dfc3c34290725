"""PostgreSQL over connections that are bound to one reach each, with prepared statements and no transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import Table

from meibo.database.bulk import BROKEN, broken
from meibo.database.direct.reaches import Reach
from meibo.database.direct.scripts import Step, Steps, T

BIND = """
SELECT set_config('app.scope', $1, false), set_config('app.offices', $2, false),
set_config('plan_cache_mode', $3, false)
"""
LOST = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.PostgresConnectionError,
    OSError,
)
"""Failures of a connection that has waited too long, not of what was asked on it."""
STATEMENTS = 200
"""That stay prepared on a connection."""
NOWHERE = Reach(frozenset())


class _Terms(NamedTuple):
    """What a connection is bound to: a reach, and whether its statements are planned once, or by their values."""

    reach: Reach
    steady: bool = False

    @property
    def settings(self) -> tuple[str, ...]:
        return *self.reach.settings, "force_generic_plan" if self.steady else "auto"


ELSEWHERE = _Terms(NOWHERE)


@dataclass(slots=True)
class _Bound:
    """A connection and the terms that it is bound to. `with bound:` is one use of it: afterwards it is `free` for the
    next, unless something went wrong on it."""

    driver: Any
    free: list[_Bound] = field(repr=False)
    terms: _Terms | None = None
    prepared: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> _Bound:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.free.append(self)
        else:
            self.driver.terminate()

    async def bind(self, terms: _Terms) -> None:
        """Let the connection reach just that."""
        self.terms = None
        await self.driver.execute(BIND, *terms.settings)
        self.terms = terms

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement, which stays prepared."""
        prepared = self.prepared.get(sql) or await self.prepare(sql)
        return await prepared.fetch(*arguments)  # type: ignore[no-any-return]

    async def put(self, step: Step) -> None:
        """Write a step's rows."""
        if step.into is None:
            await (await self.prepare(step.sql)).executemany(step.rows)
        elif step.rows:
            await self._copy(step.into, step.rows)

    async def _copy(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Copy rows into a table. Raises IntegrityError, without the database's own words: they repeat the row."""
        try:
            await self.driver.copy_records_to_table(table.name, records=rows, columns=table.columns.keys())
        except BROKEN as error:
            raise broken(table.name, error) from None

    async def prepare(self, sql: str) -> Any:
        """The statement, prepared on this connection."""
        if sql not in self.prepared:
            while len(self.prepared) >= STATEMENTS:
                self.prepared.pop(next(iter(self.prepared)))
            self.prepared[sql] = await self.driver.prepare(sql)
        return self.prepared[sql]


class PostgresDirect:
    """At most `size` connections; the free one of the same terms is taken first, then the one idle longest."""

    def __init__(self, options: Mapping[str, Any], size: int) -> None:
        """`options` are those of `asyncpg.connect`."""
        self._options = options
        self._places = asyncio.Semaphore(size)
        self._free: list[_Bound] = []

    async def fetch(
        self,
        sql: str,
        arguments: Sequence[Any],
        reach: Reach | None,
        *,
        brief: bool = False,
        steady: bool = False,
    ) -> Sequence[Sequence[Any]]:
        """The rows of a statement that only reads; a connection lost since it was last used is replaced."""
        terms = _Terms(reach or NOWHERE, steady)
        async with self._places:
            while True:
                kept = self._take(terms)
                try:
                    with kept or await self._connect() as bound:
                        if bound.terms != terms:
                            await bound.bind(terms)
                        return await bound.fetch(sql, arguments)
                except LOST:
                    if kept is None:
                        raise

    def mark(self) -> object:
        """Another every second."""
        return int(time.monotonic())

    async def append(self, inserts: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> None:
        """Insert rows by these statements, in one durable commit: one statement of one row is a commit by itself.

        A lost connection is not tried again: whether it had committed is unknown."""
        async with self._places:
            with self._take(ELSEWHERE) or await self._connect() as bound:
                if len(inserts) == 1 and len(inserts[0][1]) == 1:
                    await bound.fetch(inserts[0][0], inserts[0][1][0])
                    return
                async with bound.driver.transaction():
                    for sql, rows in inserts:
                        await (await bound.prepare(sql)).executemany(rows)

    async def play(self, steps: Steps[T], reach: Reach | None) -> T:
        """What a script comes to, in one durable commit; nothing is kept where it raises.

        A connection lost before anything was asked is replaced; whether a later one had committed is unknown.
        """
        terms = _Terms(reach or NOWHERE)
        async with self._places:
            while True:
                kept, begun = self._take(terms), False
                try:
                    with kept or await self._connect() as bound:
                        if bound.terms != terms:
                            await bound.bind(terms)
                        async with bound.driver.transaction():
                            begun = True
                            return await _played(steps, bound)
                except LOST:
                    if kept is None or begun:
                        raise

    async def close(self) -> None:
        """Close every connection."""
        while self._free:
            await self._free.pop().driver.close()

    def _take(self, terms: _Terms) -> _Bound | None:
        for place in range(len(self._free) - 1, -1, -1):
            if self._free[place].terms == terms:
                return self._free.pop(place)
        return self._free.pop(0) if self._free else None

    async def _connect(self) -> _Bound:
        return _Bound(await asyncpg.connect(**self._options), self._free)


async def _played(steps: Steps[T], bound: _Bound) -> T:
    found: Sequence[Sequence[Any]] = ()
    try:
        step = next(steps)
        while True:
            if step.gives:
                found = await bound.fetch(step.sql, step.rows[0])
            else:
                found = ()
                await bound.put(step)
            step = steps.send(found)
    except StopIteration as end:
        result: T = end.value
        return result
