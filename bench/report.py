"""The page and its charts, written from the samples: under `docs/` for a full run, else under `var/bench`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import sections
from bench.charts import Chart, svg
from bench.places import DATA, ROOT
from bench.questions import SHAPES
from bench.samples import Samples
from bench.sections import TEXTS, TITLES
from bench.targets import AT, OURS, growth

HEAD = """# Benchmarks

Written by `make bench`; how it measures, and what it leaves out, stands in [bench/README.md](../../bench/README.md).

meibo answers with everything on: permission, scope, masking, opening sealed items, a durable audit leaf before each \
answer. The peers read an unsealed copy of the same doctors in plain tables of the same PostgreSQL, check nothing and \
log nothing. All servers gave the same answers before they were measured. Figures are medians of the runs."""
SECTIONS = (
    sections.machine,
    sections.promises,
    sections.rates,
    sections.queries,
    sections.corrections,
    sections.starts,
    sections.audit,
    sections.sqlite,
    sections.growth,
    sections.versions,
)


def write(samples: Samples, *, committed: bool) -> list[str]:
    """Write the page and its charts; gives where."""
    folder = ROOT / "docs" / "explanation" if committed else DATA
    files = {"benchmarks.md": page(samples)}
    files |= {f"benchmarks-{name}.svg": svg(chart) for name, chart in charts(samples)}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return [_shown(folder / name) for name in files]


def page(samples: Samples) -> str:
    """The Markdown page."""
    return "\n\n".join([HEAD, *(block for section in SECTIONS for block in section(samples))]) + "\n"


def charts(samples: Samples) -> Iterator[tuple[str, Chart]]:
    """The charts of what was measured, by name."""
    queries = [query for query in SHAPES if samples.count(query, AT, OURS)]
    if queries:
        rate, p99 = (_compared(samples, queries, figure) for figure in ("rate", "p99"))
        labels = [TEXTS[query] for query in queries]
        title = f"One core for the server, {AT} connections"
        yield "rate", Chart(title, "requests per second: more is better", labels, rate)
        yield "latency", Chart(title, "99th percentile, ms: less is better", labels, p99, digits=1)
    if growth(samples, "one") and growth(samples, "page"):
        grown = {
            f"{size:,} doctors": [
                samples.median("growth", query, size, figure="p50") for query in ("one", "page")
            ]
            for size in samples.facts["sizes"]
        }
        labels = [TEXTS["one"], "The first page of Q2"]
        yield "growth", Chart("A register grows", "median ms, one connection", labels, grown, digits=2)


def _compared(samples: Samples, queries: list[str], figure: str) -> dict[str, list[float | None]]:
    return {
        title: [samples.median(query, AT, server, figure=figure) for query in queries]
        for server, title in TITLES.items()
    }


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
