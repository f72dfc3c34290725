"""The sections of the page, each as blocks of Markdown; a part that was not measured has none."""

from __future__ import annotations

from collections.abc import Iterator

from bench.questions import SHAPES
from bench.samples import Samples
from bench.scale import CONCURRENCIES
from bench.targets import AT, OURS, audit_added, ratio, targets
from meibo.reference.markdown import table

TITLES = {
    "meibo": "meibo",
    "postgraphile": "PostGraphile 5",
    "yoga": "graphql-yoga + graphql-jit",
    "strawberry": "Strawberry + SQLAlchemy ORM",
}
TEXTS = {
    "one": "Q1: one doctor by id, 12 fields",
    "page": "Q2: 100 doctors of a prefecture by key, 20 fields",
    "nested": "Q3: 20 doctors with dispositions and prefecture",
}
QUIET = 1.0
"""The load average up to which a machine has nothing else to do."""
FIGURES = {
    "rate": ("requests/s", 0),
    "p50": ("p50 ms", 2),
    "p99": ("p99 ms", 2),
    "server_cpu": ("server CPU ms", 3),
    "database_cpu": ("database CPU ms", 3),
    "memory": ("memory MiB", 0),
}
"""What a run measures: the column's title, and digits."""


def machine(samples: Samples) -> Iterator[str]:
    """Where and when."""
    facts = samples.facts
    yield (
        f"{facts['machine']}. {facts['doctors']:,} doctors, {facts['seconds']:g} seconds a run."
        f" Measured {facts['measured']}, commit {facts['commit']}; load average before:"
        f" {', '.join(str(each) for each in facts['load'])}."
    )
    if facts["load"][0] > QUIET:
        yield "**The machine had other work at the time: these figures show that the run works, and little more.**"


def promises(samples: Samples) -> Iterator[str]:
    """What is promised, and whether it is kept."""
    rows = [[t.text, t.wanted, t.figure, "yes" if t.kept else "**no**"] for t in targets(samples, SHAPES)]
    if rows:
        yield "## What is promised"
        yield table([f"at {AT} connections, unless it says otherwise", "wanted", "measured", "kept"], rows)


def rates(samples: Samples) -> Iterator[str]:
    """All servers at a glance."""
    queries = [query for query in SHAPES if samples.count(query, AT, OURS)]
    rows = [
        [title, *(_with_ratio(samples, query, server) for query in queries)]
        for server, title in TITLES.items()
        if queries and samples.count(queries[0], AT, server)
    ]
    if rows:
        yield f"## Requests per second, {AT} connections"
        yield "![Requests per second](benchmarks-rate.svg)"
        yield "![Latency](benchmarks-latency.svg)"
        yield table(["server (times PostGraphile's)", *(SHAPES[query] for query in queries)], rows)


def queries(samples: Samples) -> Iterator[str]:
    """Every query at every concurrency."""
    for query, text in TEXTS.items():
        if rows := list(_runs(samples, query)):
            yield f"## {text}"
            heads = [head for head, _ in FIGURES.values()]
            yield table(["connections", "server", "times PostGraphile's", *heads], rows)


def corrections(samples: Samples) -> Iterator[str]:
    """A mutation, against the ORM server."""
    if rows := [[row[0], row[1], *row[3:]] for row in _runs(samples, "correct")]:
        yield "## A correction"
        yield table(["connections", "server", *(head for head, _ in FIGURES.values())], rows)


def starts(samples: Samples) -> Iterator[str]:
    """Cold start."""
    found = {server: samples.median("start", server, figure="seconds") for server in TITLES}
    if rows := [[TITLES[server], number(took, 2)] for server, took in found.items() if took is not None]:
        yield "## Cold start"
        yield table(["server", "seconds from exec to the first answer of Q1"], rows)


def audit(samples: Samples) -> Iterator[str]:
    """What a durable leaf costs one caller."""
    if (added := audit_added(samples)) is None:
        return
    on, off, disk = (samples.median("audit", name, figure="p50") for name in (OURS, "unaudited", "fdatasync"))
    rows = [
        ["Q1 at one connection", number(on, 3)],
        ["the same with a log that writes nothing", number(off, 3)],
        ["added", number(added, 3)],
        ["fdatasync of one block of 8 KiB", number(disk, 3)],
    ]
    yield "## What the audit log adds"
    yield table(["", "median ms"], rows)


def sqlite(samples: Samples) -> Iterator[str]:
    """Q1 on SQLite."""
    rate, p99 = (samples.median("sqlite", AT, figure=figure) for figure in ("rate", "p99"))
    if rate is not None:
        yield "## SQLite"
        yield (
            f"Default settings (`synchronous=FULL`, audit on), {samples.facts['sqlite_doctors']:,} doctors,"
            f" Q1 over {AT} connections: {rate:,.0f} requests/s, p99 {number(p99, 2)} ms."
        )


def growth(samples: Samples) -> Iterator[str]:
    """Registers of several sizes."""
    sizes = [size for size in samples.facts.get("sizes", ()) if samples.count("growth", "one", size)]
    rows = [
        [
            f"{size:,}",
            *(number(samples.median("growth", query, size, figure="p50"), 3) for query in ("one", "page")),
        ]
        for size in sizes
    ]
    if rows:
        yield "## Growth"
        yield "![Growth](benchmarks-growth.svg)"
        yield table(["doctors", "Q1, median ms, one connection", "first page of Q2"], rows)


def versions(samples: Samples) -> Iterator[str]:
    """What was measured."""
    yield "## Versions"
    rows = [[TITLES.get(name, name), text] for name, text in samples.facts["versions"].items()]
    yield table(["", ""], rows)


def number(figure: float | None, digits: int = 0) -> str:
    """A figure as the page shows it."""
    return "–" if figure is None else f"{figure:,.{digits}f}"


def _runs(samples: Samples, query: str) -> Iterator[list[str]]:
    """Rows of one query: connections, server, ratio, figures."""
    for connections in CONCURRENCIES:
        for server, title in TITLES.items():
            if samples.count(query, connections, server):
                times = number(ratio(samples, query, server, "rate", connections), 2)
                found = (
                    number(samples.median(query, connections, server, figure=figure), digits)
                    for figure, (_, digits) in FIGURES.items()
                )
                yield [str(connections), title, times, *found]


def _with_ratio(samples: Samples, query: str, server: str) -> str:
    rate = number(samples.median(query, AT, server, figure="rate"))
    return f"{rate} ({number(ratio(samples, query, server, 'rate'), 2)})"
