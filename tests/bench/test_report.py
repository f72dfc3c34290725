"""The page and the charts say what the samples say; what was not measured is left out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.charts import Chart, svg
from bench.questions import SHAPES
from bench.report import charts, page
from bench.samples import Samples
from bench.targets import targets

FACTS = {
    "machine": "a machine",
    "doctors": 1000,
    "seconds": 2,
    "measured": "today",
    "commit": "abc",
    "load": [0.1, 0.2, 0.3],
    "versions": {"wrk": "4"},
    "sizes": [1000, 2000],
    "sqlite_doctors": 100,
}


def run(rate: float, p99: float = 10.0, cpu: float = 1.0) -> dict[str, float]:
    return {
        "rate": rate, "p50": 5.0, "p99": p99, "server_cpu": cpu, "database_cpu": 0.5, "memory": 100.0,
    }  # fmt: skip


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    made = Samples(tmp_path / "results.json")
    made.note(**FACTS)
    for rate in (2900.0, 3100.0, 5000.0):
        made.add("one", 16, "meibo", sample=run(rate, p99=9.0, cpu=0.3))
    made.add("one", 16, "postgraphile", sample=run(1000.0))
    return made


def test_medians_and_ratios(samples: Samples) -> None:
    told = page(samples)
    assert "| meibo | 3,100 (3.10) |" in told
    assert "| 16 | meibo | 3.10 | 3,100 | 5.00 | 9.00 | 0.300 | 0.500 | 100 |" in told
    assert "| Q1: requests per second over PostGraphile's | ≥ 3.0 | 3.10 | yes |" in told


@pytest.mark.parametrize(("load", "busy"), [([0.9, 2.0, 2.0], False), ([1.1, 0.0, 0.0], True)])
def test_the_page_says_where_a_machine_was_busy(samples: Samples, load: list[float], busy: bool) -> None:
    samples.note(load=load)
    assert ("**The machine had other work" in page(samples)) is busy


def test_what_was_not_measured_is_left_out(samples: Samples) -> None:
    told = page(samples)
    assert [line for line in told.splitlines() if line.startswith("## ")] == [
        "## What is promised",
        "## Requests per second, 16 connections",
        "## Q1: one doctor by id, 12 fields",
        "## Versions",
    ]
    assert [name for name, _ in charts(samples)] == ["rate", "latency"]


def test_a_missed_promise_says_so(samples: Samples) -> None:
    samples.add("audit", "meibo", sample={"p50": 1.5})
    samples.add("audit", "unaudited", sample={"p50": 1.0})
    samples.add("audit", "fdatasync", sample={"p50": 0.25})
    samples.add("sqlite", 16, sample=run(2000.0))
    kept = {target.text: (target.figure, target.kept) for target in targets(samples, SHAPES)}
    assert kept["Audit at one connection: added latency over fdatasync"] == ("2.00", False)
    assert kept["SQLite, 16 connections: Q1 per second"] == ("2,000", True)
    assert "| added | 0.500 |" in page(samples)


def test_growth_compares_the_largest_with_the_smallest(samples: Samples) -> None:
    for query, times in (("one", (1.0, 1.25)), ("page", (2.0, 4.0))):
        for size, time in zip(FACTS["sizes"], times, strict=True):  # type: ignore[call-overload]
            samples.add("growth", query, size, sample={"p50": time})
    told = page(samples)
    assert "| Growth: time of Q1, largest over smallest | ≤ 1.3 | 1.25 | yes |" in told
    assert "| Growth: time of Q2, largest over smallest | ≤ 1.5 | 2.00 | **no** |" in told
    assert "| 2,000 | 1.250 | 4.000 |" in told


def test_samples_go_on_where_they_stopped(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.samples.DATA", samples.path.parent)
    samples.path.rename(samples.path.parent / "results-full.json")
    assert Samples.open("full").count("one", 16, "meibo") == 3
    assert Samples.open("full", fresh=True).count("one", 16, "meibo") == 0


def test_a_chart_is_well_formed_and_scaled_within_its_label() -> None:
    chart = Chart("A & B", "unit", ["Q1", "Q2"], {"a <b>": [10.0, 4.0], "c": [5.0, None]})
    drawn = ElementTree.fromstring(svg(chart))  # noqa: S314 - our own text
    name = "{http://www.w3.org/2000/svg}"
    bars = [float(bar.get("width", "0")) for bar in drawn.iter(f"{name}rect")][1:]
    assert bars == [420.0, 210.0, 420.0]
    texts = [text.text for text in drawn.iter(f"{name}text")]
    assert texts == ["A & B", "unit", "Q1", "a <b>", "10", "c", "5", "Q2", "a <b>", "4", "c"]
