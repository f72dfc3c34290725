"""Chance by counting: what is drawn for a subject follows from the seed and the subject alone, on every machine and in
every version of Python, and costs the same for the first as for the last."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A number of 512 bits, used up from below: each draw takes the remainder and leaves the quotient.

    Thirty draws of up to a thousand ways leave more than 200 bits over, so that none is noticeably uneven.
    """

    __slots__ = ("_left",)

    def __init__(self, seed: int, subject: str, index: int) -> None:
        self._left = int.from_bytes(blake2b(f"{seed}/{subject}/{index}".encode()).digest())

    def below(self, ways: int) -> int:
        """A number from 0 to one below `ways`."""
        self._left, drawn = divmod(self._left, ways)
        return drawn

    def one_of(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[self.below(len(choices))]

    def happens(self, thousandths: int) -> bool:
        """Whether what happens to so many in a thousand happens."""
        return self.below(1000) < thousandths
