"""The checks of one installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from meibo.access.guard import Guard
from meibo.checking.applying import Applying
from meibo.checking.batches import Batches
from meibo.checking.queue import Queue
from meibo.checking.reaching import Reach
from meibo.checking.rules import Rules
from meibo.checking.runs import Runs
from meibo.checking.sources import Source
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.jobs import Handler
from meibo.registry.office import Office
from meibo.registry.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Checks:
    """What people do with checks, and what workers do."""

    runs: Runs
    queue: Queue
    rules: Rules
    batches: Batches
    applying: Applying

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for checks."""
        return [*self.batches.handlers, self.applying.handler]


def open_checks(
    register: Database,
    scopes: Scopes,
    keys: KeyProvider,
    office: Office,
    guard: Guard,
    sources: Iterable[Source],
    terminal: str,
) -> Checks:
    """The checks, which ask these sources."""
    known = {source.name: source for source in sources}
    return Checks(
        Runs(register, scopes, known, keys, guard),
        Queue(Reach(register, scopes, keys, guard), office),
        Rules(register, scopes, guard),
        Batches(register, scopes, keys, known),
        Applying(register, scopes, keys, office, terminal),
    )
