"""Publishes status lists: what changed within seconds, all others every hour, each as JWT and as CWT.

What is published comes from the rows as they are committed, so a list may say more than the changes that it was
published for, never less. Any number of processes may publish at once: whoever finds that another one published in
the meantime cannot know whose list stands there now, and leaves it due.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, case, null, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from meibo import clock
from meibo.certificates import standing
from meibo.certificates.keys.signers import Signer
from meibo.certificates.status import tokens
from meibo.certificates.status.lists import Status, StatusList, build
from meibo.certificates.status.targets import Target
from meibo.certificates.tables import certificate, status_list
from meibo.database.stores import Database
from meibo.errors import MeiboError

BEAT = 5.0
"""Seconds between two looks for changes: a tenth of the minute in which a change is published."""
SLOWEST = 20.0
"""Seconds that may lie between two looks, so that a list has the rest of the minute to be fetched."""
SPREAD = 0.2
"""By which part a pause may be shorter, so that two processes which met do not meet at every beat."""
NEVER = -1
"""`published_changes` of a list that is due whatever it says."""
REFRESH = timedelta(hours=1)
"""After which a list is published anew though nothing changed: a token holds for a day."""
AGGREGATION = "lists.json"
"""The addresses of all lists in use (draft-ietf-oauth-status-list, section 9), for whoever works without a network."""
JWT, CWT, JSON = "application/statuslist+jwt", "application/statuslist+cwt", "application/json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListAge:
    """A list that somebody may ask for: since when it is published as it is, since when a change waits."""

    list: str
    published_at: datetime | None
    dirty_at: datetime | None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes the lists of one installation; `signer` gives the status key in force."""

    database: Database
    scopes: tuple[int, ...]
    signer: Callable[[datetime], Signer]
    lists: str
    target: Target
    documents: Callable[[datetime], Mapping[str, bytes]] = field(default=lambda _: {})
    """JSON that stands beside the lists, such as the trust list, by name."""
    _put: dict[str, bytes] = field(default_factory=dict)

    async def publish_documents(self) -> list[str]:
        """Publish the documents that changed since this process published them, and give their names."""
        told = dict(self.documents(clock.now()))
        if told:
            told[AGGREGATION] = await self._aggregation()
        changed = [name for name, content in told.items() if self._put.get(name) != content]
        for name in changed:
            await self.target.put(name, told[name], JSON)
            self._put[name] = told[name]
        return changed

    async def publish_due(self) -> list[str]:
        """Publish every list that is due, and give their names."""
        at = clock.now()
        async with self.database.read() as connection:
            due = (await connection.execute(_due(at))).all()
        for row in due:
            await self._publish(row, clock.now())
        return [row.id for row in due]

    async def midnight(self, day: date) -> int:
        """Flip what a day's beginning changed; gives how many entries."""
        return await standing.midnight(self.database, self.scopes, day, clock.now())

    async def ages(self) -> list[ListAge]:
        """The age of every list that somebody may ask for: a metric."""
        row = status_list.c
        async with self.database.read() as connection:
            found = await connection.execute(
                select(row.id, row.published_at, row.dirty_at).where(_lives(clock.today()))
            )
            return [ListAge(*each) for each in found]

    async def run(self, stop: asyncio.Event, every: float = BEAT) -> None:
        """Publish every so many seconds until `stop`, and flip once on every new day. A failure waits for the next
        time."""
        day: date | None = None
        while not stop.is_set():
            try:
                if day != clock.today():
                    await self.midnight(clock.today())
                    day = clock.today()
                await self.publish_due()
                await self.publish_documents()  # They name the lists that are published by now.
            except (MeiboError, SQLAlchemyError, OSError) as error:
                _log.warning("Status lists could not be published just now: %s", type(error).__name__)
            with suppress(TimeoutError):
                pause = every * random.uniform(1 - SPREAD, 1)  # noqa: S311 - it guards nothing
                await asyncio.wait_for(stop.wait(), pause)

    async def _aggregation(self) -> bytes:
        published = [each.list for each in await self.ages() if each.published_at is not None]
        return orjson.dumps({"status_lists": [self.lists + name for name in sorted(published)]})

    async def _publish(self, row: Row[Any], at: datetime) -> None:
        token = await asyncio.to_thread(
            tokens.write, self.signer(at), self.lists + row.id, await self._listed(row.id), at
        )
        await self.target.put(row.id, token.jwt, JWT)
        await self.target.put(f"{row.id}.cwt", token.cwt, CWT)
        async with self.database.write() as work:
            alone = (await work.connection.execute(_published(row, at))).rowcount
            if not alone:
                await work.connection.execute(_left_due(row))
            await work.commit()

    async def _listed(self, list: str) -> StatusList:
        """The list as it is committed now, every profession's entries in it."""
        row = certificate.c
        async with self.database.read(self.scopes) as connection:
            entries: Iterable[Any] = await connection.execute(
                select(row.status_index, row.status).where(
                    row.status_list_id == list, row.status != Status.VALID
                )
            )
            return build((index, status) for index, status in entries)


def _due(at: datetime) -> Any:
    """Lists that live, and were changed, or not published for an hour, or never; changed ones first."""
    row = status_list.c
    stale = or_(
        row.changes != row.published_changes, row.published_at.is_(None), row.published_at <= at - REFRESH
    )
    found = select(row.id, row.changes, row.published_at).where(_lives(clock.japan_day(at)), stale)
    return found.order_by(row.dirty_at, row.id)


def _published(row: Row[Any], at: datetime) -> Any:
    """Note that the changes of a row are published, unless somebody published since the row was read."""
    known = status_list.c
    return (
        update(status_list)
        .where(known.id == row.id, known.published_at.is_not_distinct_from(row.published_at))
        .values(
            published_changes=row.changes,
            published_at=at,
            dirty_at=case((known.changes == row.changes, null()), else_=known.dirty_at),
        )
    )


def _left_due(row: Row[Any]) -> Any:
    return update(status_list).where(status_list.c.id == row.id).values(published_changes=NEVER)


def _lives(day: date) -> Any:
    """Lists of which some certificate has not ended, or ended on the day before."""
    return status_list.c.ends_date >= day - timedelta(days=1)
