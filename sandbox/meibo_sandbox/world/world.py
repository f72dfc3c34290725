"""The world: its people, its clock, and what was made to happen.

It is kept in memory, and its stand-ins are served in one process. What happened is a short list of events over people
who follow from a seed, so that a new start is the first day again, and no file tells a worker what it is to find out.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import RLock

from meibo import clock
from meibo.errors import OperatorError
from meibo_sandbox.world import numbers
from meibo_sandbox.world.draws import Draws
from meibo_sandbox.world.events import Event, Kind, happened
from meibo_sandbox.world.faults import Faults
from meibo_sandbox.world.names import Name, family_name
from meibo_sandbox.world.people import People
from meibo_sandbox.world.persons import Person
from meibo_sandbox.world.places import Place, place

YEARS = range(1950, 2201)
"""To which the clock can be set."""
LOOK = timedelta(seconds=0.05)
"""Between two looks at the clock."""


class World:
    """People as they are today, by the world's clock. Safe to use from several threads.

    `since` is the first day: as the people are on it, a register holds them. What their seed has in store happens from
    then on as the clock goes.
    """

    def __init__(self, people: People, since: date | None = None) -> None:
        self.people = people
        self.since = since or clock.today()
        self.faults = Faults()
        self._lock = RLock()
        self._ahead = timedelta(0)
        self._told: list[Event] = []
        self._told_of: defaultdict[int, list[Event]] = defaultdict(list)
        self._born: dict[date, list[int]] | None = None

    # The clock

    def now(self) -> datetime:
        """The present instant of the world, in UTC; it goes on from where it was set."""
        return clock.now() + self._ahead

    def today(self) -> date:
        """The present day in Japan."""
        return clock.japan_day(self.now())

    def set_clock(self, instant: datetime) -> None:
        """Let it be another instant; raises OperatorError for one without a time zone, or out of living memory."""
        if instant.tzinfo is None or instant.year not in YEARS:
            raise OperatorError(f"Give an instant from {YEARS[0]} to {YEARS[-1]}, with its time zone.")
        self._ahead = instant - clock.now()

    def advance(self, time: timedelta) -> None:
        """Let time pass; raises OperatorError as `set_clock` does."""
        with self._lock:
            self.set_clock(self.now() + time)

    async def passed(self, time: timedelta) -> None:
        """Wait until so much time has gone by, by itself or because somebody set the clock on; where it was set back,
        no longer than it takes by itself."""
        until = self.now() + time
        for _ in range(int(time / LOOK)):
            if self.now() >= until:
                return
            await asyncio.sleep(LOOK.total_seconds())

    # Whoever is there

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Person]:
        """All of them, as of today."""
        return (happened(each, self._events_of(each.index)) for each in self.people)

    def person(self, index: int) -> Person | None:
        """A person as of today; None for an index that is nobody's."""
        try:
            first = self.people[index]
        except LookupError:
            return None
        return happened(first, self._events_of(index))

    def by_number(self, number: str) -> Person | None:
        """Whose individual number it is, or was."""
        found = self._meant(number)
        return found if found and number in (found.individual_number, *found.former_numbers) else None

    def by_resident_code(self, code: str) -> Person | None:
        """Whose resident code it is."""
        found = self._meant(code)
        return found if found and found.resident_code == code else None

    def born_on(self, day: date) -> Iterator[Person]:
        """Those who were born on a day: the first such question reads all people once."""
        for index in self._births().get(day, ()):
            if found := self.person(index):
                yield found

    def _meant(self, number: str) -> Person | None:
        index = numbers.index_of(number)
        return None if index is None else self.person(index)

    def _births(self) -> dict[date, list[int]]:
        with self._lock:
            if self._born is None:
                self._born = defaultdict(list)
                for person in self.people:
                    self._born[person.birth_date].append(person.index)
            return self._born

    def _events_of(self, index: int) -> list[Event]:
        """What has happened to a person: of themselves and because it was told, in order."""
        until = self.today() + timedelta(days=1)
        with self._lock:
            told = [each for each in self._told_of.get(index, ()) if each.day < until]
        return sorted([*self.people.events(index, self.since, until), *told], key=lambda each: each.day)

    # What is made to happen

    @property
    def told(self) -> tuple[Event, ...]:
        """What was made to happen, in that order: not what happened by itself."""
        with self._lock:
            return tuple(self._told)

    def die(self, index: int) -> Event:
        """A person dies today; these all raise OperatorError where nobody has the index, or nothing can happen."""
        return self._happen(index, Kind.DIED)

    def leave(self, index: int) -> Event:
        """A person goes abroad."""
        return self._happen(index, Kind.LEFT)

    def move(self, index: int, to: Place | None = None) -> Event:
        """A person moves, somewhere else if no place is given."""
        return self._happen(index, Kind.MOVED, place=to)

    def rename(self, index: int, family: Name | None = None) -> Event:
        """A person takes another family name, any if none is given."""
        return self._happen(index, Kind.RENAMED, family=family)

    def change_number(self, index: int) -> Event:
        """A person is given another individual number."""
        return self._happen(index, Kind.NUMBER_CHANGED)

    def reset(self) -> None:
        """The first day again, by the clock of the machine, and nothing wrong."""
        with self._lock:
            self._told.clear()
            self._told_of.clear()
            self._ahead = timedelta(0)
        self.faults.reset()

    def _happen(
        self, index: int, kind: Kind, place: Place | None = None, family: Name | None = None
    ) -> Event:
        with self._lock:
            event = Event(
                index,
                kind,
                self.today(),
                (place or self._elsewhere(index)) if kind is Kind.MOVED else None,
                (family or self._another(index)) if kind is Kind.RENAMED else None,
            )
            before = self.person(index)
            if before is None or happened(before, [event]) == before:
                raise OperatorError("Nobody is there to whom this could happen.")
            self._told.append(event)
            self._told_of[index].append(event)
            return event

    def _elsewhere(self, index: int) -> Place:
        return place(self._chance(index))

    def _another(self, index: int) -> Name:
        return family_name(self._chance(index))

    def _chance(self, index: int) -> Draws:
        return Draws(len(self._told), "told", index)
