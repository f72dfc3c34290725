"""Memory of the server after 10,000 of the README's queries over HTTP. See `bench/README.md`."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import START_SECONDS, Filled, filled, machine, served

QUERIES = 10_000
CLIENTS = 8
LIMIT_MIB = 320
MIB = 1 << 20


def main() -> int:
    """Print the figure; 0 where it is within the limit."""
    with filled() as installation, served(installation) as (process, address):
        ask(installation, address, 1)
        before, start = pss(process.pid), time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda _: ask(installation, address, QUERIES // CLIENTS), range(CLIENTS)))
        took, after = time.perf_counter() - start, pss(process.pid)
    rate = QUERIES / took
    print(
        f"memory: {after:.0f} MiB after {QUERIES:,} queries; {before:.0f} MiB after the first; limit {LIMIT_MIB} MiB"
    )
    print(f"{rate:.0f} queries a second, {CLIENTS} clients\n{machine()}")
    return int(after > LIMIT_MIB)


def ask(installation: Filled, address: str, times: int) -> None:
    """The query so many times over one connection."""
    with httpx.Client(timeout=START_SECONDS) as client:
        for _ in range(times):
            assert installation.ask(client, address).status_code == 200


def pss(pid: int) -> float:
    """Proportional set size of a process and its children, in MiB."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(each.memory_full_info().pss for each in family)) / MIB


if __name__ == "__main__":
    sys.exit(main())
