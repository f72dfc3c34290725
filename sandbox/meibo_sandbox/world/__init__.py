"""The synthetic world that all stand-ins share: the same people everywhere, what happens to them, a settable clock, and
faults of each system on demand."""

from meibo_sandbox.world.events import Event, Kind, may_happen
from meibo_sandbox.world.faults import LATE, Fault, Faults
from meibo_sandbox.world.people import People, PersonList
from meibo_sandbox.world.persons import Gaiji, Kin, Person
from meibo_sandbox.world.populations import Population, population
from meibo_sandbox.world.world import World

__all__ = [
    "LATE",
    "Event",
    "Fault",
    "Faults",
    "Gaiji",
    "Kin",
    "Kind",
    "People",
    "Person",
    "PersonList",
    "Population",
    "World",
    "may_happen",
    "population",
]
