"""What it takes to refuse a document that is made to be dear: nested fragments. See `bench/README.md`."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import machine
from meibo.host import load_host
from meibo_graphql.http import HttpLimits, SchemaExecutor
from meibo_graphql.limits import OperationLimits
from meibo_graphql.surfaces.registry import registry_executor

RUNS = 9
FRAGMENTS = (18, 20, 100, 300, 1_000)
LIMIT_MS = 10.0
"""At the last of them."""


def main() -> int:
    """Print a line for each; 0 where the last is within the limit."""
    host, measured = load_host(), 0.0
    served = registry_executor(host, HttpLimits())
    unlimited = registry_executor(host, HttpLimits(operation=OperationLimits(tokens=10**9)))
    for fragments in FRAGMENTS:
        text = nested(fragments)
        measured, why = refused(served, text)
        whole, _ = refused(unlimited, text)
        print(
            f"{fragments:>5,} fragments, {len(text):>6,} characters: {measured:6.2f} ms"
            f" ({why.split(':')[0]}); {whole:6.2f} ms where any number of tokens is parsed and measured"
        )
    print(f"limit {LIMIT_MS:g} ms at {FRAGMENTS[-1]:,}\n{machine()}")
    return int(measured > LIMIT_MS)


def nested(fragments: int) -> str:
    """A query of fragments that each spread the next one twice."""
    parts = [f"fragment F{i} on DoctorLicence {{ ...F{i + 1} ...F{i + 1} }}" for i in range(fragments)]
    last = f"fragment F{fragments} on DoctorLicence {{ id }}"
    return " ".join(["{ doctorLicences { nodes { ...F0 } } }", *parts, last])


def refused(executor: SchemaExecutor, text: str) -> tuple[float, str]:
    """The median time in ms, and the reason."""
    took, why = [], ""
    for _ in range(RUNS):
        start = time.perf_counter()
        why = executor.refusal(text)
        took.append((time.perf_counter() - start) * 1_000)
    assert why, "it was not refused"
    return statistics.median(took), why


if __name__ == "__main__":
    sys.exit(main())
