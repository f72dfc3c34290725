"""A file of synthetic doctors into a durable register, with readers meanwhile. See `bench/README.md`.

Prints a row of a Markdown table: from the start of `meibo import` to the last doctor's answer by query.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import SETTINGS
from bench.entries import FIRST_NUMBER, write_doctors
from bench.server import MEIBO, QUERY, Filled, machine, served
from meibo.access.permissions import Role
from meibo.access.tokens import Account, command_principal
from meibo.database.stores import Store
from meibo.host import load_host
from meibo.installation import migrate, open_installation, seed_codes
from meibo.settings import PREFIX, Settings
from meibo.testing.postgres import throw_away_server

BEFORE = 200
"""Doctors that are there already, for the readers."""
PAUSE_SECONDS = 0.02
WAIT_SECONDS = 60


@dataclass
class Reader:
    """Asks for one doctor after another as long as it runs; keeps how long each answer took, in seconds."""

    installation: Filled
    address: str
    times: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read until stopped."""
        with httpx.Client() as client:
            while not self.stopped.wait(PAUSE_SECONDS):
                started = time.perf_counter()
                assert ask(client, self.installation, self.address, FIRST_NUMBER + len(self.times) % BEFORE)
                self.times.append(time.perf_counter() - started)

    def p99(self) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.times, n=100)[-1] * 1000 if len(self.times) > 1 else 0.0


def ask(client: httpx.Client, installation: Filled, address: str, number: int) -> bool:
    """Whether a doctor is there; asked as a frontend asks."""
    by = {"registrationNumber": {"profession": "doctor", "number": str(number)}}
    answer = client.post(
        address,
        json={"query": QUERY, "variables": {"by": by}},
        headers={"authorization": f"Bearer {installation.token}"},
    )
    answer.raise_for_status()
    return answer.json()["data"]["licence"] is not None


async def prepare(settings: Settings) -> str:
    """An installation with nothing but code tables; the token of an officer."""
    host = load_host()
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        await seed_codes(installation, command_principal("bench", host.professions))
        officer = Account(
            id="bench",
            name_ja="測定",
            name_en="Bench",
            institution="Bench",
            role=Role.OFFICER,
            professions=("doctor",),
        )
        await installation.tokens.add_account(officer)
        return await installation.tokens.issue("bench", "bench")


FILL_LOG = """
select count(pg_switch_wal()), count(pg_logical_emit_message(false, 'bench', 'a segment'))
from generate_series(1, 150)
"""
"""The log's files of a server that has been running are written over; a new one makes each while all others wait."""


@contextmanager
def stores(database: str, folder: str) -> Iterator[Settings]:
    """Settings of durable stores: SQLite files, or a throw-away PostgreSQL with the settings of all benchmarks."""
    settings = Settings(data=folder)
    if database == "sqlite":
        yield settings
        return
    with throw_away_server(int(database), SETTINGS) as server, server.database() as place:
        server.run(FILL_LOG)
        server.run("checkpoint")
        urls = {f"{store}_url": place.app_url for store in Store}
        urls |= {f"{store}_owner_url": place.owner_url for store in Store}
        yield replace(settings, **urls)


def import_file(installation: Filled, path: Path) -> None:
    """`meibo import`, as an operator runs it."""
    subprocess.run(  # noqa: S603
        [str(MEIBO), "import", "doctor", str(path)],
        env=installation.environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def own_seconds() -> float:
    """Processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def largest_process() -> float:
    """Memory at its most of the largest child that has ended, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure(rows: int, database: str, readers: int) -> str:
    """One measurement as a row of a table."""
    with TemporaryDirectory(prefix="meibo-bulk-") as folder, stores(database, folder) as settings:
        filled = Environment(folder, asyncio.run(prepare(settings)), settings)
        first, file = Path(folder) / "first.csv", Path(folder) / "doctors.csv"
        write_doctors(first, BEFORE)
        write_doctors(file, rows, BEFORE)
        import_file(filled, first)
        with served(filled) as (_, address), httpx.Client() as client:
            reading = [Reader(filled, address) for _ in range(readers)]
            threads = [threading.Thread(target=reader.run) for reader in reading]
            for thread in threads:
                thread.start()
            used, began = own_seconds(), time.perf_counter()
            import_file(filled, file)
            while not ask(client, filled, address, FIRST_NUMBER + BEFORE + rows - 1):
                assert time.perf_counter() - began < WAIT_SECONDS * rows
            seconds = time.perf_counter() - began
            used = own_seconds() - used
            for reader in reading:
                reader.stopped.set()
            for thread in threads:
                thread.join()
            p99 = max((reader.p99() for reader in reading), default=0.0)
        load = os.getloadavg()[0]
    return (
        f"| {database} | {rows:,} | {seconds:.1f} | {rows / seconds:,.0f} | {used:.1f} | {largest_process():.0f} |"
        f" {p99:.0f} | {load:.1f} |"
    )


@dataclass(frozen=True)
class Environment(Filled):
    """A filled installation by its settings."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """What commands are started with."""
        given = {name: getattr(self.settings, name) for name in self.settings.__dataclass_fields__}
        return os.environ | {PREFIX + name.upper(): str(value) for name, value in given.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--database", default="sqlite", help="sqlite, or PostgreSQL's major version: 18")
    parser.add_argument("--readers", type=int, default=1)
    given = parser.parse_args()
    print("| database | rows | seconds | rows/s | CPU s of the import | MiB | p99 of readers, ms | load |")
    print("|---|---|---|---|---|---|---|---|")
    print(measure(given.rows, given.database, given.readers))
    print(machine())


if __name__ == "__main__":
    main()
