"""One PostgreSQL 18 with durable commits for all servers, kept under `var/bench` from run to run."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from bench.places import DATA, OTHER_CORE, pinned
from meibo.testing.postgres import (
    find_binaries,
    give,
    make_cluster,
    reachable,
    start_server,
    unprivileged_user,
)

MAJOR = 18
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "max_connections": "200",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
"""Durable, and as one would set it up for a register on a solid-state disk."""
ROLES = ("bench_owner", "bench_app", "bench_peer")
STOP_SECONDS = 120


@dataclass(frozen=True)
class Cluster:
    """A server that is running; roles sign in without a password over its socket, which nobody else reaches."""

    socket: Path
    user: str
    pid: int

    def url(self, database: str, role: str) -> str:
        """As SQLAlchemy writes it."""
        return f"postgresql+asyncpg://{role}@/{database}?host={self.socket}"

    async def connect(self, database: str = "postgres", role: str | None = None) -> asyncpg.Connection[Any]:
        """A connection, the superuser's unless a role is named."""
        return await asyncpg.connect(host=str(self.socket), user=role or self.user, database=database)

    async def make_database(self, name: str) -> None:
        """A new, empty database of the owner's; one of that name goes."""
        connection = await self.connect()
        await connection.execute(f"drop database if exists {name} with (force)")
        await connection.execute(
            f"create database {name} owner bench_owner template template0 encoding 'UTF8'"
        )
        await connection.execute(f"revoke all on database {name} from public")
        await connection.execute(f"grant connect on database {name} to bench_app, bench_peer")
        await connection.close()

    async def has_database(self, name: str) -> bool:
        """Whether there is one of that name."""
        connection = await self.connect()
        found = await connection.fetchval("select count(*) from pg_database where datname = $1", name)
        await connection.close()
        return bool(found)

    def cpu_seconds(self) -> float:
        """What all its processes have used so far."""
        return cpu_seconds(self.pid)


@contextmanager
def running_cluster(*cores: int) -> Iterator[Cluster]:
    """The cluster, made where there is none, until the block ends; on the second core unless others are named."""
    user, folder = unprivileged_user(), DATA / "postgres"
    binaries = reachable(find_binaries(MAJOR), folder, user)
    if not (folder / "ready").exists():
        _make(binaries, folder, user)
    server = start_server(binaries, folder, user, SETTINGS, pinned(*cores or (OTHER_CORE,)))
    try:
        yield Cluster(folder, user or psutil.Process().username(), server.pid)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(STOP_SECONDS)


def _make(binaries: Path, folder: Path, user: str | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    give(folder, user)
    make_cluster(binaries, folder, user)
    server = start_server(binaries, folder, user, SETTINGS)
    try:
        asyncio.run(_make_roles(Cluster(folder, user or psutil.Process().username(), server.pid)))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(STOP_SECONDS)
    (folder / "ready").touch()


async def _make_roles(cluster: Cluster) -> None:
    connection = await cluster.connect()
    for role in ROLES:
        await connection.execute(f"create role {role} login nosuperuser")
    await connection.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children, those that have ended included."""
    parent = psutil.Process(pid)
    ended = parent.cpu_times()
    total = ended.user + ended.system + ended.children_user + ended.children_system
    for process in parent.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            spent = process.cpu_times()
            total += spent.user + spent.system
    return total
