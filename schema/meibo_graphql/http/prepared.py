"""Documents that stay prepared: the preferred ones and those used last, as many as fit into a number of characters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Key = tuple[str, bool]
"""A document's text, and whether it came by GET."""


class Prepared(Generic[T]):
    """A cache bounded by the texts' length, for a prepared document takes memory in proportion to it."""

    def __init__(self, characters: int, prefers: Callable[[str], bool] = lambda _: False) -> None:
        """A document that the cache `prefers` is forgotten after all others."""
        self.most = characters
        self.prefers = prefers
        self.characters = 0
        self.kept: OrderedDict[Key, T] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self.kept

    def get(self, key: Key) -> T | None:
        """What was prepared for a document; None where nothing is kept."""
        if key not in self.kept:
            return None
        self.kept.move_to_end(key)
        return self.kept[key]

    def add(self, key: Key, value: T) -> None:
        """Keep it, and forget those used longest ago that no longer fit."""
        if key not in self.kept:
            self.characters += len(key[0])
        self.kept[key] = value
        while self.characters > self.most:
            oldest = next((key for key in self.kept if not self.prefers(key[0])), next(iter(self.kept)))
            del self.kept[oldest]
            self.characters -= len(oldest[0])
