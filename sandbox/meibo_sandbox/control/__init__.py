"""Where things are made to happen: a page and an API over the world, and the faults that any stand-in can be given."""

from meibo_sandbox.control.sandboxes import Sandbox
from meibo_sandbox.control.spoiling import Spoiled
from meibo_sandbox.control.systems import System

__all__ = ["Sandbox", "Spoiled", "System"]
