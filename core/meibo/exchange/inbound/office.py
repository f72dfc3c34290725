"""What an administrator does about numbers from paper: looks at batches and lines, at what was proved, at what is
overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.errors import NotFound
from meibo.exchange.inbound.certificates import filed, is_overdue, lacking
from meibo.exchange.inbound.messages import Proof, PseudonymLine
from meibo.exchange.inbound.papers import Papers
from meibo.exchange.inbound.receiving import Receiving
from meibo.exchange.inbound.tables import paper_batch, paper_certificate


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch of numbers, by the sender's id: when it came, was taken by the vault and answered, what was proved of its
    destruction, what is lacking, and whether that is overdue."""

    connector: str
    profession: str
    batch: UUID
    count: int
    received_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    proved: frozenset[Proof]
    lacking: frozenset[Proof]
    overdue: bool


@dataclass(frozen=True, slots=True)
class PaperOffice:
    """The verbs; each needs `registry:exchange:manage` for the profession. Nothing here holds a number or a name."""

    papers: Sequence[Papers]
    receiving: Receiving
    guard: Guard
    within: timedelta
    """How long after the answer certificates may take."""

    async def batches(self, principal: Principal, connector: str, profession: str) -> list[BatchState]:
        """The batches of one sender, oldest first; raises Forbidden, NotFound."""
        return await self._states(await self._found(principal, "paper.batches", connector, profession))

    async def lines(
        self, principal: Principal, connector: str, profession: str, batch: UUID
    ) -> tuple[PseudonymLine, ...]:
        """What came of each line of a batch, the refused ones by name; raises Forbidden, NotFound."""
        papers = await self._found(principal, "paper.lines", connector, profession)
        row = await papers.batch(paper_batch.c.batch == batch)
        return (await papers.pseudonyms(row)).lines

    async def certificate(
        self, principal: Principal, connector: str, profession: str, batch: UUID, proof: Proof
    ) -> bytes:
        """A certificate as the sender signed it; raises Forbidden, NotFound."""
        papers = await self._found(principal, "paper.certificate", connector, profession)
        row = await papers.batch(paper_batch.c.batch == batch)
        kept = paper_certificate.c
        signed = select(kept.signed).where(kept.batch_id == row.id, kept.proof == proof)
        async with papers.database.read([papers.scope]) as connection:
            found: bytes | None = await connection.scalar(signed)
        if found is None:
            raise NotFound("certificate")
        return found

    async def overdue(self, principal: Principal) -> list[BatchState]:
        """The batches of the caller's professions whose certificates are overdue; raises Forbidden."""
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, "paper.overdue")
        mine = [each for each in self.papers if each.profession.code in principal.professions]
        return [state for each in mine for state in await self._states(each) if state.overdue]

    async def overdue_counts(self) -> Mapping[tuple[str, str], int]:
        """How many there are, by connector and profession, for a metric: it tells of nobody."""
        return {
            (each.connector, each.profession.code): sum(s.overdue for s in await self._states(each))
            for each in self.papers
        }

    async def keys(self, principal: Principal, connector: str) -> dict[str, dict[str, str]]:
        """The public keys to which a sender encrypts: numbers to the vault's, pass lists to the register's.

        Raises Forbidden, and NotFound for a connector over which nothing of either comes.
        """
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, "paper.keys")
        if not self.receiving.senders(connector):
            raise NotFound("sender")
        return self.public_keys(connector)

    def public_keys(self, connector: str) -> dict[str, dict[str, str]]:
        """The same for whoever sets up a sender beside us, such as a demo."""
        return {
            "numbers": self.receiving.desk.key(connector),
            "pass_list": self.receiving.lists.key(connector),
        }

    async def _found(self, principal: Principal, operation: str, connector: str, profession: str) -> Papers:
        """The papers of one sender; raises Forbidden, NotFound."""
        await self.guard.demand(principal, Permission.EXCHANGE_MANAGE, operation, profession)
        for each in self.papers:
            if (each.connector, each.profession.code) == (connector, profession):
                return each
        await self.guard.refused(principal, operation, profession, NotFound.code)
        raise NotFound("sender of numbers")

    async def _states(self, papers: Papers) -> list[BatchState]:
        async with papers.database.read([papers.scope]) as connection:
            proved = await filed(connection, [papers.scope])
        return [self._state(papers, row, proved.get(row.id, frozenset())) for row in await papers.batches()]

    def _state(self, papers: Papers, row: Row[Any], proved: frozenset[Proof]) -> BatchState:
        return BatchState(
            papers.connector, papers.profession.code, row.batch, row.size, row.received_at, row.taken_at,
            row.answered_at, proved, lacking(row, proved), is_overdue(row, proved, self.within),
        )  # fmt: skip
