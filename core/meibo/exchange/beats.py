"""The jobs of the exchange. Every minute each feed gets a job, unless it has one: a feed whose other side does not
answer needs no retry of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.errors import MessageRefused, SettingsError, SourceUnavailable
from meibo.exchange.feeds import Feed
from meibo.exchange.hearing import Hearing
from meibo.exchange.numbers import NumberFeed
from meibo.jobs import Handler, JobKind, Lease, Nothing, Payload, Priority, enqueue
from meibo.jobs.payloads import Scope, write_payload
from meibo.jobs.states import OPEN
from meibo.jobs.tables import job

_log = logging.getLogger(__name__)


class Side(StrEnum):
    """Who is told."""

    PUBLIC_SEARCH = "public_search"
    EXISTING_SYSTEM = "existing_system"


class Turn(Payload, frozen=True):
    """One feed's turn."""

    side: Side
    scope: Scope


BEAT = JobKind("exchange.beat", Nothing, every=timedelta(minutes=1))
TURN = JobKind("exchange.turn", Turn, Priority.LATER, most_attempts=3, lease=timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Beats:
    """Gives each feed its turn."""

    feeds: Mapping[Turn, Feed]
    hearings: Mapping[Turn, Hearing]
    numbers: Mapping[Turn, NumberFeed]

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for the exchange."""
        return [Handler(BEAT, self.beat), Handler(TURN, self.turn)]

    async def beat(self, lease: Lease, _nothing: Nothing) -> None:
        """Ask for a turn of each feed that waits for none, and whose other side has an address: the others are
        carried by hand, or not at all."""
        async with lease.write() as work:
            waiting = await _waiting(work.connection)
            for turn, feed in self.feeds.items():
                if feed.calls.reaches(feed.view.connector) and write_payload(turn) not in waiting:
                    await enqueue(work.connection, TURN, turn)
            await work.commit()

    async def turn(self, _lease: Lease, turn: Turn) -> None:
        """Hear what changed there, tell what changed here and hand numbers over where they may go there, as far as the
        other side answers; the rest waits for the next turn."""
        feed = self.feeds.get(turn)
        if feed is None:  # Its profession is no longer installed.
            return
        hearing, numbers = self.hearings.get(turn), self.numbers.get(turn)
        hear, hand_over = (hearing.hear,) if hearing else (), (numbers.turn,) if numbers else ()
        for act in (*hear, feed.tell, *hand_over):
            try:
                await act()
            except (
                SourceUnavailable,
                MessageRefused,
                SettingsError,
            ) as error:  # It keeps no other from its turn.
                told = {"operation": feed.view.connector, "refusal": error.code}
                _log.warning("A system does not answer as it should; what is for it waits", extra=told)


async def _waiting(connection: AsyncConnection) -> frozenset[str]:
    """The turns that are asked for or under way."""
    open_ = select(job.c.payload).where(job.c.kind == TURN.name, job.c.state.in_(OPEN))
    return frozenset((await connection.scalars(open_)).all())
