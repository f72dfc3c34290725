"""Where the values of an answer stand, a level at a time: by this an error finds its path, and what it makes null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Level:
    """The values that are answered at once: of one field of all objects above, or of all its lists.

    `owners` has for each the place of the value above that it belongs to; `keys` where it stands in it: under one key,
    at an index of a list, or (None) in its stead. What is `gone` has been made null.
    """

    above: Level | None
    owners: Sequence[int]
    keys: str | Sequence[int] | None
    nullable: bool
    gone: set[int] = field(default_factory=set)

    @classmethod
    def top(cls) -> Level:
        """The `data` of an answer, which may be null."""
        return cls(None, (), None, True)

    def kept(self, places: Sequence[int]) -> Level:
        """Those of the values that stand at these places; one that must be null is so in the level itself."""
        return Level(self, places, None, False)

    def path(self, place: int) -> list[str | int]:
        """The keys from the answer's top to a value."""
        level, keys = self, []
        while level.above is not None:
            if level.keys is not None:
                keys.append(level.keys if isinstance(level.keys, str) else level.keys[place])
            level, place = level.above, level.owners[place]
        return keys[::-1]

    def is_gone(self, place: int) -> bool:
        """Whether a value, or something above it, has been made null."""
        level = self
        while place not in level.gone:
            if level.above is None:
                return False
            level, place = level.above, level.owners[place]
        return True

    def drop(self, place: int) -> None:
        """Make a value null, or the nearest above it that may be."""
        level = self
        while not level.nullable and level.above is not None:
            level, place = level.above, level.owners[place]
        level.gone.add(place)

    def settled(self, values: list[Any]) -> list[Any]:
        """The values, null where an error has made them so."""
        for place in self.gone:
            values[place] = None
        return values


def spread(values: Sequence[Any], places: Sequence[int], size: int) -> list[Any]:
    """As many places, null but for those of the values."""
    every: list[Any] = [None] * size
    for place, value in zip(places, values, strict=True):
        every[place] = value
    return every
