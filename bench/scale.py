"""How large and how long a run is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Doctors, seconds and repetitions; `growth` are the sizes that are compared with one another."""

    name: str
    doctors: int
    seconds: float
    repetitions: int
    prefecture_pages: int
    nested_pages: int
    sqlite_doctors: int
    growth: tuple[int, ...]


FULL = Scale(
    name="full",
    doctors=200_000,
    seconds=4,
    repetitions=5,
    prefecture_pages=5,
    nested_pages=200,
    sqlite_doctors=10_000,
    growth=(10_000, 200_000, 5_000_000),
)
QUICK = Scale(
    name="quick",
    doctors=10_000,
    seconds=2,
    repetitions=1,
    prefecture_pages=1,
    nested_pages=50,
    sqlite_doctors=2_000,
    growth=(1_000, 10_000),
)
CONCURRENCIES = (1, 16, 64)
QUERIES = ("one", "page", "nested")
