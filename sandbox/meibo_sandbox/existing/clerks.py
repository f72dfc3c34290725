"""The clerks of an existing system, who hear what happens in the sandbox's world.

They enter it for those whose licences they keep, as far as the system has an item for it. Numbers are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meibo_sandbox.world import Event, Kind, Person, World

REASONS: Mapping[Kind, str] = {Kind.DIED: "402", Kind.MOVED: "601", Kind.RENAMED: "201"}
"""The code of the reason under which each is entered; of what is missing nothing is entered."""
Items = Mapping[str, Any]
"""Values by path, `register.family_name`, as the system was told them."""
Records = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Profession -> pseudonym -> what was told of a licence."""
Change = tuple[str, str, Event, Items]
"""(profession, pseudonym, what happened, the items that this changes)"""


@dataclass
class Clerks:
    """They know people by name, with birthday or address: they have no numbers to know them by."""

    world: World
    _heard: set[Event] = field(default_factory=set)

    def heard(self, records: Records) -> Iterator[Change]:
        """What is to be entered, each event once."""
        for event in self.world.told:
            if event.kind in REASONS and event not in self._heard:
                self._heard.add(event)
                yield from self._changes(event, records)

    def _changes(self, event: Event, records: Records) -> Iterator[Change]:
        known = (self.world.people[event.index], self.world.person(event.index))
        for profession, kept in records.items():
            for licence, record in kept.items():
                is_theirs = any(each and _is_of(each, record["items"]) for each in known)
                if is_theirs and (changed := _changed(event, record["items"])):
                    yield profession, licence, event, changed


def _is_of(person: Person, items: Items) -> bool:
    """Whether a licence is a person's, as far as can be told from what is kept of it."""
    names = (items.get("register.family_name"), items.get("register.given_name"))
    born = next(iter(items.get("register.birth_date") or ("",)))
    return names == (person.family_name, person.given_name) and (
        born == person.birth_date.isoformat() or items.get("register.address") == person.address
    )


def _changed(event: Event, items: Items) -> Items:
    """The items that an event changes, of those that the system keeps."""
    day = event.day.isoformat()
    wanted = {"register.deregistration_date": day, "register.erasure_date": day}
    if event.place:
        wanted = {path: event.place.address for path in items if path.endswith(".address") and items[path]}
    elif event.family:
        wanted = {
            "register.family_name": event.family.text,
            "register.family_name_kana": event.family.kana,
        }
    return {path: value for path, value in wanted.items() if path in items}
