"""The jobs of a check: a day's portion is begun, a batch of holders is judged.

A batch changes nothing until its replies have come; then its tally and its discrepancies are written in the commit
that ends the job. A worker that dies leaves it as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.checking.applying import APPLY, Found
from meibo.checking.classifying import Judgement, judge
from meibo.checking.evidence import seal_evidence
from meibo.checking.facts import Reply
from meibo.checking.holdings import Asked, Holding, holdings_between
from meibo.checking.outcomes import QUIET, Outcome
from meibo.checking.portions import CHECK, Batch, begin_portion, end_if_over, lock_run, running
from meibo.checking.rules import rules_in_force
from meibo.checking.sources import Source
from meibo.checking.states import BatchState, DiscrepancyState, RunState
from meibo.checking.tables import check_batch, check_discrepancy, check_run, check_tally
from meibo.crypto.keys import KeyProvider
from meibo.database.bulk import insert_fenced
from meibo.database.stores import Database
from meibo.jobs import Handler, JobKind, Lease, Nothing, enqueue
from meibo.registry.scopes import Scopes

DAY = JobKind("checks.day", Nothing, every=timedelta(days=1))
SOONEST, LATEST = timedelta(seconds=2), timedelta(minutes=5)
"""Between which replies that have not come are looked for again, unless the source has told that they came."""
PATIENCE = timedelta(days=7)
"""How long a batch waits for its replies; whoever has none then was not answered."""
PAUSE = timedelta(hours=1)
"""After which a batch of a paused run looks whether the run goes on."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A holding, its reply, and what that came to."""

    holding: Holding
    reply: Reply | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Batches:
    """Does the jobs of one installation's checks."""

    database: Database
    scopes: Scopes
    keys: KeyProvider
    sources: Mapping[str, Source]

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for checks."""
        return [Handler(DAY, self.begin_day), Handler(CHECK, self.check)]

    async def begin_day(self, lease: Lease, _payload: Nothing) -> None:
        """Begin the day's portion of every run that goes on."""
        today = clock.today()
        async with lease.write(self.scopes.known.values()) as work:
            for run in await running(work.connection):
                await begin_portion(work.connection, CHECK, run, today)
            await work.commit()

    async def check(self, lease: Lease, payload: Batch) -> None:
        """Judge a batch's holders; raises SourceUnavailable, and then it is tried again."""
        batch = await self._batch(payload)
        if batch.run_state == RunState.PAUSED:
            await lease.postpone(clock.now() + PAUSE)
        if batch.run_state != RunState.RUNNING:
            return
        holdings = await self._holdings(batch)
        code = self.scopes.code(batch.scope)
        asked = Asked({each.licence: each for each in holdings})
        replies = await self.sources[batch.source].replies(batch.id, code, asked) if asked else {}
        if replies is None and clock.now() < batch.asked_at + PATIENCE:
            now = clock.now()
            await lease.postpone(now + pause_after(now - batch.asked_at))
            return
        await self._write(lease, batch, judge_all(holdings, replies or {}))

    async def _batch(self, payload: Batch) -> Any:
        row, run = check_batch.c, check_run.c
        statement = (
            select(check_batch, run.source, run.standings, run.state.label("run_state"))
            .join(check_run, run.id == row.run_id)
            .where(row.id == payload.batch)
        )
        async with self.database.read([payload.scope]) as connection:
            return (await connection.execute(statement)).one()

    async def _holdings(self, batch: Any) -> list[Holding]:
        profession, ids = self.scopes.host[self.scopes.code(batch.scope)], (batch.first_id, batch.last_id)
        async with self.database.read([batch.scope]) as connection:
            return await holdings_between(
                connection, profession, batch.scope, self.keys, ids, batch.standings.split(), clock.today()
            )

    async def _write(self, lease: Lease, batch: Any, judged: Sequence[Judged]) -> None:
        """Write what the batch came to, and end the run with its last batch."""
        tally, found = tally_rows(batch, judged), discrepancy_rows(batch, judged)
        async with lease.write(self.scopes.known.values()) as work:
            await lock_run(work.connection, batch.run_id)
            await _supersede(work.connection, batch, judged)
            await insert_fenced(work.connection, check_tally, tally)
            await insert_fenced(work.connection, check_discrepancy, found)
            if found:
                await self._ask_to_apply(work.connection, batch.scope, found)
            done = update(check_batch).where(check_batch.c.id == batch.id)
            await work.connection.execute(done.values(state=BatchState.DONE, done_at=clock.now()))
            await end_if_over(work.connection, batch.run_id)
            await work.commit()

    async def _ask_to_apply(
        self, connection: AsyncConnection, scope: int, found: Sequence[Mapping[str, Any]]
    ) -> None:
        """Ask for the jobs that apply what an administrator's rule lets be applied by itself."""
        rules = await rules_in_force(connection, scope, clock.today())
        for row in found:
            if row["outcome"] in rules:
                await enqueue(connection, APPLY, Found(row["id"], scope))


def pause_after(waited: timedelta) -> timedelta:
    """How long to leave replies alone that were waited for so long: once more as long, within limits."""
    return min(max(waited, SOONEST), LATEST)


def judge_all(holdings: Sequence[Holding], replies: Mapping[UUID, Reply]) -> list[Judged]:
    """What each holder's reply came to."""
    answers = ((each, replies.get(each.licence)) for each in holdings)
    return [Judged(each, reply, judge(each.held, reply)) for each, reply in answers]


def tally_rows(batch: Any, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """How many came to which outcome, by age."""
    today = clock.today()
    counts = Counter((each.judgement.outcome, each.holding.age(today)) for each in judged)
    return [
        {"batch_id": batch.id, "scope": batch.scope, "outcome": outcome, "age": age, "count": count}
        for (outcome, age), count in sorted(counts.items())
    ]


def discrepancy_rows(batch: Any, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """What somebody has to look at, with its evidence sealed."""
    return [_discrepancy(batch, each) for each in judged if each.judgement.outcome not in QUIET]


def _discrepancy(batch: Any, judged: Judged) -> dict[str, Any]:
    id, holding = uuid4(), judged.holding
    return {
        "id": id, "scope": batch.scope, "licence_id": holding.licence, "version": holding.version, "batch_id": batch.id,
        "source": batch.source, "outcome": judged.judgement.outcome, "state": DiscrepancyState.OPEN,
        "found_at": clock.now(),
        "sealed": seal_evidence(
            holding.secret, holding.licence, id, holding.held, judged.reply, judged.judgement
        ),
    }  # fmt: skip


async def _supersede(connection: AsyncConnection, batch: Any, judged: Sequence[Judged]) -> None:
    """What an earlier check of the same source found and nobody has looked at gives way to what is known now."""
    row = check_discrepancy.c
    within = row.licence_id.between(batch.first_id, batch.last_id) & (row.scope == batch.scope)
    earlier = select(row.id, row.licence_id).where(
        within, row.state == DiscrepancyState.OPEN, row.source == batch.source
    )
    answered = {e.holding.licence for e in judged if e.judgement.outcome is not Outcome.NOT_ANSWERED}
    gone = [id for id, licence in await connection.execute(earlier) if licence in answered]
    if gone:
        await connection.execute(
            update(check_discrepancy).where(row.id.in_(gone)).values(state=DiscrepancyState.SUPERSEDED)
        )
