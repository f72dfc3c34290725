"""How many holders are checked in a second against the resident-record network, on PostgreSQL, all on this machine.

Everything is as in operation: workers are `meibo worker`, the vault opens each number and writes the encrypted file,
the sandbox's stand-in answers in a process of its own, the reply is opened, filed sealed, read back, judged. A run is
planned and approved as by the office; the clock goes from the approval to the end of the run.

    .venv/bin/python -m bench.checking --holders 10000 100000 1000000 [--of 1000000] [--workers 2]

`--of` takes the first holders of a greater register. What each process computed is counted too. Precision and recall
compare the outcomes with the truth, which no worker knows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update

from bench.cluster import cpu_seconds, running_cluster
from bench.installation import Dataset, environment
from bench.loading import load
from bench.numbering import number
from bench.places import CORES
from bench.residents import THOUSANDTHS, Serving, happened, serving
from bench.server import MEIBO, machine
from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal, Surface
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import Plan
from meibo.checking.rows import Report
from meibo.checking.states import RunState, RunVerb
from meibo.checking.tables import check_batch, check_discrepancy, check_run
from meibo.demo.holders import FIRST_NUMBER
from meibo.host import load_host
from meibo.installation import Installation, open_installation
from meibo.jobs.tables import job
from meibo.link import breaker
from meibo.linkage.residents.exchange import CONNECTOR
from meibo.register.tables import licence

LIMIT = 1_000_000 / 600
"""Holders a second: a million in ten minutes."""
AT_ONCE = 2
"""Jobs of a worker side by side: while one waits for the database or the network, another computes."""
LOOK_SECONDS = 1.0
STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: holders, seconds of the clock and those of the approval among them, which divides the whole register into
    batches, and what each process computed after it."""

    run: UUID
    holders: int
    approval: float
    clock: float
    computed: Mapping[str, float]
    outcomes: Counter[Outcome]

    def __str__(self) -> str:
        told = ", ".join(f"{outcome} {count:,}" for outcome, count in sorted(self.outcomes.items()))
        cores = ", ".join(f"{name} {self._each(seconds):.0f}" for name, seconds in self.computed.items())
        return (
            f"{self.holders:>9,} holders in {self.clock:,.1f} s: {self.holders / self.clock:7,.0f} /s by the clock;"
            f" {self.approval:.1f} s of them the approval\n"
            f"            after it {self._each(self.clock - self.approval):.0f} µs of the clock a holder,"
            f" {self._each(sum(self.computed.values())):.0f} µs of the cores: {cores}\n"
            f"            {told}"
        )

    def _each(self, seconds: float) -> float:
        """Microseconds a holder."""
        return seconds / self.holders * 1e6


@dataclass(frozen=True, slots=True)
class Working:
    """An installation, and the processes that work for it."""

    installation: Installation
    processes: Mapping[str, int]

    def computed(self) -> dict[str, float]:
        """Seconds that each process has computed so far, with its children."""
        return {name: cpu_seconds(pid) for name, pid in self.processes.items()}

    async def measure(self, holders: int) -> Measured:
        """Plan and approve a run, and wait until so many holders are through."""
        runs = self.installation.checks.runs
        planner, approver = (_officer(account) for account in ("planner", "approver"))
        run = await runs.plan(planner, Plan(source="residents", professions=("doctor",), per_day=holders))
        begun = time.perf_counter()
        await runs.act(approver, RunVerb.APPROVE, run.id)
        before, approved = self.computed(), time.perf_counter()
        report = await runs.report(planner, run.id)
        while not _is_over(report, holders):
            await asyncio.sleep(LOOK_SECONDS)
            report = await runs.report(planner, run.id)
        ended, after = time.perf_counter(), self.computed()
        computed = {name: after[name] - before[name] for name in after}
        counted = Counter({outcome: count for outcome, count in report.by_outcome.items() if count})
        if report.run.state is RunState.RUNNING:
            await runs.act(planner, RunVerb.END, run.id)
        return Measured(run.id, counted.total(), approved - begun, ended - begun, computed, counted)


def _is_over(report: Report, holders: int) -> bool:
    """Whether a run has ended, or its first day's holders are through."""
    done = sum(each.holders for each in report.progress if each.state == "done")
    return report.run.state is not RunState.RUNNING or done >= holders


