"""A stand-in intermediate server (中間サーバー): symbols by number, replies of the family register, their deletion when
the time is over; and all of it late, twice, garbled or not at all."""

from meibo_sandbox.family.faults import Fault
from meibo_sandbox.family.people import WorldPeople
from meibo_sandbox.family.server import FamilyPeople, IntermediateServerStandIn
from meibo_sandbox.family.wire import Answer, Wire

__all__ = ["Answer", "FamilyPeople", "Fault", "IntermediateServerStandIn", "Wire", "WorldPeople"]
