"""A stand-in for the resident-record network: it speaks the same files, encrypted and signed, and finds synthetic
residents by number, by resident code or by facts. It can be late, and its files can be spoilt."""

from meibo_sandbox.residents.faults import Fault
from meibo_sandbox.residents.network import ResidentNetwork
from meibo_sandbox.residents.residents import Resident, ResidentList
from meibo_sandbox.residents.world import WorldRegister, resident_network

__all__ = ["Fault", "Resident", "ResidentList", "ResidentNetwork", "WorldRegister", "resident_network"]