async def _forget(installation: Installation) -> None:
    """Take back what is left to do of a measurement that was broken off."""
    async with installation.register.write(installation.scopes.numbers.values()) as work:
        await work.connection.execute(delete(job))
        await breaker.switch(work.connection, CONNECTOR, paused=False)
        await work.connection.execute(update(check_run).values(state=RunState.ENDED))
        await work.commit()


async def _compare(installation: Installation, run: UUID) -> None:
    """Print precision and recall of each outcome that somebody has to look at."""
    pairs = [pair async for pair in _judged(installation, run)]
    for outcome, _ in THOUSANDTHS:
        said, true = sum(s == outcome for _, s in pairs), sum(t == outcome for t, _ in pairs)
        right = sum(s == outcome == t for t, s in pairs)
        if said or true:
            print(f"  {outcome:<15} precision {right / max(said, 1):.4f}, recall {right / max(true, 1):.4f}")


async def _judged(installation: Installation, run: UUID) -> AsyncIterator[tuple[Outcome, str | None]]:
    """(what happened, what the run says) of everybody who was checked, a batch at a time."""
    row, batch, of = check_discrepancy.c, check_batch.c, licence.c
    scope = installation.scopes.of("doctor")
    done = select(batch.id, batch.first_id, batch.last_id).where(batch.run_id == run, batch.state == "done")
    async with installation.register.read([scope]) as connection:
        for id, first, last in (await connection.execute(done)).all():
            asked = (
                select(of.registration_number, row.outcome)
                .select_from(licence)
                .outerjoin(check_discrepancy, (row.licence_id == of.id) & (row.batch_id == id))
                .where(of.scope == scope, of.id.between(first, last))
            )
            for number, outcome in await connection.execute(asked):
                yield happened(int(number) - FIRST_NUMBER), outcome


def _officer(account: str) -> Principal:
    return Principal(
        account, "bench", "bench", Surface.COMMAND, ROLES[Role.ADMINISTRATOR], frozenset({"doctor"})
    )


@contextmanager
def working(given: Mapping[str, str], count: int) -> Iterator[list[int]]:
    """So many workers with these settings, ready, until the block ends; gives their processes."""
    command = [MEIBO, "worker", "--at-once", str(AT_ONCE)]
    started = [
        subprocess.Popen(command, env=environment(given), stdout=subprocess.PIPE)  # noqa: S603 - Our own.
        for _ in range(count)
    ]
    try:
        for each in started:
            assert each.stdout
            each.stdout.readline()
        yield [each.pid for each in started]
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(STOP_SECONDS)


async def _measure_all(dataset: Dataset, holders: list[int], workers: int) -> None:
    async with open_installation(dataset.settings, load_host()) as plain:
        await _forget(plain)
        keys, folder = plain.residents.keys, plain.settings.path("link")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        network: Serving = stack.enter_context(serving(keys))
        (folder / f"{CONNECTOR}.jwks.json").write_text(json.dumps(network.jwks))
        given = dict(dataset.given) | {"link_addresses": f"{CONNECTOR}={network.address}"}
        pids = stack.enter_context(working(given, workers))
        processes = {f"worker {n}": pid for n, pid in enumerate(pids, 1)}
        processes |= {"stand-in": network.pid, "PostgreSQL": dataset.cluster.pid}
        async with open_installation(dataset.settings, load_host()) as installation:
            for count in holders:
                measured = await Working(installation, processes).measure(count)
                print(measured, flush=True)
                await _compare(installation, measured.run)


def main() -> None:
    """Measure as many holders as are asked for, each of a register of that size or of a greater one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--holders", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--of", type=int, help="Holders of the register; as many as are checked, if left out."
    )
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    print(machine(), f"load {os.getloadavg()[0]:.1f}; wanted: {LIMIT:,.0f} /s")
    with running_cluster(*CORES) as cluster:
        for size in [given.of] if given.of else given.holders:
            dataset = Dataset(cluster, size, narrow=True)
            load(dataset, print)
            number(dataset, print)
            asyncio.run(_measure_all(dataset, given.holders if given.of else [size], given.workers))


if __name__ == "__main__":
    main()
