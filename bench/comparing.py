"""The comparison: every server, query and concurrency in turn, again and again: no server has the best minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import wrk
from bench.cluster import Cluster
from bench.samples import Sample, Samples
from bench.servers import Running

WARM_SECONDS = 2.0
WARM_CONNECTIONS = 16


@dataclass(frozen=True)
class Plan:
    """What is measured, for how long, and how often."""

    queries: Sequence[str]
    concurrencies: Sequence[int]
    seconds: float
    repetitions: int


@dataclass(frozen=True)
class Meter:
    """Measures a server together with the cluster under it."""

    cluster: Cluster

    def run(self, running: Running, bodies: Path, connections: int, seconds: float) -> Sample:
        """One run of a server that is not paused: rate, latencies in ms, CPU in ms per request, memory in MiB."""
        server, database = running.cpu_seconds(), self.cluster.cpu_seconds()
        load = wrk.run(running, bodies, connections, seconds)
        server, database = running.cpu_seconds() - server, self.cluster.cpu_seconds() - database
        if load.failed or not load.requests:
            raise SystemExit(
                f"{running.server.name}: {load.failed} requests failed, {load.requests} were answered."
            )
        return {
            "rate": load.rate,
            "p50": load.p50,
            "p99": load.p99,
            "server_cpu": server * 1e3 / load.requests,
            "database_cpu": database * 1e3 / load.requests,
            "memory": running.memory(),
        }


@contextmanager
def alone(servers: Mapping[str, Running], name: str) -> Iterator[Running]:
    """One server awake, all others paused: what it does behind its requests is its own to pay for."""
    servers[name].resume()
    try:
        yield servers[name]
    finally:
        servers[name].pause()


def measure(
    plan: Plan,
    servers: Mapping[str, Running],
    bodies: Mapping[tuple[str, str], Path],
    meter: Meter,
    samples: Samples,
    tell: Callable[[str], None],
) -> None:
    """Fill in what the samples lack of a plan. `bodies` are by server and query."""
    warmed: set[tuple[str, str]] = set()
    for repetition in range(plan.repetitions):
        for query in plan.queries:
            for connections in plan.concurrencies:
                for name in servers:
                    if samples.count(query, connections, name) > repetition:
                        continue
                    file = bodies[name, query]
                    with alone(servers, name) as running:
                        if (name, query) not in warmed:
                            wrk.run(running, file, WARM_CONNECTIONS, min(WARM_SECONDS, plan.seconds))
                            warmed.add((name, query))
                        sample = meter.run(running, file, connections, plan.seconds)
                    samples.add(query, connections, name, sample=sample)
                    tell(
                        f"{query:7} {connections:3} {name:13} {sample['rate']:8.0f}/s  p99 {sample['p99']:7.2f} ms"
                    )
