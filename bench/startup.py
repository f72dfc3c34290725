"""From exec of `meibo serve` to the first 200 of the README's query: median of 5. See `bench/README.md`."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import START_SECONDS, Filled, filled, machine, served

RUNS = 5
LIMIT_SECONDS = 3.0


def main() -> int:
    """Print the figure; 0 where it is within the limit."""
    with filled() as installation:
        took = [once(installation) for _ in range(RUNS)]
    median = statistics.median(took)
    runs = " ".join(f"{seconds:.2f}" for seconds in took)
    print(f"start: {median:.2f} s, median of {RUNS} ({runs}); limit {LIMIT_SECONDS} s\n{machine()}")
    return int(median > LIMIT_SECONDS)


def once(installation: Filled) -> float:
    """Seconds of one start."""
    start = time.perf_counter()
    with served(installation) as (_, address), httpx.Client(timeout=START_SECONDS) as client:
        answer = installation.ask(client, address)
        took = time.perf_counter() - start
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["licence"]["holder"]["fullName"], "nobody was found"
    return took


if __name__ == "__main__":
    sys.exit(main())
