"""The residents of the synthetic world that all stand-ins share, as the network finds them on the present day there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meibo.linkage.residents.codec import Glyph
from meibo_sandbox.residents.network import ResidentNetwork
from meibo_sandbox.residents.residents import Resident, is_meant
from meibo_sandbox.world import Person, World

NAME = "full_name_kanji"
"""The item whose characters the world calls those of a name."""


@dataclass(frozen=True, slots=True)
class WorldRegister:
    """Finds people of the world: by number or code without looking at anybody else, by facts among those born on the
    day, and among all where no day is given."""

    world: World

    def find(self, asked: Mapping[str, str]) -> Sequence[Resident]:
        """Those who are meant by the items of an inquiry."""
        residents = (resident_of(person) for person in self._candidates(asked))
        return [each for each in residents if is_meant(each, asked)]

    def _candidates(self, asked: Mapping[str, str]) -> Iterable[Person]:
        if number := asked.get("subject_individual_number"):
            return _one(self.world.by_number(number))
        if code := asked.get("subject_resident_code"):
            return _one(self.world.by_resident_code(code))
        if born := asked.get("subject_birth_date"):
            return self.world.born_on(date.fromisoformat(born)) if "X" not in born else self._everybody()
        return self._everybody()

    def _everybody(self) -> Iterator[Person]:
        return iter(self.world)


def resident_network(world: World, client: Mapping[str, Any]) -> ResidentNetwork:
    """The stand-in network over the world, for an installation with these public keys."""
    return ResidentNetwork(WorldRegister(world), client)


def resident_of(person: Person) -> Resident:
    """A person as the network tells of them."""
    return Resident(
        name=person.name, kana=person.kana, birth_date=person.birth_date.isoformat(), sex=person.sex,
        address=person.address, individual_number=person.individual_number, resident_code=person.resident_code,
        municipality=person.municipality_code, dead_since=_day(person.died_date), gone_since=_day(person.left_date),
        former_surname=person.former_family_name, former_numbers=person.former_numbers,
        glyphs=tuple(Glyph(NAME, each.position, each.name) for each in person.gaiji if each.item == "name"),
        refuses=person.refuses,
    )  # fmt: skip


def _one(person: Person | None) -> Sequence[Person]:
    return [person] if person else []


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
