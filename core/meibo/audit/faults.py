"""What a verification may find: one kind and one sentence, which name places in the log and never a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What was done to the log; alphabetical."""

    ADDED = "added"
    ALTERED = "altered"
    FORGED = "forged"
    REMOVED = "removed"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    TREE = "tree"
    UNINDEXED = "unindexed"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first difference: its kind, the leaf's index where there is one, and what to tell the operator."""

    kind: FaultKind
    leaf: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was verified, and the first fault if there is one."""

    size: int
    checkpoints: int
    fault: Fault | None

    @property
    def ok(self) -> bool:
        """Whether everything is as it was recorded."""
        return self.fault is None


class Found(Exception):
    """Carries the first fault out of a verification; never leaves this package."""

    def __init__(self, kind: FaultKind, leaf: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(kind, leaf, sentence)


def altered(leaf: int) -> Found:
    return Found(FaultKind.ALTERED, leaf, f"Leaf {leaf} was altered after it got its place.")


def removed(leaf: int) -> Found:
    return Found(FaultKind.REMOVED, leaf, f"Leaf {leaf} was removed.")


def place_removed(leaf: int) -> Found:
    return Found(FaultKind.REMOVED, leaf, f"The place of leaf {leaf} was removed.")


def row_removed(leaf: int, source: str) -> Found:
    return Found(FaultKind.REMOVED, leaf, f"The row of {source} that is leaf {leaf} was removed.")


def row_added(leaf: int, source: str) -> Found:
    return Found(
        FaultKind.ADDED, leaf, f"A row was slipped into {source} before the one that is leaf {leaf}."
    )


def row_moved(leaf: int, source: str) -> Found:
    return Found(FaultKind.REORDERED, leaf, f"The rows of {source} were reordered at leaf {leaf}.")


def reordered(leaf: int, other: int) -> Found:
    return Found(FaultKind.REORDERED, min(leaf, other), f"Leaves {leaf} and {other} were reordered.")


def rewritten(first: int, size: int) -> Found:
    return Found(
        FaultKind.REWRITTEN,
        first,
        f"Leaves {first} to {size - 1} are not those that checkpoint {size} signed: the log was rewritten.",
    )


def altered_with_hash(span: range) -> Found:
    return Found(
        FaultKind.ALTERED,
        span.start,
        f"One of the leaves {span.start} to {span.stop - 1} was altered together with the hash at its place.",
    )


def tree_damaged(last: int, level: int) -> Found:
    return Found(
        FaultKind.TREE,
        last,
        f"The tree's node of level {level} ending with leaf {last} is damaged; the leaves are whole.",
    )


def forged(size: int) -> Found:
    return Found(FaultKind.FORGED, None, f"Checkpoint {size} is forged: this log's key did not sign it.")


def checkpoint_beyond(size: int, present: int) -> Found:
    return Found(
        FaultKind.REMOVED,
        present,
        f"Checkpoint {size} signed leaves {present} to {size - 1}, which were removed.",
    )


def unsigned(first: int) -> Found:
    return Found(FaultKind.FORGED, first, f"No checkpoint signs the leaves from {first} on: one was removed.")


def unindexed(leaf: int) -> Found:
    return Found(FaultKind.UNINDEXED, leaf, f"Leaf {leaf} is missing from the index of subjects.")


def unplaced(number: int) -> Found:
    return Found(
        FaultKind.UNPLACED,
        None,
        f"The leaf of row number {number} has no place and was taken from the queue.",
    )
