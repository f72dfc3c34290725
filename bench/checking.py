"""How many holders a worker on one core checks in a second, on PostgreSQL, against a registry in its own process.

Licences are those of the benchmarks' register (`bench.loading`), the replies what a year did to some of them, by a seed
that the worker does not know. The run is planned and approved as by the office; the batches go through the queue. What
is counted: reading and opening what is held, judging, writing tallies, discrepancies and their sealed evidence.

    .venv/bin/python -m bench.checking --holders 10000 100000 [--of 200000]

`--of` takes the first holders of a greater register, if one has been loaded. `core` counts the seconds that the worker
computed, `clock` those that passed. Precision and recall compare the outcomes with the truth.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import delete, select

from bench.cluster import running_cluster
from bench.installation import Dataset
from bench.loading import load
from bench.places import SERVER_CORE
from bench.server import machine
from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal, Surface
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.opening import Checks, open_checks
from meibo.checking.outcomes import Key, Life, Number, Outcome
from meibo.checking.plans import Plan
from meibo.checking.states import RunVerb
from meibo.checking.tables import (
    check_batch,
    check_discrepancy,
)
from meibo.host import load_host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.professions.compiled import Profession

SEED = int(os.environ.get("BENCH_SEED", "20261126"))
THOUSANDTHS = (
    (Outcome.MOVED, 50), (Outcome.RENAMED, 8), (Outcome.NUMBER_CHANGED, 5), (Outcome.DEAD, 12), (Outcome.NO_MATCH, 3),
)  # fmt: skip
"""To how many of a thousand each happens in a year; a register without addresses does not see that somebody moved."""
LIMIT = 1_000_000 / 600
"""Holders a second: a million in ten minutes."""


@dataclass(slots=True)
class Registry:
    """Tells what is held, but for whoever the year did something to."""

    truth: dict[UUID, Outcome] = field(default_factory=dict)
    name: str = "bench"

    def may_ask(self, profession: Profession, day: date) -> bool:
        return True

    async def replies(
        self, batch: UUID, profession: str, asked: Mapping[UUID, Held]
    ) -> Mapping[UUID, Reply] | None:
        return {licence: self._reply(licence, held) for licence, held in asked.items()}

    def _reply(self, licence: UUID, held: Held) -> Reply:
        outcome = happened(licence)
        if outcome is Outcome.MOVED and not held.address:
            outcome = Outcome.UNCHANGED
        self.truth[licence] = outcome
        return replied(held, outcome)


def happened(licence: UUID) -> Outcome:
    """What the year did to a holder."""
    drawn = int.from_bytes(blake2b(b"%d/%s" % (SEED, licence.bytes), digest_size=4).digest()) % 1000
    for outcome, thousandths in THOUSANDTHS:
        if drawn < thousandths:
            return outcome
        drawn -= thousandths
    return Outcome.UNCHANGED


def replied(held: Held, outcome: Outcome) -> Reply:
    """The reply about somebody to whom that happened."""
    if outcome is Outcome.NO_MATCH:
        return Reply(Key.NUMBER)
    is_renamed = outcome is Outcome.RENAMED
    told = Told(
        name=f"改姓　{held.given_name}" if is_renamed else held.name,
        kana=f"カイセイ　{held.given_name_kana}" if is_renamed else held.kana,
        birth_date=held.birth_date,
        sex=held.sex,
        address="見本県見本市一丁目2番3号" if outcome is Outcome.MOVED else held.address,
        life=Life.DEAD if outcome is Outcome.DEAD else Life.LIVING,
        number=Number.CHANGED if outcome is Outcome.NUMBER_CHANGED else Number.SAME,
    )
    return Reply(Key.NUMBER, (told,))


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: holders, seconds of approval (batches are made then), of the clock and of the worker's core."""

    holders: int
    approval: float
    clock: float
    core: float
    outcomes: Counter[Outcome]

    def __str__(self) -> str:
        each, core = self.clock / self.holders * 1e6, self.core / self.holders * 1e6
        told = ", ".join(f"{outcome} {count:,}" for outcome, count in sorted(self.outcomes.items()))
        return (
            f"{self.holders:>9,} holders: {self.holders / self.clock:7,.0f} /s by the clock ({each:.0f} µs a holder),"
            f" {core:.0f} µs of the worker's core; approval {self.approval:.1f} s\n            {told}"
        )


async def measure(installation: Installation, holders: int) -> Measured:
    """Plan, approve and work off a run about so many holders."""
    registry, i = Registry(), installation
    checks = open_checks(i.register, i.scopes, i.keys, i.office, i.guard, [registry], "bench")
    planner, approver = (_officer(account) for account in ("planner", "approver"))
    run = await checks.runs.plan(planner, Plan(source="bench", professions=("doctor",), per_day=holders))
    begun = time.perf_counter()
    await checks.runs.act(approver, RunVerb.APPROVE, run.id)
    approved, core = time.perf_counter(), time.process_time()
    worker = Worker(installation.register, checks.handlers)
    while await worker.run_one():
        pass
    ended, used = time.perf_counter(), time.process_time() - core
    report = await checks.runs.report(planner, run.id)
    counted = Counter({outcome: count for outcome, count in report.by_outcome.items() if count})
    await _compare(installation, checks, registry, run.id)
    return Measured(counted.total(), approved - begun, ended - approved, used, counted)


async def _compare(installation: Installation, checks: Checks, registry: Registry, run: UUID) -> None:
    """Print precision and recall of each outcome that somebody has to look at."""
    row, batch = check_discrepancy.c, check_batch.c
    statement = (
        select(row.licence_id, row.outcome)
        .join(check_batch, batch.id == row.batch_id)
        .where(batch.run_id == run)
    )
    async with installation.register.read(installation.scopes.numbers.values()) as connection:
        found = {licence: Outcome(outcome) for licence, outcome in await connection.execute(statement)}
    for outcome, _ in THOUSANDTHS:
        said = {licence for licence, each in found.items() if each is outcome}
        true = {licence for licence, each in registry.truth.items() if each is outcome}
        if said or true:
            right = len(said & true)
            print(
                f"  {outcome:<15} precision {right / max(len(said), 1):.4f}, recall {right / max(len(true), 1):.4f}"
            )


def _officer(account: str) -> Principal:
    return Principal(
        account, "bench", "bench", Surface.COMMAND, ROLES[Role.ADMINISTRATOR], frozenset({"doctor"})
    )


async def forget(installation: Installation) -> None:
    """Take back what a measurement wrote, as the owner of the tables."""
    scope = installation.scopes.numbers.values()
    async with installation.register.write(scope) as work:
        await work.connection.execute(delete(job))
        await work.connection.execute(delete(check_discrepancy))
        await work.commit()


async def _measure_all(dataset: Dataset, holders: list[int]) -> None:
    async with open_installation(dataset.settings, load_host()) as installation:
        for count in holders:
            await forget(installation)
            print(await measure(installation, count), flush=True)
        await forget(installation)


def main() -> None:
    """Measure as many holders as are asked for, each of a register of that size or of a greater one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--holders", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument(
        "--of", type=int, help="Holders of the register; as many as are checked, if left out."
    )
    given = parser.parse_args()
    os.sched_setaffinity(0, {SERVER_CORE})
    print(machine(), f"load {os.getloadavg()[0]:.1f}; wanted: {LIMIT:,.0f} /s")
    with running_cluster() as cluster:
        for size in [given.of] if given.of else given.holders:
            dataset = Dataset(cluster, size, narrow=True)
            load(dataset, print)
            asyncio.run(_measure_all(dataset, given.holders if given.of else [size]))


if __name__ == "__main__":
    main()
