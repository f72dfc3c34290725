"""What goes wrong with a system's next answers, or until an instant. Nothing here knows what the system is."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

LATE = timedelta(seconds=25)
"""Longer than links wait."""


class Fault(StrEnum):
    """One answer goes wrong in one way; alphabetical."""

    GARBLED = "garbled"
    """Some of its bytes are others."""
    LATE = "late"
    """It comes when `LATE` has gone by on the world's clock, after whoever asked may have lost patience."""
    LOST = "lost"
    """The system has done what was asked, and its answer does not arrive."""
    TRUNCATED = "truncated"
    """Its second half is missing."""
    TWICE = "twice"
    """The request reaches the system twice."""


class Faults:
    """The faults that wait for each system, by its name, used up in order. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._down: dict[str, datetime] = {}

    def arm(self, system: str, fault: Fault, times: int = 1) -> None:
        """Let the next answers of a system go wrong."""
        with self._lock:
            self._waiting[system].extend([fault] * times)

    def take(self, system: str) -> Fault | None:
        """What goes wrong with the answer that is due, if anything does."""
        with self._lock:
            waiting = self._waiting[system]
            return waiting.popleft() if waiting else None

    def waiting(self, system: str) -> tuple[Fault, ...]:
        """What will go wrong with the next answers."""
        with self._lock:
            return tuple(self._waiting[system])

    def down_until(self, system: str, instant: datetime) -> None:
        """Let a system answer nothing until an instant of the world's clock."""
        with self._lock:
            self._down[system] = instant

    def is_down(self, system: str, now: datetime) -> bool:
        """Whether a system answers nothing now."""
        with self._lock:
            until = self._down.get(system)
            return until is not None and now < until

    def reset(self, system: str | None = None) -> None:
        """Let all be well again, with one system or with all."""
        with self._lock:
            for kept in (self._waiting, self._down):
                for name in [system] if system else list(kept):
                    kept.pop(name, None)
