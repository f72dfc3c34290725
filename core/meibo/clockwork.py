"""The jobs of the clock: what falls due by the date or the hour alone, whichever worker looks first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from meibo import clock
from meibo.certificates import replays
from meibo.certificates.status.publishing import Publisher
from meibo.database.stores import Database
from meibo.jobs import Handler, JobKind, Lease, Nothing, Priority
from meibo.jobs.queue import prune
from meibo.link import Links
from meibo.link.pruning import PRUNE_LINKS

MIDNIGHT = JobKind(
    "standing.midnight", Nothing, Priority.SOON, lease=timedelta(minutes=10), every=timedelta(days=1)
)
"""Flips what begins or ends on a day; done once more, it changes nothing more."""
PRUNE = JobKind("jobs.prune", Nothing, Priority.LATER, every=timedelta(hours=1))


def clockwork(register: Database, publisher: Publisher, links: Links) -> list[Handler[Any]]:
    """What does them in one installation."""

    async def midnight(_lease: Lease, _payload: Nothing) -> None:
        await publisher.midnight(clock.today())

    async def forget(_lease: Lease, _payload: Nothing) -> None:
        await prune(register)
        await replays.forget(register, clock.now())

    return [Handler(MIDNIGHT, midnight), Handler(PRUNE, forget), Handler(PRUNE_LINKS, links.pruning.run)]
