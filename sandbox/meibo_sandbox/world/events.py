"""What happens to people: by the seed in each year, or because somebody said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from meibo_sandbox.world import numbers
from meibo_sandbox.world.draws import Draws
from meibo_sandbox.world.names import Name, family_name
from meibo_sandbox.world.persons import Gaiji, Person
from meibo_sandbox.world.places import Place, place


class Kind(StrEnum):
    """What may happen; alphabetical."""

    DIED = "died"
    LEFT = "left"
    """Gone abroad: struck off the resident record, and alive."""
    MOVED = "moved"
    NUMBER_CHANGED = "number_changed"
    RENAMED = "renamed"


THOUSANDTHS = {Kind.MOVED: 50, Kind.RENAMED: 8, Kind.NUMBER_CHANGED: 5, Kind.DIED: 12, Kind.LEFT: 3}
"""To how many of a thousand each happens in a year."""
AGAIN = 300
"""After how many of a thousand changes of a number it changes once more in the same year: chains."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a person on a day: with the new place of one who moved, the new family name of one renamed."""

    index: int
    kind: Kind
    day: date
    place: Place | None = None
    family: Name | None = None


def events_of(seed: int, index: int, since: date, until: date) -> Iterator[Event]:
    """What the seed has in store for a person from a day to before another, in order; nothing after the end.

    Each year is drawn by itself: two halves of a year hold what the whole does.
    """
    found = [each for year in range(since.year, until.year + 1) for each in _of_year(seed, index, year)]
    for event in sorted(found, key=lambda each: each.day):
        if since <= event.day < until:
            yield event
        if event.kind in (Kind.DIED, Kind.LEFT):
            return


def happened(person: Person, events: Iterable[Event]) -> Person:
    """The person after events in their order; nothing happens any more to who is dead or gone, but death to the
    gone."""
    for event in events:
        if may_happen(person, event.kind):
            person = after(person, event)
    return person


def may_happen(person: Person, kind: Kind) -> bool:
    """Whether something can happen to a person as they are."""
    return person.lives_here or (kind is Kind.DIED and person.died_date is None)


def after(person: Person, event: Event) -> Person:
    """The person after one event."""
    match event:
        case Event(kind=Kind.MOVED, place=Place() as new):
            return replace(person, address=new.address, municipality_code=new.municipality_code)
        case Event(kind=Kind.RENAMED, family=Name() as name):
            return renamed(person, name)
        case Event(kind=Kind.NUMBER_CHANGED):
            former = (*person.former_numbers, person.individual_number)
            return replace(
                person, individual_number=numbers.following(person.individual_number), former_numbers=former
            )
        case Event(kind=Kind.LEFT):
            return replace(person, left_date=event.day)
        case _:
            return replace(person, died_date=event.day)


def renamed(person: Person, family: Name) -> Person:
    """The person under another family name; the one before becomes the former one."""
    return replace(
        person, family_name=family.text, family_name_kana=family.kana, gaiji=gaiji_of(family),
        former_family_name=person.family_name,
    )  # fmt: skip


def gaiji_of(family: Name) -> tuple[Gaiji, ...]:
    """The record of the character that a family name lacks."""
    return (Gaiji("name", 0, family.gaiji),) if family.gaiji else ()


def _of_year(seed: int, index: int, year: int) -> Iterator[Event]:
    draws = Draws(seed, f"year {year}", index)
    for kind, thousandths in THOUSANDTHS.items():
        if draws.happens(thousandths):
            yield _drawn(draws, index, kind, year)
            while kind is Kind.NUMBER_CHANGED and draws.happens(AGAIN):
                yield _drawn(draws, index, kind, year)


def _drawn(draws: Draws, index: int, kind: Kind, year: int) -> Event:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return Event(
        index,
        kind,
        date(year, 1, 1) + timedelta(days=draws.below(days)),
        place(draws) if kind is Kind.MOVED else None,
        family_name(draws) if kind is Kind.RENAMED else None,
    )
