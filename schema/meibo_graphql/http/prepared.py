"""Documents that stay prepared: those used last, as many as fit into a number of characters."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")
Key = tuple[str, bool]
"""A document's text, and whether it came by GET."""


class Prepared(Generic[T]):
    """A cache bounded by the texts' length, for a prepared document takes memory in proportion to it."""

    def __init__(self, characters: int) -> None:
        self.most = characters
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
            (text, _), _ = self.kept.popitem(last=False)
            self.characters -= len(text)
