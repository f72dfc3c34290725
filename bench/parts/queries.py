"""The three queries: answers are compared first, then every server is measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench import questions
from bench.comparing import measure
from bench.running import Run, bodies_of, started
from bench.servers import Running


def run(of: Run) -> None:
    """Compare the answers, then measure."""
    with started(of.all_servers()) as servers:
        bodies = prepare(of, servers)
        for server in servers.values():
            server.pause()
        measure(of.plan, servers, bodies, of.meter, of.samples, of.tell)


def prepare(of: Run, servers: Mapping[str, Running]) -> dict[tuple[str, str], Path]:
    """The files of requests by server and query; stops where two servers answer differently."""
    bodies: dict[tuple[str, str], Path] = {}
    for query in of.plan.queries:
        asked = {name: of.asked(query, server) for name, server in servers.items()}
        count = questions.compare(query, asked, servers, of.identifiers())
        of.tell(f"{questions.SHAPES[query]}: all servers gave the same {count} answers")
        of.samples.note(**{f"compared_{query}": count})
        bodies |= {(name, query): bodies_of(server, query, asked[name]) for name, server in servers.items()}
    return bodies
