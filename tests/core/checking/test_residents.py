"""A check at the resident-record network's stand-in: over HTTP, by the vault's own files, to the outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from meibo import clock
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import Plan
from meibo.checking.rows import Run
from meibo.checking.states import RunState, RunVerb
from meibo.checking.tables import check_batch
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.linkage.residents.tables import resident_run
from meibo_sandbox.residents import Resident
from meibo_sandbox.world.numbers import individual_number, resident_code
from tests.core.checking.standins import APPROVER, PLANNER
from tests.core.linkage.residents.conftest import HANAKO, TARO, World
from tests.core.linkage.residents.conftest import world as world

PLAN = Plan(source="residents", professions=("doctor",))
NUMBERS = [individual_number(n) for n in range(9)]
CODES = [resident_code(n) for n in range(9)]
BORN: dict[str, dict[str, Any]] = {
    "taro": {"given_name": "太郎", "given_name_kana": "タロウ", "birth_date": "1950-05-03", "sex_code": "1"},
}


async def begun(world: World) -> Run:
    """A check that two people want."""
    runs = world.installation.checks.runs
    planned = await runs.plan(PLANNER, PLAN)
    return await runs.act(APPROVER, RunVerb.APPROVE, planned.id)


async def work(world: World, rounds: int = 4) -> None:
    """Whatever waits is due, a few times over: files go out, come back, and are looked for."""
    worker = Worker(world.installation.register, world.installation.handlers)
    for _ in range(rounds):
        async with world.installation.register.write() as unit:
            waits = job.c.state.in_(("waiting", "running"))
            await unit.connection.execute(update(job).where(waits).values(due_at=clock.now()))
            await unit.connection.commit()
        while await worker.run_one():
            pass


async def found(world: World) -> dict[UUID, Outcome]:
    """licence -> outcome of what somebody has to look at."""
    return {
        each.licence: each.outcome for each in (await world.installation.checks.queue.listed(PLANNER)).nodes
    }


async def outcomes(world: World, run: Run) -> dict[Outcome, int]:
    report = await world.installation.checks.runs.report(PLANNER, run.id)
    assert report.run.state is RunState.DONE
    return {outcome: count for outcome, count in report.by_outcome.items() if count}


async def test_the_network_tells_what_happened(world: World) -> None:
    renamed = Resident("変更　次郎", "ヘンコウ　ジロウ", "1970-07-07", "1", "東京都", NUMBERS[1], CODES[1])
    changed = replace(renamed, name="見本　三郎", kana="ミホン　サブロウ", individual_number=NUMBERS[3],
                      resident_code=CODES[3], former_numbers=(NUMBERS[2],))  # fmt: skip
    outside = replace(renamed, individual_number=NUMBERS[4], resident_code=CODES[4], refuses=True)
    world.network.register.residents.extend([renamed, changed, outside])  # type: ignore[attr-defined]
    man = {"birth_date": "1970-07-07", "sex_code": "1"}
    await world.doctors.enter("500001", HANAKO.individual_number)
    taro = await world.doctors.enter("500002", TARO.individual_number, **BORN["taro"])
    jiro = await world.doctors.enter(
        "500003", renamed.individual_number, given_name="次郎", given_name_kana="ジロウ", **man
    )
    saburo = await world.doctors.enter(
        "500004", NUMBERS[2], given_name="三郎", given_name_kana="サブロウ", **man
    )
    unknown = await world.doctors.enter("500005", NUMBERS[5])
    other = await world.doctors.enter("500006", "987654321093")
    await world.doctors.enter("500007", outside.individual_number)
    nobody = await world.doctors.enter("500008", family_name="別", birth_date="1971-01-01")
    run = await begun(world)
    await work(world)
    assert await outcomes(world, run) == {
        Outcome.UNCHANGED: 1,
        Outcome.DEAD: 1,
        Outcome.RENAMED: 1,
        Outcome.NUMBER_CHANGED: 1,
        Outcome.NO_MATCH: 2,
        Outcome.AMBIGUOUS: 1,
        Outcome.NON_PARTICIPATING: 1,
    }
    assert await found(world) == {
        taro: Outcome.DEAD,
        jiro: Outcome.RENAMED,
        saburo: Outcome.NUMBER_CHANGED,
        unknown: Outcome.NO_MATCH,
        nobody: Outcome.NO_MATCH,
        other: Outcome.AMBIGUOUS,
    }


async def test_a_batch_is_one_file_however_often_it_is_looked_for(world: World) -> None:
    await world.doctors.enter("500001", HANAKO.individual_number)
    run = await begun(world)
    source = world.installation.checks.batches.sources["residents"]
    await work(world, rounds=1)
    async with world.installation.register.read([world.scope]) as connection:
        [kept] = await connection.execute(select(resident_run))
        [batch] = await connection.execute(select(check_batch))
        assert await connection.scalar(select(func.count()).select_from(resident_run)) == 1
    assert (kept.requested_by, kept.decided_by, kept.size) == ("check", "check", 1)
    for _ in range(2):
        replies = await source.replies(batch.id, "doctor", {})
    assert replies is not None
    await work(world)
    assert await outcomes(world, run) == {Outcome.UNCHANGED: 1}
    assert len({id for id, _ in world.network.came}) == 1


async def test_a_profession_asks_only_where_an_article_lets_it(world: World) -> None:
    source = world.installation.checks.batches.sources["residents"]
    doctor = world.installation.host["doctor"]
    without = replace(doctor, plugin=replace(doctor.plugin, legal_bases=()))
    assert source.may_ask(doctor, clock.today())
    assert not source.may_ask(doctor, date(1999, 1, 1))
    assert not source.may_ask(without, clock.today())
