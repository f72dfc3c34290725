"""What links need not remember: receipts whose messages would be refused as stale by now, and bodies of requests that
were answered. Who asked for what, and what came of it, stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from meibo import clock
from meibo.database.stores import Database
from meibo.jobs import JobKind, Lease, Nothing, Priority
from meibo.link.states import Status
from meibo.link.tables import link_action, link_message, link_receipt

RECEIPTS_KEPT = timedelta(days=90)
"""Longer than an outside system sends a message again, signed anew under its old id."""
BODIES_KEPT = timedelta(days=7)
"""How long the body of an answered request may explain what went wrong."""
PRUNE_LINKS = JobKind(
    "links.prune", Nothing, Priority.LATER, lease=timedelta(minutes=10), every=timedelta(days=1)
)


@dataclass(frozen=True, slots=True)
class Pruning:
    """Forgets, in one commit."""

    database: Database
    scopes: tuple[int, ...]

    async def run(self, lease: Lease, _payload: Nothing) -> None:
        """Forget receipts after 90 days, and the bodies of requests 7 days after their answer."""
        at, row = clock.now(), link_message.c
        answers = [Status.ACCEPTED, Status.REJECTED]
        answered = select(link_action.c.message_id).where(
            link_action.c.status.in_(answers), link_action.c.recorded_at < at - BODIES_KEPT
        )
        async with lease.write(self.scopes) as work:
            await work.connection.execute(
                delete(link_receipt).where(link_receipt.c.received_at < at - RECEIPTS_KEPT)
            )
            await work.connection.execute(
                update(link_message).where(row.id.in_(answered), row.sealed != b"").values(sealed=b"")
            )
            await work.commit()
