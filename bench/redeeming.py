"""How many shares a server on one core redeems in a second over HTTP, at 16 connections.

Each token is used once; a use and the request's key are counted durably, and the leaf is durable, before the answer,
which comes with its claims and a signed receipt. The partner has signed in, and each request brings a proof of its own
(DPoP), which serves once too. wrk and PostgreSQL have the other core. `core` counts the seconds that the server
computed, threads included; `clock` those that passed, and so what else the machine did. Afterwards the register's uses
are counted: as many as were answered, none twice.

    .venv/bin/python -m bench.redeeming [sqlite|postgres]
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from bench.certificates import standing_licences
from bench.cluster import Cluster, cpu_seconds, running_cluster
from bench.places import DATA, OTHER_CORE, SERVER_CORE, pinned
from bench.redeemers import CLAIMS, PATH, Redeemer, registered, requests
from bench.server import machine
from bench.servers import ADDRESS, MEIBO
from bench.wrk import SCRIPT, parse
from meibo import clock
from meibo.consent import UseOutcome
from meibo.consent.tables import share, share_use
from meibo.consent.tokens import new_token, token_mac
from meibo.database.stores import Store
from meibo.demo.filling import fill
from meibo.demo.keys import make_keys
from meibo.host import load_host
from meibo.installation import Installation, open_installation
from meibo.settings import Settings, load_settings

SECONDS = 5
RUNS = 3
TOKENS = 12_000
"""More than one run can use."""
CONNECTIONS = 16
LIMIT = 500
DOCTORS = 200


async def prepare(installation: Installation) -> list[str]:
    """The tokens of new shares of doctors, each for one use."""
    licences, scope = await standing_licences(installation), installation.scopes.of("doctor")
    tokens = [new_token() for _ in range(TOKENS)]
    async with installation.register.write([scope]) as work:
        await work.connection.execute(
            insert(share),
            [
                _share(installation, token, licences[n % len(licences)], scope)
                for n, token in enumerate(tokens)
            ],
        )
        await work.commit()
    return tokens


def _share(installation: Installation, token: str, licence: UUID, scope: int) -> dict[str, Any]:
    at = clock.now()
    return {
        "id": uuid4(), "scope": scope, "licence_id": licence, "token_mac": token_mac(installation.keys, token),
        "recipient": None, "purpose": "employment", "claims": CLAIMS, "made_at": at,
        "expires_at": at + timedelta(days=1), "uses": 1, "uses_left": 1, "withdrawn_at": None,
    }  # fmt: skip


async def used(installation: Installation) -> tuple[int, int]:
    """How many uses showed something, and of how many shares."""
    shown = select(func.count(), func.count(share_use.c.share_id.distinct())).where(
        share_use.c.outcome == UseOutcome.SHOWN.value
    )
    async with installation.register.read(installation.scopes.numbers.values()) as connection:
        row = (await connection.execute(shown)).one()
        return row[0], row[1]


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, int]]:
    """Address and process id of the surface on its own core, which knows nothing of the vault."""
    told = {
        "MEIBO_DATA": settings.data, "MEIBO_REGISTER_URL": settings.register_url,
        "MEIBO_AUDIT_URL": settings.audit_url, "MEIBO_PROFESSIONS": "doctor",
        "MEIBO_VERIFY_CHECKS_PER_MINUTE": "10000000",
    }  # fmt: skip
    command = [*pinned(SERVER_CORE), str(MEIBO), "serve", "--surface", "verify", "--port", "0"]
    server = subprocess.Popen(  # noqa: S603
        command, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert server.stdout is not None
    try:
        found = next(found for line in server.stdout if (found := ADDRESS.search(line)))
        yield found[0].decode().removesuffix(PATH), server.pid
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()


@dataclass(frozen=True)
class Measured:
    """Redeemed in a second of the clock, and of the server's core; the 99th percentile in milliseconds."""

    clock: float
    core: float
    p99: float
    answered: int

    def __str__(self) -> str:
        return f"{self.clock:6,.0f} /s by the clock, {self.core:6,.0f} /s of the core, p99 {self.p99:.1f} ms"


def load(address: str, pid: int, redeemer: Redeemer, tokens: list[str], folder: Path) -> Measured:
    """One run: sign in, make the proofs, then measure."""
    client = redeemer.sign_in(address)
    path = requests(tokens, client, folder / "bodies.tsv")
    before = cpu_seconds(pid)
    command = [
        *pinned(OTHER_CORE), "wrk", "--threads", "1", "--connections", str(CONNECTIONS),
        "--duration", f"{SECONDS}s", "--timeout", "10s", "--script", str(SCRIPT), f"{address}{PATH}",
        "--", str(path), client.token,
    ]  # fmt: skip
    said = parse(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603
    if said.failed or said.requests > TOKENS:
        raise SystemExit(f"{said.failed} requests failed, and {said.requests} of {TOKENS} tokens were used.")
    spent = cpu_seconds(pid) - before
    return Measured(said.rate, said.requests / spent, said.p99, said.requests)


async def nothing() -> None:
    """For a store that settles by itself."""


async def measure(settings: Settings, settle: Callable[[], Awaitable[None]] = nothing) -> Measured:
    """The best of several runs, each with tokens of its own."""
    host, runs = load_host(only={"doctor"}), list[Measured]()
    await fill(settings, host, DOCTORS, lambda _: None)
    async with open_installation(settings, host) as installation:
        make_keys(installation.authority)
        redeemer = await registered(installation)
        for _ in range(RUNS):
            tokens = await prepare(installation)
            await settle()
            with served(settings) as (address, pid):
                folder = Path(settings.data)
                found = await asyncio.to_thread(load, address, pid, redeemer, tokens, folder)
            runs.append(found)
            print(f"  {found}")
        uses, shares = await used(installation)
        answered = sum(run.answered for run in runs)
        if uses != shares or not answered <= uses <= answered + RUNS * CONNECTIONS:
            raise SystemExit(f"{answered} were answered; {uses} uses of {shares} shares were counted.")
    return max(runs, key=lambda run: run.core)


def on_sqlite() -> Measured:
    """With durable commits, WAL, on the disk that the benchmarks measure."""
    DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="redeeming-", dir=DATA) as folder:
        return asyncio.run(measure(replace(load_settings(), data=folder)))


def on_postgres() -> Measured:
    """On the benchmarks' own cluster, each store a database."""
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="redeeming-") as folder:
        return asyncio.run(measure(asyncio.run(_settings(cluster, folder)), lambda: _settle(cluster)))


async def _settle(cluster: Cluster) -> None:
    """What autovacuum does in its own time."""
    for store in (Store.REGISTER, Store.AUDIT):
        connection = await cluster.connect(f"redeeming_{store}")
        await connection.execute("vacuum (analyze)")
        await connection.close()


async def _settings(cluster: Cluster, folder: str) -> Settings:
    urls: dict[str, Any] = {}
    for store in Store:
        name = f"redeeming_{store}"
        await cluster.make_database(name)
        urls[f"{store}_url"] = cluster.url(name, "bench_app")
        urls[f"{store}_owner_url"] = cluster.url(name, "bench_owner")
    return replace(load_settings(), data=folder, **urls)


def main(stores: list[str]) -> int:
    """Print the figures; 1 where the limit is missed."""
    found = {}
    for store, measured in (("sqlite", on_sqlite), ("postgres", on_postgres)):
        if not stores or store in stores:
            print(store)
            found[store] = measured()
    print(machine())
    for store, best in found.items():
        print(f"{store:9} {best}   (limit {LIMIT})")
    return 0 if all(best.core >= LIMIT for best in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
