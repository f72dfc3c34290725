"""How long a synthetic population takes, and what a person costs: the files of the people and of the truth, by one
process. The same bytes for the same seed are compared with a second run by two processes.

`core` counts the seconds that a processor worked, `clock` those that passed, and so what else the machine did.

    .venv/bin/python -m bench.population
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from hashlib import file_digest
from pathlib import Path

from bench.server import machine
from meibo_sandbox.world.files import Period, write

SIZES = (10_000, 100_000, 1_000_000)
SEED, YEAR = 1, Period(date(2025, 4, 1), date(2026, 4, 1))
LIMIT_SECONDS = 120.0


def measured(size: int, folder: Path, processes: int = 1) -> tuple[float, float, str]:
    """Seconds of the clock and of the core for so many people, and the digest of both files together."""
    files = [folder / f"{name}-{size}-{processes}" for name in ("people.csv", "truth.jsonl")]
    started = time.perf_counter(), time.process_time()
    write(SEED, size, *files, YEAR, processes)
    clock, core = time.perf_counter() - started[0], time.process_time() - started[1]
    return clock, core, " ".join(_digest(file) for file in files)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:16]


def main() -> int:
    """Print the table; 1 if a million took more than two minutes of a core, or the bytes differ."""
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in SIZES:
            clock, core, digests = measured(size, folder)
            print(
                f"{size:>9,} people: clock {clock:6.1f} s, core {core:6.1f} s, {core / size * 1e6:5.1f} µs each"
            )
        again, _, same = measured(size, folder, processes=2)
        told = "equal" if same == digests else "DIFFER"
        print(f"{size:>9,} people by two processes: clock {again:6.1f} s, bytes {told}")
        print(f"sha256 of people and truth: {digests}")
    return 0 if core <= LIMIT_SECONDS and same == digests else 1


if __name__ == "__main__":
    sys.exit(main())
