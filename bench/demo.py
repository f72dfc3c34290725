"""From exec of `meibo demo` until it and its stand-ins answer: ten professions entered into an empty folder, and the
second start over what the first has entered. Median of 3 each. See `bench/README.md`."""

from __future__ import annotations

import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import MEIBO, START_SECONDS, STOP_SECONDS, machine

RUNS = 3
LIMITS = {"first start": 5.0, "second start": 3.0}
"""Seconds."""
TOLD = re.compile(r"(GraphQL|Sign-in|Sandbox) +(http://[^/\s]+)")
LAST = "Check"
"""The demo's last line."""
Took = tuple[float, float]
"""Seconds by the clock, and of processor time."""


def main() -> int:
    """Print the figures; 0 where both are within their limits."""
    took: dict[str, list[Took]] = {name: [] for name in LIMITS}
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="meibo-bench-") as folder:
            for name in LIMITS:
                took[name].append(once(Path(folder) / "data"))
    for name, runs in took.items():
        seconds, processor = (statistics.median(each) for each in zip(*runs, strict=True))
        each = " ".join(f"{seconds:.2f}" for seconds, _ in runs)
        print(
            f"{name}: {seconds:.2f} s, median of {RUNS} ({each}); limit {LIMITS[name]} s; {processor:.2f} s of a core"
        )
    print(machine())
    return int(any(statistics.median(s for s, _ in runs) > LIMITS[name] for name, runs in took.items()))


def once(data: Path) -> Took:
    """What one start took; the demo is stopped before this is told."""
    used, begun = _processor(), time.perf_counter()
    command, environment = [str(MEIBO), "demo", "--port", "0"], os.environ | {"MEIBO_DATA": str(data)}
    quiet = subprocess.DEVNULL
    demo = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True)  # noqa: S603
    try:
        addresses = _addresses(demo)
        _until_all_answer(addresses)
        took = time.perf_counter() - begun
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=STOP_SECONDS)
    return took, _processor() - used


def _addresses(demo: subprocess.Popen[str]) -> dict[str, str]:
    assert demo.stdout is not None
    told: dict[str, str] = {}
    for line in demo.stdout:
        if found := TOLD.match(line):
            told[found[1]] = found[2]
        if line.startswith(LAST):
            return told
    raise SystemExit(f"The demo stopped with exit code {demo.wait()} before it said where it listens.")


def _until_all_answer(addresses: dict[str, str]) -> None:
    """The explorer's accounts, the identity provider and the sandbox, whose sockets listen from the first."""
    asked = {
        "GraphQL": "/registry/demo/accounts",
        "Sign-in": "/.well-known/openid-configuration",
        "Sandbox": "/api",
    }
    with httpx.Client(timeout=START_SECONDS, trust_env=False) as client:
        for name, path in asked.items():
            client.get(f"{addresses[name]}{path}").raise_for_status()


def _processor() -> float:
    """Seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
