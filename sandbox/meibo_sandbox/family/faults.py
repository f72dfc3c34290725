"""What goes wrong with the server's next answers, on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum


class Fault(StrEnum):
    """How answers are spoilt; alphabetical."""

    DOWN = "down"
    FORGETFUL = "forgetful"
    GARBLED = "garbled"
    LATE = "late"
    OVERSIZED = "oversized"
    REFUSING = "refusing"
    STALE = "stale"
    TOO_MUCH = "too_much"
    TRUNCATED = "truncated"
    TWICE = "twice"


def garbled(message: bytes) -> bytes:
    """One bit in its middle is another."""
    spoilt = bytearray(message)
    spoilt[len(spoilt) // 2] ^= 1
    return bytes(spoilt)


SPOILT: Mapping[Fault | None, Callable[[bytes], bytes]] = {
    Fault.GARBLED: garbled,
    Fault.OVERSIZED: lambda message: message + b"A" * 2_000_000,
    Fault.TRUNCATED: lambda message: message[:-9],
}
"""What is left of an answer on its way."""
