"""Stand-ins for the existing systems and the public search: they speak the protocol of links, and keep what they are
told as the real ones would."""

from meibo_sandbox.existing.centre import CentreStandIn, Spoilt
from meibo_sandbox.existing.clerks import Clerks
from meibo_sandbox.existing.faults import Fault
from meibo_sandbox.existing.public_search import PublicSearchStandIn
from meibo_sandbox.existing.registration import RegistrationStandIn
from meibo_sandbox.existing.speaking import StandIn

__all__ = [
    "CentreStandIn",
    "Clerks",
    "Fault",
    "PublicSearchStandIn",
    "RegistrationStandIn",
    "Spoilt",
    "StandIn",
]
