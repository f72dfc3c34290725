"""So many people from a seed. Each is made when asked for, from the seed and the index alone: nothing is kept, and the
millionth costs what the first does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from meibo.demo.names import FOREIGN_NAMES
from meibo.errors import OperatorError
from meibo_sandbox.world import numbers
from meibo_sandbox.world.draws import Draws
from meibo_sandbox.world.events import Event, events_of, gaiji_of
from meibo_sandbox.world.names import FEMALE, MALE, Name, family_name
from meibo_sandbox.world.persons import Kin, Person, Sex
from meibo_sandbox.world.places import Place, place

FIRST_BIRTH, LAST_BIRTH = date(1935, 1, 1).toordinal(), date(2000, 12, 31).toordinal()
KIN = {Kin.SPOUSE: 400, Kin.TWIN: 20, Kin.NAMESAKE: 10}
"""How many of a thousand pairs are what to one another."""
FOREIGN, WITH_FORMER_NAME = 20, 950
"""Of a thousand who are nobody's kin, so many are foreign nationals; of a thousand wives, so many had another name."""


@dataclass(frozen=True, slots=True)
class Population:
    """The people of a seed; the same people are the first of any greater population of it."""

    seed: int
    size: int

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int, /) -> Person:
        if not 0 <= index < self.size:
            raise IndexError(index)
        return person(self.seed, index)

    def __iter__(self) -> Iterator[Person]:
        return (person(self.seed, index) for index in range(self.size))

    def events(self, index: int, since: date, until: date) -> Iterator[Event]:
        """What the seed has in store for one of them."""
        return events_of(self.seed, index, since, until)


def population(seed: int, size: int) -> Population:
    """So many people of a seed; raises OperatorError for more than have numbers."""
    if not 0 <= size <= numbers.MOST_PEOPLE:
        raise OperatorError(f"A population has 0 to {numbers.MOST_PEOPLE:,} people.")
    return Population(seed, size)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is drawn for a person, or for two together; `given` counts through the names of the sex."""

    family: Name
    given: int
    sex: Sex
    birth: int
    place: Place


def person(seed: int, index: int) -> Person:
    """One person. People come in pairs, 0 with 1, 2 with 3: most have nothing to do with one another."""
    pair, turn = divmod(index, 2)
    shared, own = Draws(seed, "pair", pair), Draws(seed, "person", index)
    kin = _kin(shared)
    facts = _together(kin, turn, _facts(shared), _facts(own)) if kin is not Kin.NOBODY else _facts(own)
    made = _person(index, kin, facts)
    if kin is Kin.SPOUSE and facts.sex is Sex.FEMALE and own.happens(WITH_FORMER_NAME):
        return replace(made, former_family_name=family_name(own).text)
    return _foreign(made, own) if kin is Kin.NOBODY and own.happens(FOREIGN) else made


def _kin(draws: Draws) -> Kin:
    drawn = draws.below(1000)
    for kin, thousandths in KIN.items():
        if drawn < thousandths:
            return kin
        drawn -= thousandths
    return Kin.NOBODY


def _facts(draws: Draws) -> Facts:
    return Facts(
        family_name(draws),
        draws.below(10_000),
        draws.one_of(tuple(Sex)),
        FIRST_BIRTH + draws.below(LAST_BIRTH - FIRST_BIRTH + 1),
        place(draws),
    )


def _together(kin: Kin, turn: int, shared: Facts, own: Facts) -> Facts:
    """What kin have in common; `turn` tells the two apart."""
    match kin:
        case Kin.NAMESAKE:
            return replace(shared, place=own.place)
        case Kin.TWIN:
            return replace(shared, given=shared.given + turn, sex=own.sex)
        case _:
            return replace(own, family=shared.family, place=shared.place, sex=tuple(Sex)[turn])


def _person(index: int, kin: Kin, facts: Facts) -> Person:
    names = MALE if facts.sex is Sex.MALE else FEMALE
    given = names[facts.given % len(names)]
    return Person(
        index=index,
        family_name=facts.family.text,
        given_name=given.text,
        family_name_kana=facts.family.kana,
        given_name_kana=given.kana,
        sex=facts.sex,
        birth_date=date.fromordinal(facts.birth),
        municipality_code=facts.place.municipality_code,
        address=facts.place.address,
        individual_number=numbers.individual_number(index),
        resident_code=numbers.resident_code(index),
        kin=kin,
        kin_index=None if kin is Kin.NOBODY else index ^ 1,
        gaiji=gaiji_of(facts.family),
    )


def _foreign(person: Person, draws: Draws) -> Person:
    """The person as a foreign national: names in Latin letters, one name or two."""
    family, family_kana, given, given_kana, _ = draws.one_of(FOREIGN_NAMES)
    return replace(
        person, family_name=family, given_name=given, family_name_kana=family_kana, given_name_kana=given_kana,
        gaiji=(),
    )  # fmt: skip
