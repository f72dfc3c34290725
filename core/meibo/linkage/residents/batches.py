"""The job of one file: it is written, sent, asked for its answers, and these are filed. Each step is one commit.

A step that dies is done again: the file keeps its id, by which the network knows it, and is sent again as it was. What
is filed is written in the commit that ends the job, so a reply that came twice has one effect.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.guard import leaf
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.database.stores import Database
from meibo.errors import MessageRefused, SourceUnavailable
from meibo.jobs import JobKind, Lease, Payload, enqueue, hasten
from meibo.jobs.payloads import Scope
from meibo.link import breaker
from meibo.link.client import LinkClient
from meibo.linkage.residents import requests
from meibo.linkage.residents.exchange import CONNECTOR, Exchange
from meibo.linkage.residents.filing import FILE, Filed, Filing
from meibo.linkage.residents.holders import Holders, network_principal
from meibo.linkage.residents.inquiries import Outcome
from meibo.linkage.residents.requests import Batch, BatchState, Noted
from meibo.professions.compiled import Profession

POLL = timedelta(minutes=1)
"""After which the network is asked again for answers that are not ready."""
WRITE = "resident_run.write"
SHA256 = "sha256:"
_log = logging.getLogger(__name__)


class BatchPayload(Payload, frozen=True):
    """A file of a run."""

    batch: UUID
    scope: Scope


EXCHANGE = JobKind("residents.exchange", BatchPayload, most_attempts=200, lease=timedelta(minutes=10))
"""Tried for four days at least: the network may be down over a weekend."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Carries files to the network and files their answers; `refused` counts files that were not believed."""

    database: Database
    exchange: Exchange
    client: LinkClient
    holders: Holders
    filing: Filing
    audit: AuditLog
    profession_of: Callable[[int], Profession]
    refused: Counter[tuple[str, str]]

    async def run(self, lease: Lease, payload: BatchPayload) -> None:
        """Take a file one step further; raises what the step raises, and then it is tried again."""
        async with self.database.read([payload.scope]) as connection:
            batch = await requests.find_batch(connection, payload.batch)
            until = await breaker.closed_until(connection, CONNECTOR)
        if batch.state is BatchState.WAITING:
            await self._write(lease, batch)
        elif until is not None:
            await lease.postpone(until)
        elif batch.state is not BatchState.FILED:
            await self._exchange(lease, batch)

    async def _write(self, lease: Lease, batch: Batch) -> None:
        """Have the vault write the file. Its leaf says how many it asks about, and names it by its digest."""
        profession = self.profession_of(batch.scope)
        async with self.database.read([batch.scope]) as connection:
            wanted = await self.holders.wanted(connection, batch.open)
            facts = partial(self.holders.facts_of, connection, profession)
            written = await self.exchange.write(batch.id, profession.file, batch.key, wanted, facts)
        asked = [each.pseudonym for each in wanted if each.reference not in written.left_out]
        if asked:
            await self._record(profession, LeafKind.EXPORT, WRITE, asked, f"{SHA256}{written.digest}")
        async with lease.write([batch.scope]) as work:
            await requests.note(work.connection, [Noted(id, Outcome.NO_KEY) for id in written.left_out])
            if asked:
                file: dict[str, Any] = {"file": written.raw, "digest": written.digest}
                await self._go_on(work.connection, batch, BatchState.WRITTEN, written_at=clock.now(), **file)
            else:
                await self._filed(work.connection, batch.id)
            await work.commit()

    async def _exchange(self, lease: Lease, batch: Batch) -> None:
        """Send the file, or ask what became of it; after a failure it is sent again, in case it never arrived."""
        again = batch.state is BatchState.SENT and lease.attempt == 1
        try:
            raw = await self.client.post(CONNECTOR, batch.id, b"" if again else batch.file)
        except SourceUnavailable:
            await breaker.failed(self.database, CONNECTOR)
            raise
        if raw:
            await self._file(lease, batch, raw)
        elif again:
            await lease.postpone(clock.now() + POLL)
        else:
            await self._sent(lease, batch)

    async def _sent(self, lease: Lease, batch: Batch) -> None:
        async with lease.write([batch.scope]) as work:
            await breaker.succeeded(work.connection, CONNECTOR)
            await self._go_on(work.connection, batch, BatchState.SENT, due_at=clock.now() + POLL)
            await work.commit()

    async def _file(self, lease: Lease, batch: Batch, raw: bytes) -> None:
        """File the answers: a leaf that says about whom, then the numbers, then all rows in the job's own commit."""
        profession = self.profession_of(batch.scope)
        filed = self._read(profession, batch, raw)
        licences = {each.licence for each in batch.open}
        async with self.database.read([batch.scope]) as connection:
            known = await self.filing.replies.opened(connection, profession, licences)
            subjects = [known[each.licence].pseudonym for each in batch.open]
            await self._record(profession, LeafKind.INTENT, FILE, subjects, str(batch.id))
            noted = await self.filing.enrol(connection, profession, batch.key, known, filed)
        async with lease.write([batch.scope]) as work:
            await breaker.succeeded(work.connection, CONNECTOR)
            await self.filing.add(work.connection, profession, known, filed, noted)
            await self._filed(work.connection, batch.id)
            await work.commit()
        await self._record(profession, LeafKind.DONE, FILE, subjects, str(batch.id))

    def _read(self, profession: Profession, batch: Batch, raw: bytes) -> list[Filed]:
        """The answers of a file; one that is not believed is counted by its reason, and nothing of it is kept."""
        try:
            answers = self.exchange.read(batch.id, [each.id for each in batch.open], raw)
            return self.filing.prepared(profession, batch.open, answers)
        except MessageRefused as refusal:
            self.refused[CONNECTOR, refusal.reason] += 1
            _log.warning("A file was refused", extra={"operation": CONNECTOR, "refusal": refusal.reason})
            raise

    async def _filed(self, connection: AsyncConnection, batch: UUID) -> None:
        """Nothing of a file is left to do; a job that waits for it, which has its id, goes on."""
        await requests.move(connection, batch, BatchState.FILED, file=None, filed_at=clock.now())
        await hasten(connection, str(batch))

    async def _go_on(
        self,
        connection: AsyncConnection,
        batch: Batch,
        state: BatchState,
        due_at: datetime | None = None,
        **values: Any,
    ) -> None:
        """Bring the file to a state, and ask for its next step, in one transaction."""
        await requests.move(connection, batch.id, state, **values)
        await enqueue(connection, EXCHANGE, BatchPayload(batch.id, batch.scope), due_at=due_at)

    async def _record(
        self, profession: Profession, kind: LeafKind, operation: str, subjects: list[Any], reference: str
    ) -> None:
        await self.audit.record(
            leaf(
                network_principal(profession.code), kind, operation, profession.code,
                subjects=tuple(subjects), count=len(subjects), reference=reference,
            )
        )  # fmt: skip
