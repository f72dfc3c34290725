"""Whoever lives in a world on its first day, by index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from meibo_sandbox.world.events import Event
from meibo_sandbox.world.persons import Person


class People(Protocol):
    """Those who live in a world, as they are on its first day, and what happens to them by itself."""

    def __len__(self) -> int:
        """How many."""

    def __getitem__(self, index: int, /) -> Person:
        """One of them; raises LookupError for an index that is nobody's."""

    def __iter__(self) -> Iterator[Person]:
        """All of them."""

    def events(self, index: int, since: date, until: date) -> Iterator[Event]:
        """What happens to one of them from a day to before another, in order."""


class PersonList:
    """People who are given, such as a demo's holders: nothing happens to them by itself."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.index: person for person in people}

    def __len__(self) -> int:
        return len(self._people)

    def __getitem__(self, index: int, /) -> Person:
        return self._people[index]

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def events(self, index: int, since: date, until: date) -> Iterator[Event]:
        """Nothing."""
        return iter(())
