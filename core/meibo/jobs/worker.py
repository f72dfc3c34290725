"""Does jobs until it is stopped. Any number of workers may run; none leads.

Jobs of the clock need no leader either: every worker asks for the one of the present span, and the dedupe key lets
one of those requests count.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from meibo import clock
from meibo.database.stores import Database
from meibo.errors import LeaseLost, MeiboError
from meibo.jobs.kinds import Handler
from meibo.jobs.leases import Lease
from meibo.jobs.payloads import NOTHING, read_payload
from meibo.jobs.queue import enqueue, take

BEAT = 1.0
"""Seconds, at most, between two looks where nothing is due."""
LONGEST_DELAY = timedelta(hours=1)
MARGIN = timedelta(seconds=1)
"""What a job's run leaves of its lease for ending it."""

_log = logging.getLogger(__name__)
_random = SystemRandom()


def delay(attempt: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, an hour at most, less a random half, so that
    what failed together is not tried together."""
    longest = min(timedelta(seconds=2 ** min(attempt, 20)), LONGEST_DELAY)
    return longest * _random.uniform(0.5, 1)


class Worker:
    """Does the jobs of its handlers' kinds, `at_once` of them side by side."""

    def __init__(self, database: Database, handlers: Iterable[Handler[Any]], at_once: int = 1) -> None:
        self.database = database
        self.handlers = {each.kind.name: each for each in handlers}
        self.kinds = {name: each.kind for name, each in self.handlers.items()}
        self.at_once = at_once
        self._slots: dict[str, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs until `stop`; those under way are brought to their end."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(self._serve(stop))

    async def run_one(self) -> bool:
        """Do the first job that is due; False where there is none."""
        await self._ask_for_slots()
        lease = await take(self.database, self.kinds)
        if lease is None:
            return False
        await self._do(lease)
        return True

    async def _serve(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                found = await self.run_one()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("The queue cannot be reached just now: %s", type(error).__name__)
                found = False
            if not found:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), BEAT * _random.uniform(0.5, 1))

    async def _ask_for_slots(self) -> None:
        """Ask for the jobs of the clock whose span has begun; another worker may have been first."""
        at = clock.now()
        slots = {name: kind.slot(at) for name, kind in self.kinds.items() if kind.every}
        begun = {name: slot for name, slot in slots.items() if self._slots.get(name) != slot}
        if not begun:
            return
        async with self.database.write() as work:
            for name, slot in begun.items():
                key = f"{name}@{slot.isoformat()}"
                await enqueue(work.connection, self.kinds[name], NOTHING, dedupe_key=key)
            await work.commit()
        self._slots |= begun

    async def _do(self, lease: Lease) -> None:
        """Run a job within its lease; whatever it raises is a failure of this attempt, told by its code alone."""
        handler = self.handlers[lease.kind]
        told = {"operation": lease.kind, "attempt": lease.attempt}
        try:
            async with asyncio.timeout((lease.ends_at - clock.now() - MARGIN).total_seconds()):
                await handler.run(lease, read_payload(handler.kind.payload, lease.payload))
                if not lease.settled:
                    await lease.finish()
        except LeaseLost:
            _log.warning("A job's lease was lost: another worker does it", extra=told)
        except Exception as error:
            failure = error.code if isinstance(error, MeiboError) else type(error).__name__
            _log.warning("A job failed", extra={**told, "refusal": failure})
            await self._fail(lease, failure[:64])

    async def _fail(self, lease: Lease, failure: str) -> None:
        last = lease.attempt >= self.kinds[lease.kind].most_attempts
        with suppress(LeaseLost):  # Then it is another's to fail.
            await lease.fail(failure, None if last else clock.now() + delay(lease.attempt))
