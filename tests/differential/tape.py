"""Choices read from a string of bytes: hypothesis draws one string a case, and shrinks it to a smaller case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Tape:
    """Gives choices in order; after the end, and for zeros, the first and simplest of each."""

    choices: bytes
    at: int = 0

    def below(self, most: int) -> int:
        """A number from 0 to one less than `most`."""
        taken = self.choices[self.at : self.at + (1 if most <= 256 else 2)]
        self.at += len(taken)
        return int.from_bytes(taken, "big") % most

    def pick(self, among: Sequence[T]) -> T:
        """One of several."""
        return among[self.below(len(among))]

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred; False is the simple answer."""
        return self.below(100) >= 100 - percent
