"""Who passed is not kept for ever: the rows of a list go when its time is over, and that there was a list stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, or_, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.principals import Principal, Surface
from meibo.database.stores import Database
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.jobs import JobKind, Lease, Nothing, Priority

OPERATION = "pass_list.forget"
FORGET = JobKind(
    "exchange.forget_lists", Nothing, Priority.LATER, lease=timedelta(minutes=10), every=timedelta(days=1)
)
WRONG_KEPT = timedelta(days=30)
"""How long the rows of a list that was replaced may explain what was said by them."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Forgets the lists of some professions, which `scopes` numbers, `years` after the year of their examination."""

    database: Database
    guard: Guard
    scopes: Mapping[str, int]
    years: int

    async def run(self, _lease: Lease, _payload: Nothing) -> None:
        """Forget what is due, a list in a commit; whoever dies in between leaves the rest to the next."""
        for row in await self._due():
            acting = self.guard.acting(_machine(), OPERATION, str(row.list))
            async with acting, self.database.write([row.scope]) as work:
                await work.connection.execute(delete(pass_entry).where(pass_entry.c.list_id == row.id))
                forgotten = update(pass_list).where(pass_list.c.id == row.id)
                await work.connection.execute(forgotten.values(forgotten_at=clock.now()))
                await work.commit()

    async def _due(self) -> list[Row[Any]]:
        row = pass_list.c
        old = row.year < clock.today().year - self.years
        wrong = row.replaced_at < clock.now() - WRONG_KEPT
        due = select(row.id, row.scope, row.list).where(row.forgotten_at.is_(None), or_(old, wrong))
        async with self.database.read(self.scopes.values()) as connection:
            return list(await connection.execute(due.order_by(row.received_at)))


def _machine() -> Principal:
    """The worker itself, which may do nothing else."""
    return Principal("retention", "meibo", "worker", Surface.COMMAND, frozenset(), frozenset())
