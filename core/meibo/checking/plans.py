"""Whom a run asks about: a plan, what it would come to, and its batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.checking.holdings import standing_licences
from meibo.checking.sources import Source
from meibo.checking.states import BatchState
from meibo.checking.tables import check_batch
from meibo.errors import Finding, FindingCode
from meibo.professions.compiled import Profession
from meibo.register.fold import State

MOST_PER_BATCH = 1_000
"""Holders of a batch: one question to the registry, one statement, one commit."""
MOST_PER_DAY = 10_000_000
STANDING = (State.REGISTERED, State.SUSPENDED)
LIVING = (State.REGISTERED, State.SUSPENDED, State.REVOKED)
"""Standings of which a plan may ask: somebody who was struck off is nobody's holder any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which registry is asked about whom: so many holders a day, so many of them at once."""

    source: str
    professions: tuple[str, ...]
    standings: tuple[State, ...] = STANDING
    per_day: int = 100_000
    per_batch: int = MOST_PER_BATCH

    def findings(self, sources: Mapping[str, Source], known: Mapping[str, Profession]) -> Iterator[Finding]:
        """Why it cannot be carried out, one finding for each reason."""
        if self.source not in sources:
            yield finding(
                "source", "照会先を選んでください。", "There is no such source.", FindingCode.NOT_FOUND
            )
        if not self.professions or not known.keys() >= set(self.professions):
            yield finding("professions", "資格を選んでください。", "Name professions that are installed.")
        elif self.source in sources:
            yield from self._against_law(sources[self.source], known)
        if not self.standings or not set(LIVING) >= set(self.standings):
            yield finding(
                "standings",
                "照会できる登録の状態を選んでください。",
                "Name standings of licences that are not struck off.",
            )
        if not 1 <= self.per_day <= MOST_PER_DAY:
            yield finding(
                "per_day",
                f"1日の人数は1から{MOST_PER_DAY}までにしてください。",
                f"Ask about 1 to {MOST_PER_DAY} holders a day.",
            )
        if not 1 <= self.per_batch <= MOST_PER_BATCH:
            yield finding(
                "per_batch",
                f"1回の照会は1から{MOST_PER_BATCH}人までにしてください。",
                f"Ask about 1 to {MOST_PER_BATCH} holders at once.",
            )

    def _against_law(self, source: Source, known: Mapping[str, Profession]) -> Iterator[Finding]:
        """A finding where a profession may not ask the source today."""
        if not all(source.may_ask(known[code], clock.today()) for code in self.professions):
            yield finding(
                "professions",
                "この照会先に照会できない資格が含まれています。",
                "No article that holds today lets each of these professions ask this source.",
                FindingCode.RULE_BROKEN,
                "check.legal_basis",
            )


@dataclass(frozen=True, slots=True)
class Class:
    """A class of holders, and how many it has."""

    profession: str
    standing: State
    count: int


def finding(
    path: str, ja: str, en: str, code: FindingCode = FindingCode.INVALID_VALUE, rule: str = ""
) -> Finding:
    """A finding about a check."""
    return Finding(path, ja, en, code, rule or f"check.{path}")


async def classes_of(
    connection: AsyncConnection, profession: str, scope: int, plan: Plan, day: date
) -> list[Class]:
    """How many holders of a profession a plan would ask about, by standing."""
    chosen = standing_licences(scope, plan.standings, day).subquery()
    counted = select(chosen.c.state, func.count()).group_by(chosen.c.state).order_by(chosen.c.state)
    return [Class(profession, State(state), count) for state, count in await connection.execute(counted)]


async def add_batches(
    connection: AsyncConnection, run: UUID, scope: int, plan: Plan, day: date, first: int
) -> int:
    """Divide a profession's holders into batches, numbered from `first`; gives the next number. One statement finds
    their bounds, however many there are."""
    chosen, size = standing_licences(scope, plan.standings, day).subquery(), plan.per_batch
    place = func.row_number().over(order_by=chosen.c.id).label("place")
    placed = select(chosen.c.id, place).subquery()
    bound = ((placed.c.place - 1) % size == 0) | (placed.c.place % size == 0)
    total = await connection.scalar(select(func.count()).select_from(chosen))
    found = select(placed.c.id, placed.c.place).where(bound | (placed.c.place == total))
    ids = {at: id for id, at in await connection.execute(found)}
    rows = [
        {
            "id": uuid4(), "scope": scope, "run_id": run, "number": number, "first_id": ids[start],
            "last_id": ids[min(start + size - 1, total or 0)], "size": min(size, (total or 0) - start + 1),
            "state": BatchState.PLANNED,
        }
        for number, start in enumerate(range(1, (total or 0) + 1, size), first)
    ]  # fmt: skip
    if rows:
        await connection.execute(insert(check_batch), rows)
    return first + len(rows)
