"""Runs: planned by one person, approved by another, a day's portion a day, and a report that adds up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text, update

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind, decode
from meibo.checking.batches import pause_after
from meibo.checking.facts import Reply
from meibo.checking.outcomes import Key, Life, Number, Outcome
from meibo.checking.plans import Class, Plan
from meibo.checking.portions import CHECK, begin_portion
from meibo.checking.rows import Run, Tally
from meibo.checking.runs import Runs
from meibo.checking.states import RunState, RunVerb
from meibo.checking.tables import check_batch, check_run
from meibo.database.paging import Page, PageRequest
from meibo.database.stores import Store
from meibo.errors import FindingCode, Forbidden, NotFound, Refused
from meibo.jobs.tables import job
from meibo.register.fold import State, Verb
from tests.core.checking.standins import APPROVER, PLAN, PLANNER, Checked, Registry
from tests.core.register.doctors import Doctors
from tests.installed import principal

BORN = clock.today().year - 1990


async def test_a_dry_run_counts_by_class_and_sends_nothing(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    first, _, third = [await doctors.enter(str(500_001 + n)) for n in range(3)]
    await doctors.act(first, Verb.SUSPEND)
    await doctors.act(third, Verb.STRIKE_OFF)
    found = await checked.checks.runs.estimate(PLANNER, PLAN)
    assert found == [Class("doctor", State.REGISTERED, 1), Class("doctor", State.SUSPENDED, 1)]
    await checked.work()
    assert registry.asked == {}
    assert (await checked.checks.runs.listed(PLANNER)).nodes == []


async def test_each_holder_comes_to_an_outcome_and_the_report_adds_up(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    who = [await doctors.enter(str(500_001 + n)) for n in range(9)]
    registry.happened = {
        who[1]: {"name": "変更　花子", "kana": "ヘンコウ　ハナコ"},
        who[2]: {"life": Life.DEAD},
        who[3]: {"number": Number.CHANGED},
        who[4]: {"name": "見本　月子", "kana": "ミホン　ツキコ"},
    }
    registry.replies_of = {who[5]: Reply(Key.NUMBER), who[6]: Reply(Key.NUMBER, non_participating=True)}
    registry.silent = {who[7]}
    run = await checked.run(replace(PLAN, per_batch=2))
    registry.late = True
    await checked.work()
    assert await checked.outcomes(run) == {}
    registry.late = False
    await make_due(checked)
    async with checked.installation.register.write(checked.installation.scopes.numbers.values()) as work:
        asked = clock.now() - timedelta(days=8)
        await work.connection.execute(update(check_batch).values(asked_at=asked))
        await work.commit()
    await checked.work()
    report = await checked.checks.runs.report(PLANNER, run.id)
    age = BORN // 10 * 10
    assert set(report.tallies) == {
        Tally("doctor", outcome, age, 2 if outcome is Outcome.UNCHANGED else 1)
        for outcome in Outcome
        if outcome is not Outcome.MOVED
    }
    assert report.batches == {"done": 5}
    assert (report.run.state, report.run.approved_by) == (RunState.DONE, "approver")
    found = (await checked.checks.queue.listed(PLANNER)).nodes
    assert {each.licence: each.outcome for each in found} == {
        who[1]: Outcome.RENAMED,
        who[2]: Outcome.DEAD,
        who[3]: Outcome.NUMBER_CHANGED,
        who[4]: Outcome.AMBIGUOUS,
        who[5]: Outcome.NO_MATCH,
    }


async def make_due(checked: Checked) -> None:
    async with checked.installation.register.write() as work:
        await work.connection.execute(update(job).values(due_at=clock.now()).where(job.c.state == "waiting"))
        await work.commit()


async def test_a_day_has_its_portion_and_begins_once(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    for n in range(5):
        await doctors.enter(str(500_001 + n))
    run = await checked.run(replace(PLAN, per_day=2, per_batch=1))
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": 2}
    today, numbers = clock.today(), checked.installation.scopes.numbers.values()
    begun = []
    for day in (today, today + timedelta(days=1), today + timedelta(days=1), today + timedelta(days=2)):
        async with checked.installation.register.write(numbers) as work:
            begun.append(await begin_portion(work.connection, CHECK, run.id, day))
            await work.commit()
    assert begun == [0, 2, 0, 1]
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": 5}
    assert sorted(len(licences) for licences in registry.asked.values()) == [1] * 5


async def test_the_job_of_the_day_begins_a_portion(doctors: Doctors, checked: Checked) -> None:
    for n in range(2):
        await doctors.enter(str(500_001 + n))
    run = await checked.run(replace(PLAN, per_day=1, per_batch=1))
    async with checked.installation.register.write() as work:
        yesterday = clock.today() - timedelta(days=1)
        await work.connection.execute(update(check_run).values(portion_date=yesterday))
        await work.commit()
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": 2}


async def test_who_planned_a_run_does_not_approve_it(doctors: Doctors, checked: Checked) -> None:
    await doctors.enter()
    planned = await checked.checks.runs.plan(PLANNER, PLAN)
    with pytest.raises(Refused) as refusal:
        await checked.checks.runs.act(PLANNER, RunVerb.APPROVE, planned.id)
    [finding] = refusal.value.findings
    assert (finding.code, finding.rule) == (FindingCode.NEEDS_SECOND_PERSON, "check.second_person")
    assert (await checked.checks.runs.listed(PLANNER)).nodes == [planned]
    assert (LeafKind.REFUSAL, "check.approve", "check.second_person") in await leaves(checked)


STEPS: list[tuple[list[RunVerb], RunState]] = [
    ([], RunState.PLANNED),
    ([RunVerb.APPROVE], RunState.RUNNING),
    ([RunVerb.APPROVE, RunVerb.PAUSE], RunState.PAUSED),
    ([RunVerb.APPROVE, RunVerb.PAUSE, RunVerb.RESUME], RunState.RUNNING),
    ([RunVerb.END], RunState.ENDED),
    ([RunVerb.APPROVE, RunVerb.PAUSE, RunVerb.END], RunState.ENDED),
]
ALLOWED = {
    RunState.PLANNED: {RunVerb.APPROVE, RunVerb.END},
    RunState.RUNNING: {RunVerb.PAUSE, RunVerb.END},
    RunState.PAUSED: {RunVerb.RESUME, RunVerb.END},
    RunState.ENDED: set(),
}


@pytest.mark.parametrize(("verbs", "state"), STEPS)
async def test_a_state_allows_its_verbs_and_no_others(
    doctors: Doctors, checked: Checked, verbs: list[RunVerb], state: RunState
) -> None:
    await doctors.enter()
    runs = checked.checks.runs
    run = await runs.plan(PLANNER, PLAN)
    for verb in verbs:
        run = await runs.act(APPROVER, verb, run.id)
    assert run.state is state
    for verb in set(RunVerb) - ALLOWED[state]:
        with pytest.raises(Refused) as refusal:
            await runs.act(APPROVER, verb, run.id)
        assert [f.code for f in refusal.value.findings] == [FindingCode.WRONG_STATE]
        assert (await runs.listed(PLANNER)).nodes == [run]


async def test_a_run_that_is_paused_asks_nobody_until_it_goes_on(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    await doctors.enter()
    run = await checked.run()
    await checked.checks.runs.act(PLANNER, RunVerb.PAUSE, run.id)
    await checked.work()
    assert registry.asked == {}
    await checked.checks.runs.act(APPROVER, RunVerb.RESUME, run.id)
    await make_due(checked)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": 1}


async def test_a_run_that_was_ended_asks_nobody_any_more(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    await doctors.enter()
    run = await checked.run()
    await checked.checks.runs.act(PLANNER, RunVerb.END, run.id)
    await checked.work()
    assert registry.asked == {}
    assert (await checked.checks.runs.report(PLANNER, run.id)).batches == {"asked": 1}


async def test_a_registry_that_is_down_is_asked_again(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    await doctors.enter()
    run = await checked.run()
    registry.down = True
    await checked.work()
    assert await checked.outcomes(run) == {}
    registry.down = False
    await make_due(checked)
    await checked.work()
    assert await checked.outcomes(run) == {"unchanged": 1}


BAD: dict[str, tuple[Plan, str]] = {
    "a source that is none": (replace(PLAN, source="rumour"), "source"),
    "no profession": (replace(PLAN, professions=()), "professions"),
    "another profession": (replace(PLAN, professions=("dentist",)), "professions"),
    "no standing": (replace(PLAN, standings=()), "standings"),
    "those struck off": (replace(PLAN, standings=(State.STRUCK_OFF,)), "standings"),
    "none a day": (replace(PLAN, per_day=0), "per_day"),
    "too many at once": (replace(PLAN, per_batch=1_001), "per_batch"),
}


@pytest.mark.parametrize(("plan", "path"), BAD.values(), ids=BAD)
async def test_a_plan_that_cannot_be_is_refused(checked: Checked, plan: Plan, path: str) -> None:
    everywhere = principal(Role.ADMINISTRATOR, {"doctor", "dentist"})
    for asking in (checked.checks.runs.plan, checked.checks.runs.estimate):
        with pytest.raises(Refused) as refusal:
            await asking(everywhere, plan)
        assert [f.path for f in refusal.value.findings] == [path]
    assert (await checked.checks.runs.listed(PLANNER)).nodes == []


async def test_a_profession_that_no_law_lets_ask_is_refused(checked: Checked, registry: Registry) -> None:
    registry.barred = frozenset({"doctor"})
    with pytest.raises(Refused) as refusal:
        await checked.checks.runs.plan(PLANNER, PLAN)
    assert [f.rule for f in refusal.value.findings] == ["check.legal_basis"]
    assert (await checked.checks.runs.listed(PLANNER)).nodes == []


async def test_a_run_about_nobody_is_not_begun(checked: Checked) -> None:
    planned = await checked.checks.runs.plan(PLANNER, PLAN)
    with pytest.raises(Refused) as refusal:
        await checked.checks.runs.act(APPROVER, RunVerb.APPROVE, planned.id)
    assert [f.code for f in refusal.value.findings] == [FindingCode.NOT_FOUND]
    assert (await checked.checks.runs.listed(PLANNER)).nodes == [planned]


async def test_there_is_no_other_run(checked: Checked) -> None:
    with pytest.raises(NotFound):
        await checked.checks.runs.report(PLANNER, uuid4())


Asking = Callable[[Checked, Any, Any], Any]
DEMANDED: dict[Permission, list[Asking]] = {
    Permission.CHECK_PLAN: [
        lambda c, who, run: c.checks.runs.plan(who, PLAN),
        lambda c, who, run: c.checks.runs.estimate(who, PLAN),
        lambda c, who, run: c.checks.runs.act(who, RunVerb.PAUSE, run.id),
        lambda c, who, run: c.checks.runs.act(who, RunVerb.END, run.id),
    ],
    Permission.CHECK_APPROVE: [
        lambda c, who, run: c.checks.runs.act(who, RunVerb.APPROVE, run.id),
        lambda c, who, run: c.checks.runs.act(who, RunVerb.RESUME, run.id),
    ],
    Permission.CHECK_READ: [
        lambda c, who, run: c.checks.runs.listed(who),
        lambda c, who, run: c.checks.runs.report(who, run.id),
    ],
}


@pytest.mark.parametrize("permission", DEMANDED)
async def test_each_verb_demands_its_permission(
    doctors: Doctors, checked: Checked, permission: Permission
) -> None:
    await doctors.enter()
    planned = await checked.checks.runs.plan(PLANNER, PLAN)
    without = principal(Role.ADMINISTRATOR, without=frozenset({permission}), account="other")
    for asking in DEMANDED[permission]:
        with pytest.raises(Forbidden) as refusal:
            await asking(checked, without, planned)
        assert refusal.value.permission == permission
    assert (await checked.checks.runs.listed(PLANNER)).nodes == [planned]


@pytest.mark.parametrize(("waited", "pause"), [(0, 2), (2, 2), (30, 30), (300, 300), (86_400, 300)])
def test_replies_are_looked_for_soon_at_first_and_then_every_five_minutes(waited: int, pause: int) -> None:
    assert pause_after(timedelta(seconds=waited)) == timedelta(seconds=pause)


async def test_a_run_of_other_professions_is_nobodys_business(doctors: Doctors, checked: Checked) -> None:
    planned = await checked.checks.runs.plan(PLANNER, PLAN)
    elsewhere = principal(Role.ADMINISTRATOR, {"dentist"})
    assert (await checked.checks.runs.listed(elsewhere)).nodes == []
    for asking in (checked.checks.runs.report(elsewhere, planned.id),
                   checked.checks.runs.act(elsewhere, RunVerb.APPROVE, planned.id)):  # fmt: skip
        with pytest.raises(Forbidden):
            await asking


async def leaves(checked: Checked) -> set[tuple[LeafKind, str, str]]:
    async with checked.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(text("SELECT body FROM audit_leaf"))).all()
    return {(leaf.kind, leaf.operation, leaf.outcome) for leaf in (decode(body).leaf for body in bodies)}


@pytest.mark.parametrize(
    ("reached", "seen"),
    [
        ({"nurse"}, ["nurse"]),
        ({"nurse", "doctor"}, ["doctor nurse", "nurse", "doctor"]),
        ({"public_health_nurse"}, ["public_health_nurse"]),
        (set(), []),
    ],
)
async def test_runs_beyond_ones_professions_take_no_place_on_a_page(
    checked: Checked, reached: set[str], seen: list[str]
) -> None:
    asked = ["doctor", "nurse", "public_health_nurse", "doctor nurse", "doctor nurse midwife"]
    rows = [
        {
            "id": uuid4(), "source": "registry", "professions": each, "standings": State.REGISTERED, "per_day": 1,
            "per_batch": 1, "state": RunState.PLANNED, "planned_by": "x", "planned_at": clock.now() + timedelta(n),
        }
        for n, each in enumerate(asked)
    ]  # fmt: skip
    async with checked.installation.register.write() as work:
        await work.connection.execute(insert(check_run), rows)
        await work.commit()
    caller = principal(Role.ADMINISTRATOR, reached)
    found: list[Run] = []
    async for page in pages(checked.checks.runs, caller):
        found += page.nodes
        assert (len(page.nodes), page.has_next) == (1, len(found) < len(seen))
    assert [" ".join(run.plan.professions) for run in found] == seen


async def pages(runs: Runs, caller: Principal) -> AsyncIterator[Page[Run]]:
    """All pages that show something, of one run each."""
    page = await runs.listed(caller, PageRequest(first=1))
    while page.nodes:
        yield page
        page = await runs.listed(caller, PageRequest(first=1, after=page.cursors[-1]))
