"""Corrections of a name, ours against the ORM server's: each of another doctor, and counted in the databases."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bench.comparing import alone
from bench.installation import Dataset
from bench.questions import READ_SHARE, Identifiers
from bench.running import Run, bodies_of, started
from bench.servers import Running
from meibo.clock import today
from meibo.demo.holders import FIRST_NUMBER
from meibo.register.tables import number_key
from meibo_graphql.ids import NodeKind

CONCURRENCIES = (1, 16)
SERVERS = ("meibo", "strawberry")
NAME = {"familyName": "測定", "givenName": "花子"}
NOTED = {
    "meibo": "select count(*) from action where verb = 'correct'",
    "strawberry": "select count(*) from correction",
}
READ = {
    "meibo": "select id, version from licence where number_key > $1 order by random()",
    "strawberry": "select id, version from doctor where number_key > $1 order by random()",
}
"""The doctors that no query reads, with the versions that they have now."""


def run(of: Run) -> None:
    """Measure both servers in turn."""
    with started([server for server in of.all_servers() if server.name in SERVERS]) as servers:
        for server in servers.values():
            server.pause()
        for repetition in range(of.plan.repetitions):
            for connections in CONCURRENCIES:
                for name in SERVERS:
                    if of.samples.count("correct", connections, name) <= repetition:
                        with alone(servers, name) as server:
                            _measure(of, server, connections)


def _measure(of: Run, server: Running, connections: int) -> None:
    """One run; stops where a request corrected nothing."""
    name, bodies = server.server.name, _bodies(of, server)
    before = asyncio.run(_noted(of.dataset, name))
    sample = of.meter.run(server, bodies, connections, of.plan.seconds)
    done, asked = asyncio.run(_noted(of.dataset, name)) - before, sample["rate"] * of.plan.seconds
    if done < asked * 0.98:
        raise SystemExit(f"{name}: {asked:.0f} requests made {done} corrections.")
    of.samples.add("correct", connections, name, sample=sample)
    of.tell(f"correct {connections:3} {name:13} {sample['rate']:8.0f}/s  p99 {sample['p99']:7.2f} ms")


def _bodies(of: Run, server: Running) -> Path:
    """Requests that correct each doctor once, at its present version; the first is asked for here, and must do it."""
    rows = asyncio.run(_rows(of.dataset, server.server.name))
    asked = [_variables(server, of.identifiers(), id, version) for id, version in rows]
    told = server.ask("correct", asked[0])["correct"]
    if told.get("userErrors") or told.get("error"):
        raise SystemExit(f"{server.server.name} refused a correction: {told}")
    return bodies_of(server, "correct", asked[1:])


def _variables(server: Running, identifiers: Identifiers, id: UUID, version: int) -> Mapping[str, Any]:
    common = {"idempotencyKey": uuid4().hex, "expectedVersion": version, "effectiveDate": today().isoformat()}
    if server.server.name == "meibo":
        ours = {"licenceId": identifiers.ids.seal(NodeKind.LICENCE, id), "reason": "201"}
        return {"input": common | ours | {"legalBasis": "correct", "register": NAME}}
    return {"input": common | {"id": str(id), "reason": "201"} | NAME}


def _database(dataset: Dataset, name: str) -> str:
    return dataset.register if name == "meibo" else dataset.plain


async def _rows(dataset: Dataset, name: str) -> list[tuple[UUID, int]]:
    connection = await dataset.cluster.connect(_database(dataset, name))
    after = number_key(str(FIRST_NUMBER + int(dataset.doctors * READ_SHARE)))
    rows = await connection.fetch(READ[name], after)
    await connection.close()
    return [(row["id"], row["version"]) for row in rows]


async def _noted(dataset: Dataset, name: str) -> int:
    connection = await dataset.cluster.connect(_database(dataset, name))
    count: int = await connection.fetchval(NOTED[name])
    await connection.close()
    return count
