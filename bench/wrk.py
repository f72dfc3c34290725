"""One run of wrk on the core that PostgreSQL has too, and what it said."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.places import DATA, OTHER_CORE, pinned
from bench.servers import Running

SCRIPT = Path(__file__).with_suffix(".lua")
TIMEOUT = "10s"


@dataclass(frozen=True)
class Load:
    """What wrk counted: seconds, latencies in milliseconds, and requests that failed."""

    requests: int
    seconds: float
    p50: float
    p99: float
    failed: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def parse(said: str) -> Load:
    """What the script's last line says; raises ValueError where it is not there."""
    lines = [line for line in said.splitlines() if line.startswith("{")]
    if not lines:
        raise ValueError(f"wrk said no figures: {said[-500:]!r}")
    told = json.loads(lines[-1])
    return Load(
        requests=told["requests"],
        seconds=told["microseconds"] / 1e6,
        p50=told["p50"] / 1e3,
        p99=told["p99"] / 1e3,
        failed=told["failed"],
    )


def write_bodies(name: str, query: str, asked: Sequence[Mapping[str, Any]]) -> Path:
    """A file of request bodies, one a line."""
    path = DATA / "bodies" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    bodies = (json.dumps({"query": query, "variables": variables}) for variables in asked)
    path.write_text("\n".join(bodies) + "\n", "utf-8")
    return path


def run(running: Running, bodies: Path, connections: int, seconds: float) -> Load:
    """So many connections for so long, each asking again as soon as it is answered."""
    command = [
        *pinned(OTHER_CORE), "wrk", "--threads", "1", "--connections", str(connections),
        "--duration", f"{seconds:g}s", "--timeout", TIMEOUT, "--script", str(SCRIPT), running.address,
        "--", str(bodies), *running.server.tokens,
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return parse(said)
