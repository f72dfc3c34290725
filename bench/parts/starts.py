"""Cold start: from exec to the first answer of Q1."""

from __future__ import annotations

import asyncio
import time

from bench import questions
from bench.running import Run
from bench.servers import running

STARTS = 5


def run(of: Run) -> None:
    """Start every server in turn, again and again."""
    ids = asyncio.run(questions.drawn(of.dataset, 1))
    for repetition in range(min(STARTS, of.plan.repetitions)):
        for server in of.all_servers():
            if of.samples.count("start", server.name) > repetition:
                continue
            begun = time.perf_counter()
            with running(server) as awake:
                awake.ask("one", questions.ones(awake, ids, of.identifiers())[0])
                took = time.perf_counter() - begun
            of.samples.add("start", server.name, sample={"seconds": took})
            of.tell(f"start {server.name:13} {took:.2f} s")
