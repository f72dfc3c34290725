"""What is promised of ours, and whether the figures keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.samples import Samples

REFERENCE = "postgraphile"
OURS = "meibo"
AT = 16
RATES = {"one": 3.0, "page": 2.0, "nested": 1.3}
"""At least so many times PostGraphile's requests per second, at 16 connections."""
AUDIT = 1.5
"""At most so many times the measured fdatasync."""
SQLITE = 2_000
GROWTH = {"one": 1.3, "page": 1.5}
"""At most so many times as long over the largest register as over the smallest."""


@dataclass(frozen=True)
class Target:
    """A promise, the figure, and whether it is kept."""

    text: str
    wanted: str
    figure: str
    kept: bool


def ratio(samples: Samples, query: str, name: str, figure: str, connections: int = AT) -> float | None:
    """A server's figure over PostGraphile's."""
    mine = samples.median(query, connections, name, figure=figure)
    theirs = samples.median(query, connections, REFERENCE, figure=figure)
    return mine / theirs if mine is not None and theirs else None


def targets(samples: Samples, shapes: dict[str, str]) -> Iterator[Target]:
    """Those of which there are figures."""
    for query, least in RATES.items():
        yield from _against_postgraphile(samples, query, shapes[query], least)
    if (added := audit_added(samples)) is not None:
        disk = samples.median("audit", "fdatasync", figure="p50")
        assert disk is not None
        text = "Audit at one connection: added latency over fdatasync"
        yield Target(text, f"≤ {AUDIT}", f"{added / disk:.2f}", added <= AUDIT * disk)
    if (rate := samples.median("sqlite", AT, figure="rate")) is not None:
        yield Target("SQLite, 16 connections: Q1 per second", f"≥ {SQLITE:,}", f"{rate:,.0f}", rate >= SQLITE)
    for query, most in GROWTH.items():
        if (grown := growth(samples, query)) is not None:
            text = f"Growth: time of {shapes[query]}, largest over smallest"
            yield Target(text, f"≤ {most}", f"{grown:.2f}", grown <= most)


def _against_postgraphile(samples: Samples, query: str, shape: str, least: float) -> Iterator[Target]:
    if (rate := ratio(samples, query, OURS, "rate")) is None:
        return
    yield Target(
        f"{shape}: requests per second over PostGraphile's", f"≥ {least}", f"{rate:.2f}", rate >= least
    )
    cpu, p99 = ratio(samples, query, OURS, "server_cpu"), ratio(samples, query, OURS, "p99")
    assert cpu is not None
    assert p99 is not None
    most = 1 / least
    yield Target(
        f"{shape}: server CPU per request over PostGraphile's", f"≤ {most:.2f}", f"{cpu:.2f}", cpu <= most
    )
    yield Target(f"{shape}: p99 over PostGraphile's", "≤ 1", f"{p99:.2f}", p99 <= 1)


def audit_added(samples: Samples) -> float | None:
    """How many ms the audit log adds to the median request at one connection."""
    on, off = (samples.median("audit", name, figure="p50") for name in (OURS, "unaudited"))
    return None if on is None or off is None else on - off


def growth(samples: Samples, query: str) -> float | None:
    """The time over the largest register as a multiple of that over the smallest."""
    sizes = samples.facts.get("sizes", [])
    times = [samples.median("growth", query, size, figure="p50") for size in sizes]
    known = [time for time in times if time is not None]
    return known[-1] / known[0] if len(known) > 1 and len(known) == len(times) else None
