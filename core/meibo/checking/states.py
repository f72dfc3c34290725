"""The states of runs, batches and discrepancies, and which verb leads from where to where."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RunState(StrEnum):
    """Where a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    ENDED = "ended"


class RunVerb(StrEnum):
    """What people do with a run that was planned."""

    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


RUN_STEPS: Final[Mapping[RunVerb, tuple[frozenset[RunState], RunState]]] = {
    RunVerb.APPROVE: (frozenset({RunState.PLANNED}), RunState.RUNNING),
    RunVerb.PAUSE: (frozenset({RunState.RUNNING}), RunState.PAUSED),
    RunVerb.RESUME: (frozenset({RunState.PAUSED}), RunState.RUNNING),
    RunVerb.END: (frozenset({RunState.PLANNED, RunState.RUNNING, RunState.PAUSED}), RunState.ENDED),
}
"""From which states a verb leads, and to which."""


class BatchState(StrEnum):
    """Where a batch of holders stands: not yet its day, its day has come, or its outcomes are written."""

    PLANNED = "planned"
    ASKED = "asked"
    DONE = "done"


class DiscrepancyState(StrEnum):
    """Where a discrepancy stands; `superseded`: a later check of the holder took its place."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    APPLIED = "applied"
    SUPERSEDED = "superseded"


class Verdict(StrEnum):
    """What people do with a discrepancy."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    APPLY = "apply"


VERDICT_STEPS: Final[Mapping[Verdict, tuple[frozenset[DiscrepancyState], DiscrepancyState]]] = {
    Verdict.CONFIRM: (frozenset({DiscrepancyState.OPEN}), DiscrepancyState.CONFIRMED),
    Verdict.DISMISS: (
        frozenset({DiscrepancyState.OPEN, DiscrepancyState.CONFIRMED}), DiscrepancyState.DISMISSED,
    ),
    Verdict.APPLY: (frozenset({DiscrepancyState.OPEN, DiscrepancyState.CONFIRMED}), DiscrepancyState.APPLIED),
}  # fmt: skip
"""From which states a verdict leads, and to which."""
