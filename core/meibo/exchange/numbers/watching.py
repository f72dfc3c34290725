"""The job that reports, once a day, erasures that an existing system ought to have confirmed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from meibo.exchange.numbers.office import NumberOffice
from meibo.jobs import Handler, JobKind, Lease, Nothing

OVERDUE = JobKind("exchange.overdue_erasures", Nothing, every=timedelta(days=1))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watching:
    """Looks through all systems."""

    office: NumberOffice

    @property
    def handlers(self) -> list[Handler[Nothing]]:
        """What a worker does by the clock."""
        return [Handler(OVERDUE, self.look)]

    async def look(self, _lease: Lease, _nothing: Nothing) -> None:
        """Warn of each system that is behind; the lines tell how many, and of nobody."""
        for (connector, profession), count in (await self.office.overdue()).items():
            if count:
                told = {"operation": connector, "profession": profession, "count": count}
                _log.warning("Erasures of numbers are not confirmed in time: ask the system", extra=told)
