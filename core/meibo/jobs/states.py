"""The states of a job."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


OPEN = (JobState.WAITING, JobState.RUNNING)
"""What a worker takes once it is due: the lease of a running job that is due has run out."""
