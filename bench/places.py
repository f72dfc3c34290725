"""Where the benchmarks keep what they make, and on which cores things run."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
QUERIES = ROOT / "bench" / "queries"
DATA = Path(os.environ.get("BENCH_DATA") or ROOT / "var" / "bench").absolute()
"""Everything that a run leaves behind, on the disk that is measured; deleting it begins anew."""

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
OTHER_CORE = CORES[-1]
"""The server that is measured has a core for itself; wrk and PostgreSQL share the other."""


def pinned(*cores: int) -> tuple[str, ...]:
    """What a command begins with so that it runs on these cores alone."""
    return ("taskset", "--cpu-list", ",".join(map(str, cores)))
