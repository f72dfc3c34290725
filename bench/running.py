"""One run of the benchmarks: what its parts share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import questions, wrk
from bench.cluster import Cluster
from bench.comparing import Meter, Plan
from bench.installation import Dataset, tokens
from bench.questions import Identifiers, Variables
from bench.samples import Samples
from bench.scale import Scale
from bench.servers import Running, Server, ours, peers, running


@dataclass(frozen=True)
class Run:
    """A cluster with the data set in it, what is to be measured, and where the figures go."""

    cluster: Cluster
    scale: Scale
    plan: Plan
    samples: Samples
    tell: Callable[[str], None]

    @property
    def dataset(self) -> Dataset:
        """The doctors that all servers answer from."""
        return Dataset(self.cluster, self.scale.doctors)

    @property
    def meter(self) -> Meter:
        """Measures servers over this cluster."""
        return Meter(self.cluster)

    def our_server(self, dataset: Dataset | None = None) -> Server:
        """Ours over a data set, with fresh tokens."""
        dataset = dataset or self.dataset
        return ours(dataset.environment, asyncio.run(tokens(dataset.settings)))

    def all_servers(self) -> list[Server]:
        """Ours and the peers."""
        return [self.our_server(), *peers(self.dataset)]

    def identifiers(self, dataset: Dataset | None = None) -> Identifiers:
        """Our opaque ids."""
        return Identifiers.of((dataset or self.dataset).settings.key_folder("register"))

    def asked(self, query: str, server: Running) -> Variables:
        """The variables of a query, for one server."""
        if query == "one":
            return questions.ones(server, asyncio.run(questions.drawn(self.dataset)), self.identifiers())
        if query == "page":
            return questions.pages(server, self.scale.prefecture_pages)
        return questions.nested(server, self.scale.nested_pages)


@contextmanager
def started(servers: list[Server]) -> Iterator[Mapping[str, Running]]:
    """Servers by name, until the block ends."""
    with ExitStack() as stack:
        yield {server.name: stack.enter_context(running(server)) for server in servers}


def bodies_of(server: Running, query: str, asked: Variables) -> Path:
    """The file of a server's requests."""
    return wrk.write_bodies(f"{server.server.name}-{query}", server.server.query(query), asked)
