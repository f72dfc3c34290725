"""What the control page says of a stand-in, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meibo_sandbox.world import Fault


@dataclass(frozen=True, slots=True)
class System:
    """One stand-in: its name in addresses and in the world's faults, what people call it in Japanese and English.

    `app` is served under its name, and spoilt by the world's faults; None for one that does not speak HTTP. `faults`
    are those that it can be given.
    """

    name: str
    label: tuple[str, str]
    app: Any = None
    faults: tuple[Fault, ...] = tuple(Fault)
    tells_state: bool = False
    """Whether `state` under its name tells what it holds."""
