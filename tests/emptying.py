"""A database as migrating and seeding left it, over connections that stay: a new one learns every table anew."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatch

import asyncpg
from sqlalchemy import make_url

from tests.postgres import PostgresDatabase

KEPT = ("profession", "installation", "recording", "code_change", "*_master", "meibo_*")
"""Tables that emptying leaves: what migrating and seeding wrote."""


@dataclass(slots=True)
class Emptier:
    """Deletes rows as the server's administrator. Each test has an event loop of its own; this has one that lasts."""

    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "emptier"))
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    connections: dict[str, asyncpg.Connection] = field(default_factory=dict)

    async def empty(self, place: PostgresDatabase) -> None:
        """Delete every row but those of migrating and seeding."""
        await asyncio.wrap_future(self.thread.submit(self.runner.run, self._empty(place)))

    def close(self) -> None:
        """Close the connections."""
        self.thread.submit(self.runner.run, self._close()).result()
        self.thread.submit(self.runner.close).result()
        self.thread.shutdown()

    async def _empty(self, place: PostgresDatabase) -> None:
        connection = await self._connected(place)
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            # Most hold nothing; TRUNCATE would make new files for every one of them.
            for name in await _filled(connection):
                await connection.execute(f'DELETE FROM "{name}"')
            # A test before may have moved its clock on; the instants of the next would follow on it.
            await connection.execute("UPDATE recording SET last_at = now()")
            await connection.execute("DELETE FROM installation WHERE name LIKE 'demo%'")

    async def _connected(self, place: PostgresDatabase) -> asyncpg.Connection:
        if place.name not in self.connections:
            url = make_url(place.admin_url).set(drivername="postgresql")
            dsn = url.render_as_string(hide_password=False)
            self.connections[place.name] = await asyncpg.connect(dsn)
        return self.connections[place.name]

    async def _close(self) -> None:
        for connection in self.connections.values():
            connection.terminate()  # The server may have ended before.


async def _filled(connection: asyncpg.Connection) -> list[str]:
    """The tables that hold rows which are to go."""
    found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    emptied = [each[0] for each in found if not any(fnmatch(each[0], kept) for kept in KEPT)]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in emptied)
    return [each[0] for each in await connection.fetch(asked)]
