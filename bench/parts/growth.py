"""Growth: the time of Q1, and of Q2's first page, at one connection over registers of several sizes."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

from bench import questions
from bench.comparing import WARM_SECONDS, alone
from bench.installation import Dataset
from bench.loading import load
from bench.running import Run, bodies_of
from bench.servers import Running, running

QUERIES = ("one", "page")


def run(of: Run) -> None:
    """Load every size, start a server of ours for each, and measure them in turn."""
    sets = {str(size): Dataset(of.cluster, size, narrow=True) for size in of.scale.growth}
    for dataset in sets.values():
        load(dataset, of.tell)
    with ExitStack() as stack:
        servers = {size: stack.enter_context(running(of.our_server(each))) for size, each in sets.items()}
        for server in servers.values():
            server.pause()
        for repetition in range(of.plan.repetitions):
            for query in QUERIES:
                for size, dataset in sets.items():
                    if of.samples.count("growth", query, size) <= repetition:
                        with alone(servers, size) as server:
                            _measure(of, query, size, server, _bodies(of, query, server, dataset))


def _measure(of: Run, query: str, size: str, server: Running, bodies: Path) -> None:
    of.meter.run(server, bodies, 1, WARM_SECONDS)
    sample = of.meter.run(server, bodies, 1, of.plan.seconds)
    of.samples.add("growth", query, size, sample=sample)
    of.tell(f"growth {query:5} {int(size):9,} p50 {sample['p50']:.3f} ms, {sample['rate']:.0f}/s")


def _bodies(of: Run, query: str, server: Running, dataset: Dataset) -> Path:
    if query == "page":
        return bodies_of(server, query, questions.first_pages())
    ids = asyncio.run(questions.drawn(dataset))
    return bodies_of(server, query, questions.ones(server, ids, of.identifiers(dataset)))
