"""What a stand-in can do wrong with the next messages."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """One message goes wrong in one way."""

    DOWN = "down"
    """It is answered 503, and nothing of it is read."""
    ANSWER_LOST = "answer_lost"
    """It is taken, and its answer does not arrive."""
    GARBLED = "garbled"
    """It is taken, and its answer cannot be read."""
    FOREIGN = "foreign"
    """It is taken, and answered under a key that is not the system's."""
    MISTAKEN = "mistaken"
    """It is taken, and the answer is to another message."""
