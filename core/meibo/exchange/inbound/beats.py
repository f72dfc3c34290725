"""The jobs: numbers are taken when they have come, answers are sent every minute, what is overdue is told, and what
is old forgotten, every day."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from meibo.exchange.inbound.forgetting import FORGET, Forgetting
from meibo.exchange.inbound.office import PaperOffice
from meibo.exchange.inbound.papers import TAKE, PaperBatch, Papers
from meibo.jobs import Handler, JobKind, Lease, Nothing, Priority

ANSWERS = JobKind(
    "exchange.answers", Nothing, Priority.LATER, lease=timedelta(minutes=10), every=timedelta(minutes=1)
)
OVERDUE = JobKind("exchange.overdue", Nothing, Priority.LATER, every=timedelta(days=1))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InboundBeats:
    """What a worker does for what is sent here."""

    papers: Mapping[int, Papers]
    office: PaperOffice
    forgetting: Forgetting

    @property
    def handlers(self) -> list[Handler[Any]]:
        """Each job with what does it."""
        return [
            Handler(TAKE, self.take),
            Handler(ANSWERS, self.answer),
            Handler(OVERDUE, self.tell_overdue),
            Handler(FORGET, self.forgetting.run),
        ]

    async def take(self, lease: Lease, waiting: PaperBatch) -> None:
        """Have the vault take a batch."""
        papers = self.papers.get(waiting.scope)
        if papers is not None:  # Else its profession is no longer installed.
            await papers.take(lease, waiting.batch)

    async def answer(self, _lease: Lease, _nothing: Nothing) -> None:
        """Answer every sender that has an address; the others are answered on a medium."""
        for papers in self.papers.values():
            if papers.calls.reaches(papers.connector):
                await papers.answer()

    async def tell_overdue(self, _lease: Lease, _nothing: Nothing) -> None:
        """Log how many certificates are overdue, for whoever watches the log."""
        for (connector, profession), count in (await self.office.overdue_counts()).items():
            if count:
                told = {"operation": connector, "profession": profession, "count": count}
                _log.warning("Certificates of destruction are overdue", extra=told)
