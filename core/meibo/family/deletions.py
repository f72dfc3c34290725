"""Whether results are deleted at the intermediate server when their time is over: asked every day until it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update

from meibo import clock
from meibo.access.principals import Principal
from meibo.family.messages import ASK_DELETION, CONNECTOR, AskDeletion
from meibo.family.tables import family_inquiry, family_result
from meibo.jobs import JobKind, Lease, Nothing, Priority
from meibo.link.outbox import Outbox
from meibo.professions.compiled import Profession

AGAIN = timedelta(hours=20)
"""After which one that was asked about is asked about again."""
MOST_ASKED = 500
"""In one run; the next takes the rest."""
DELETIONS = JobKind(
    "family.deletions", Nothing, Priority.LATER, lease=timedelta(minutes=10), every=timedelta(hours=1)
)


@dataclass(frozen=True, slots=True)
class Deletions:
    """Asks for them; `professions` by the small number of their rows."""

    professions: Mapping[int, Profession]
    outbox: Outbox
    machine: Principal

    async def run(self, lease: Lease, _payload: Nothing) -> None:
        """Ask about every result whose time is over and whose deletion nobody has told."""
        at, row = clock.now(), family_result.c
        due = (
            select(row.inquiry_id, row.scope, family_inquiry.c.licence_id)
            .join(family_inquiry, family_inquiry.c.id == row.inquiry_id)
            .where(row.deleted_at.is_(None), row.kept_until < at)
            .where(or_(row.asked_at.is_(None), row.asked_at < at - AGAIN))
            .order_by(row.kept_until)
            .limit(MOST_ASKED)
        )
        async with lease.write(self.professions) as work:
            for inquiry, scope, licence in list(await work.connection.execute(due)):
                await self.outbox.request(
                    work.connection, self.machine, self.professions[scope].code, scope, licence, CONNECTOR,
                    ASK_DELETION, AskDeletion(inquiry),
                )  # fmt: skip
                asked = update(family_result).where(row.inquiry_id == inquiry).values(asked_at=at)
                await work.connection.execute(asked)
            await work.commit()
