"""Runs as they are kept, and read back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.checking.outcomes import Outcome
from meibo.checking.plans import Plan
from meibo.checking.states import BatchState, RunState
from meibo.checking.tables import check_batch, check_run, check_tally
from meibo.database.walking import Order
from meibo.register.fold import State

ORDER = Order((check_run.c.planned_at, check_run.c.id), newest_first=True)


@dataclass(frozen=True, slots=True)
class Run:
    """A check of many holders: its plan, where it stands, and who planned and approved it."""

    id: UUID
    plan: Plan
    state: RunState
    planned_at: datetime
    planned_by: str
    approved_at: datetime | None
    approved_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many holders of a profession and a decade of age (-1: not known) came to an outcome."""

    profession: str
    outcome: Outcome
    age: int
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many batches, and holders in them, stand so."""

    state: BatchState
    batches: int
    holders: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has come to: how far it is, and holders by outcome."""

    run: Run
    progress: tuple[Progress, ...]
    tallies: tuple[Tally, ...]

    @property
    def batches(self) -> dict[str, int]:
        """Batches by state."""
        return {each.state: each.batches for each in self.progress}

    @property
    def by_outcome(self) -> dict[Outcome, int]:
        """How many holders came to each outcome; all of them are named."""
        return {
            outcome: sum(each.count for each in self.tallies if each.outcome is outcome)
            for outcome in Outcome
        }


def run_of(row: Row[Any]) -> Run:
    """A run from its row."""
    plan = Plan(
        source=row.source, professions=tuple(row.professions.split()),
        standings=tuple(map(State, row.standings.split())), per_day=row.per_day,
        per_batch=row.per_batch,
    )  # fmt: skip
    return Run(
        row.id, plan, RunState(row.state), row.planned_at, row.planned_by, row.approved_at, row.approved_by,
        row.ended_at,
    )  # fmt: skip


async def find_run(connection: AsyncConnection, id: UUID) -> Run | None:
    """The run of an id."""
    found = (await connection.execute(select(check_run).where(check_run.c.id == id))).one_or_none()
    return None if found is None else run_of(found)


def runs_within(professions: Collection[str]) -> Select[Any]:
    """The runs that ask about these professions and about no other."""
    asked: ColumnElement[str] = literal(" ") + func.replace(check_run.c.professions, " ", "  ") + literal(" ")
    for code in professions:
        asked = func.replace(asked, f" {code} ", "")
    return select(check_run).where(asked == "")


async def report_of(connection: AsyncConnection, run: Run, codes: dict[int, str]) -> Report:
    """What a run has come to, of the professions by their numbers."""
    batch, tally = check_batch.c, check_tally.c
    states = await connection.execute(
        select(batch.state, func.count(), func.sum(batch.size))
        .where(batch.run_id == run.id)
        .group_by(batch.state)
        .order_by(batch.state)
    )
    progress = tuple(Progress(BatchState(state), many, int(holders)) for state, many, holders in states)
    shape = (tally.scope, tally.outcome, tally.age)
    counts = await connection.execute(
        select(*shape, func.sum(tally.count))
        .join(check_batch, batch.id == tally.batch_id)
        .where(batch.run_id == run.id, tally.scope.in_(list(codes)))
        .group_by(*shape)
        .order_by(*shape)
    )
    tallies = tuple(Tally(codes[scope], Outcome(out), age, int(count)) for scope, out, age, count in counts)
    return Report(run, progress, tallies)
