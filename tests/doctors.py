"""Synthetic doctors, as rows of a file to import."""

from __future__ import annotations

from collections.abc import Iterator

from meibo.demo.holders import Row, holder_rows
from meibo.host import load_host


def doctor_rows(count: int, seed: int = 1) -> Iterator[Row]:
    """Rows of so many doctors, in the order of their registration."""
    return holder_rows(load_host(only={"doctor"}), "doctor", count, seed)
