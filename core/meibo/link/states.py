"""Where a request to an outside system stands."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Requested, perhaps sent, then accepted or rejected: once and for good."""

    REQUESTED = "requested"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a message that came in was refused: a closed set, and a metric."""

    OVERSIZED = "OVERSIZED"
    MALFORMED = "MALFORMED"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    STALE = "STALE"
    MISADDRESSED = "MISADDRESSED"
    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    UNKNOWN_REQUEST = "UNKNOWN_REQUEST"
    ANSWERED_ALREADY = "ANSWERED_ALREADY"
    UNASKED = "UNASKED"
    UNREADABLE = "UNREADABLE"
    """What is encrypted in it was altered, or encrypted to somebody else."""
    WRONG_ENCODING = "WRONG_ENCODING"
    TRUNCATED = "TRUNCATED"
    DUPLICATE = "DUPLICATE"
