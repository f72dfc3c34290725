"""What a durable leaf adds to a request at one connection, beside what the disk takes to make one block durable."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench import questions
from bench.comparing import alone
from bench.installation import Dataset
from bench.places import DATA
from bench.running import Run, bodies_of, started
from bench.servers import Running

SYNCS = 500
BLOCK = 8192
UNAUDITED = Path(__file__).parents[1] / "unaudited.py"


def run(of: Run) -> None:
    """Measure Q1 with and without the audit log in turn, and the disk."""
    audited = of.our_server()
    unaudited = replace(
        audited, name="unaudited", command=[sys.executable, str(UNAUDITED), *audited.command[1:]]
    )
    with started([audited, unaudited]) as servers:
        asked = {name: of.asked("one", server) for name, server in servers.items()}
        questions.compare("one", asked, servers, of.identifiers())
        files = {name: bodies_of(server, "one", asked[name]) for name, server in servers.items()}
        for server in servers.values():
            server.pause()
        for repetition in range(of.plan.repetitions):
            for name in servers:
                if of.samples.count("audit", name) <= repetition:
                    _measure(of, servers, name, files)
            of.samples.add("audit", "fdatasync", sample={"p50": fdatasync_ms(DATA / "postgres")})


def _measure(of: Run, servers: Mapping[str, Running], name: str, files: Mapping[str, Path]) -> None:
    before = asyncio.run(_leaves(of.dataset))
    with alone(servers, name) as server:
        sample = of.meter.run(server, files[name], 1, of.plan.seconds)
    wrote = asyncio.run(_leaves(of.dataset)) - before
    if (wrote == 0) is not (name == "unaudited"):
        raise SystemExit(f"{name}: {wrote} leaves were written.")
    of.samples.add("audit", name, sample=sample)
    of.tell(f"audit {name:13} p50 {sample['p50']:.3f} ms")


async def _leaves(dataset: Dataset) -> int:
    connection = await dataset.cluster.connect(f"{dataset.name}_audit")
    count: int = await connection.fetchval("select count(*) from audit_leaf")
    await connection.close()
    return count


def fdatasync_ms(folder: Path) -> float:
    """The median time of writing one block of a file and making it durable, in milliseconds."""
    path, took = folder / "fdatasync", []
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for turn in range(SYNCS):
            begun = time.perf_counter()
            os.pwrite(handle, os.urandom(BLOCK), turn * BLOCK)
            os.fdatasync(handle)
            took.append(time.perf_counter() - begun)
    finally:
        os.close(handle)
        path.unlink()
    return statistics.median(took) * 1e3
