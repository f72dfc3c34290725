"""A batch of numbers is taken by the vault, and answered with pseudonyms; the sender destroys what it had then."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.database.stores import Database
from meibo.errors import MessageRefused, NotFound, SourceUnavailable
from meibo.exchange.inbound.matching import Matching
from meibo.exchange.inbound.messages import PSEUDONYMS, PseudonymLine, Pseudonyms
from meibo.exchange.inbound.tables import paper_batch, paper_line
from meibo.exchange.sides import of_side
from meibo.jobs import JobKind, Lease, Payload
from meibo.jobs.payloads import Scope
from meibo.link.calls import Calls
from meibo.link.envelopes import Accepted
from meibo.link.states import Reason
from meibo.linkage.papers import PaperDesk, PaperOutcome, PaperResult
from meibo.professions.compiled import Profession
from meibo.register.tables import licence

OPERATION = "paper.answer"
_log = logging.getLogger(__name__)


class PaperBatch(Payload, frozen=True):
    """A batch that waits for the vault."""

    scope: Scope
    batch: UUID


TAKE = JobKind("exchange.numbers", PaperBatch, lease=timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Papers:
    """The numbers that one body sends for the holders of one profession."""

    profession: Profession
    scope: int
    connector: str
    database: Database
    matching: Matching
    desk: PaperDesk
    calls: Calls
    audit: AuditLog

    async def take(self, lease: Lease, batch: UUID) -> None:
        """Have the vault take a batch, and note what came of each line. What lay encrypted goes in the same commit."""
        row = await self.batch(paper_batch.c.id == batch)
        if row.encrypted is None:
            return
        results = await self.desk.enrol(
            self._speaker, self.profession, self.connector, row.encrypted.decode(), self.matching.find
        )
        await self.audit.record(self._leaf(batch, results))
        async with lease.write([self.scope]) as work:
            await self._note(work.connection, batch, results)
            await work.commit()

    async def answer(self) -> None:
        """Send the pseudonyms of each batch that was taken. One that the sender does not take waits for the next turn,
        when the same is sent again, and holds up no other."""
        for row in await self._unanswered():
            try:
                await self._hand_over(row)
            except (SourceUnavailable, MessageRefused) as error:
                told = {"operation": self.connector, "refusal": error.code}
                _log.warning("Pseudonyms could not be handed over; they wait", extra=told)

    async def _hand_over(self, row: Row[Any]) -> None:
        answer = await self.calls.call(self.connector, row.id, PSEUDONYMS, await self.pseudonyms(row))
        if not isinstance(answer.message, Accepted):
            raise MessageRefused(Reason.UNKNOWN_REQUEST)
        await self.answered(row.id)

    async def pseudonyms(self, batch: Row[Any]) -> Pseudonyms:
        """The answer to a batch that was taken."""
        line = paper_line.c
        found = (
            select(line.reference, line.outcome, licence.c.pseudonym)
            .outerjoin(licence, licence.c.id == line.licence_id)
            .where(line.batch_id == batch.id)
            .order_by(line.reference)
        )
        async with self.database.read([self.scope]) as connection:
            lines = [
                PseudonymLine(each.reference, PaperOutcome(each.outcome), each.pseudonym)
                for each in await connection.execute(found)
            ]
        return Pseudonyms(self.profession.code, batch.batch, tuple(lines))

    async def answered(self, batch: UUID) -> None:
        """The sender has the pseudonyms, if it had them not before."""
        fresh = update(paper_batch).where(paper_batch.c.id == batch, paper_batch.c.answered_at.is_(None))
        async with self.database.write([self.scope]) as work:
            await work.connection.execute(fresh.values(answered_at=clock.now()))
            await work.commit()

    async def batch(self, which: ColumnElement[bool]) -> Row[Any]:
        """A batch of this sender; raises NotFound."""
        async with self.database.read([self.scope]) as connection:
            row = (await connection.execute(select(paper_batch).where(self.mine, which))).one_or_none()
        if row is None:
            raise NotFound("batch")
        return row

    async def batches(self) -> list[Row[Any]]:
        """All of this sender's, oldest first."""
        async with self.database.read([self.scope]) as connection:
            ordered = select(paper_batch).where(self.mine).order_by(paper_batch.c.received_at)
            return list(await connection.execute(ordered))

    @property
    def mine(self) -> ColumnElement[bool]:
        """What is this sender's and this profession's."""
        return of_side(paper_batch, self.connector, self.scope)

    async def _unanswered(self) -> Sequence[Row[Any]]:
        row = paper_batch.c
        waiting = select(paper_batch).where(self.mine, row.taken_at.is_not(None), row.answered_at.is_(None))
        async with self.database.read([self.scope]) as connection:
            return (await connection.execute(waiting.order_by(row.taken_at))).all()

    async def _note(self, connection: AsyncConnection, batch: UUID, results: Sequence[PaperResult]) -> None:
        known = {each.pseudonym for each in results if each.pseudonym}
        found = select(licence.c.pseudonym, licence.c.id).where(
            licence.c.scope == self.scope, licence.c.pseudonym.in_(known)
        )
        ids = {row.pseudonym: row.id for row in await connection.execute(found)}
        lines = [
            {
                "batch_id": batch, "reference": each.reference, "scope": self.scope, "outcome": each.outcome,
                "licence_id": ids.get(each.pseudonym) if each.pseudonym else None,
            }
            for each in results
        ]  # fmt: skip
        await connection.execute(insert(paper_line), lines)
        taken = update(paper_batch).where(paper_batch.c.id == batch)
        await connection.execute(taken.values(encrypted=None, taken_at=clock.now()))

    def _leaf(self, batch: UUID, results: Sequence[PaperResult]) -> Any:
        """Whose pseudonyms leave: durable before they can."""
        subjects = tuple(each.pseudonym for each in results if each.pseudonym)
        return leaf(
            self._speaker, LeafKind.EXPORT, OPERATION, self.profession.code, count=len(subjects),
            subjects=subjects, reference=batch.hex,
        )  # fmt: skip

    @property
    def _speaker(self) -> Principal:
        """As whom the sender's numbers are enrolled: with the one permission that this needs."""
        return Principal(
            f"link:{self.connector}", self.connector, "link", Surface.COMMAND,
            frozenset({Permission.NUMBER_ENROL}), frozenset({self.profession.code}),
        )  # fmt: skip
