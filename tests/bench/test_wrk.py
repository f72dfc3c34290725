"""What wrk's script says is read, and bodies are written one a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import wrk
from bench.wrk import Load, parse, write_bodies

SAID = """Running 4s test @ http://127.0.0.1:40479/graphql
  1 threads and 16 connections
Requests/sec:   1000.00

{"requests": 4000, "microseconds": 4000000, "p50": 15250, "p99": 41000, "failed": 3}
"""


def test_the_last_line_is_read() -> None:
    load = parse(SAID)
    assert load == Load(requests=4000, seconds=4.0, p50=15.25, p99=41.0, failed=3)
    assert load.rate == 1000.0


def test_a_run_without_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="wrk said no figures: 'unable to connect'"):
        parse("unable to connect")


def test_bodies_are_one_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrk, "DATA", tmp_path)
    path = write_bodies("x-one", "query {\n  a\n}", [{"id": "1"}, {"id": "2"}])
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"query": "query {\n  a\n}", "variables": {"id": "1"}},
        {"query": "query {\n  a\n}", "variables": {"id": "2"}},
    ]
