"""What is applied by itself: a new address where two people have agreed so from a day on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.checking.outcomes import Life, Number, Outcome
from meibo.checking.pages import QueueFilter
from meibo.checking.rules import MAY_BE_AUTOMATIC, Rule
from meibo.checking.states import DiscrepancyState
from meibo.errors import FindingCode, Forbidden, NotFound, Refused
from meibo.register.fold import Verb
from tests.core.checking.standins import APPROVER, PLANNER, Checked, Registry
from tests.core.register.doctors import Doctors, asking, values
from tests.installed import principal

TODAY = clock.today()
NEW = "大阪府大阪市北区梅田2-1"
MOVES = Rule(
    profession="doctor",
    outcome=Outcome.MOVED,
    start_date=TODAY,
    automatic=True,
    reason="201",
    legal_basis="correct",
)


async def entered(doctors: Doctors) -> UUID:
    """A doctor whose address the register holds."""
    told = values() | {"practice_report": {"address": "東京都千代田区霞が関1-2-2"}}
    made = await doctors.installation.office.register(
        doctors.officer, "doctor", asking(Verb.REGISTER, TODAY, values=told)
    )
    assert made.licence is not None
    return made.licence


async def address(doctors: Doctors, licence: UUID) -> object:
    [view] = await doctors.reader().groups("practice_report", [await doctors.head(licence)])
    return view.values["address"]


async def agreed(checked: Checked, rule: Rule = MOVES) -> UUID:
    id = (await checked.checks.rules.propose(PLANNER, rule)).id
    await checked.checks.rules.approve(APPROVER, id)
    return id


async def check(checked: Checked, registry: Registry, licence: UUID, happened: Mapping[str, Any]) -> None:
    registry.happened = {licence: happened}
    await checked.run()
    await checked.work()


async def states(checked: Checked) -> list[tuple[Outcome, DiscrepancyState]]:
    listed = [
        (await checked.checks.queue.listed(PLANNER, QueueFilter(state=state))).nodes
        for state in DiscrepancyState
    ]
    return [(each.outcome, each.state) for found in listed for each in found]


async def test_without_a_rule_nothing_is_applied(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence = await entered(doctors)
    await check(checked, registry, licence, {"address": NEW})
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.OPEN)]
    assert await address(doctors, licence) == "東京都千代田区霞が関1-2-2"


async def test_a_new_address_is_applied_by_a_rule_as_a_correction(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence = await entered(doctors)
    await agreed(checked)
    await check(checked, registry, licence, {"address": NEW})
    assert await address(doctors, licence) == NEW
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.APPLIED)]
    [applied] = (
        await checked.checks.queue.listed(PLANNER, QueueFilter(state=DiscrepancyState.APPLIED))
    ).nodes
    _, _, [verdict] = await checked.checks.queue.opened(PLANNER, applied.id)
    assert verdict.account == "check"
    assert verdict.action is not None
    await check(checked, registry, licence, {"address": NEW})
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.APPLIED)]


NEVER: dict[Outcome, dict[str, Any]] = {
    Outcome.RENAMED: {"name": "変更　花子", "kana": "ヘンコウ　ハナコ", "address": NEW},
    Outcome.DEAD: {"life": Life.DEAD, "address": NEW},
    Outcome.NUMBER_CHANGED: {"number": Number.CHANGED, "address": NEW},
    Outcome.AMBIGUOUS: {"birth_date": "1990-01-16", "address": NEW},
    Outcome.NO_MATCH: {"life": Life.REMOVED, "address": NEW},
}


@pytest.mark.parametrize("outcome", NEVER)
async def test_a_rule_for_addresses_applies_nothing_else(
    doctors: Doctors, checked: Checked, registry: Registry, outcome: Outcome
) -> None:
    licence = await entered(doctors)
    await agreed(checked)
    await check(checked, registry, licence, NEVER[outcome])
    assert await states(checked) == [(outcome, DiscrepancyState.OPEN)]
    assert await address(doctors, licence) == "東京都千代田区霞が関1-2-2"


@pytest.mark.parametrize(
    "rules",
    [
        [replace(MOVES, start_date=TODAY + timedelta(days=1))],
        [MOVES, replace(MOVES, automatic=False)],
        [replace(MOVES, automatic=False)],
    ],
    ids=["not yet", "no longer", "never"],
)
async def test_a_rule_holds_from_its_day_until_the_next(
    doctors: Doctors, checked: Checked, registry: Registry, rules: list[Rule]
) -> None:
    licence = await entered(doctors)
    for rule in rules:
        await agreed(checked, rule)
    await check(checked, registry, licence, {"address": NEW})
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.OPEN)]


async def test_a_rule_that_waits_or_that_one_person_made_does_not_hold(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence = await entered(doctors)
    id = (await checked.checks.rules.propose(PLANNER, MOVES)).id
    with pytest.raises(Refused) as refusal:
        await checked.checks.rules.approve(PLANNER, id)
    assert [f.code for f in refusal.value.findings] == [FindingCode.NEEDS_SECOND_PERSON]
    [kept] = await checked.checks.rules.listed(PLANNER)
    assert (kept.rule, kept.proposed_by, kept.approved_by) == (MOVES, "planner", None)
    await check(checked, registry, licence, {"address": NEW})
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.OPEN)]


async def test_what_the_register_refuses_stays_in_the_queue(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence = await entered(doctors)
    await agreed(checked, replace(MOVES, reason="999"))
    await check(checked, registry, licence, {"address": NEW})
    assert await states(checked) == [(Outcome.MOVED, DiscrepancyState.OPEN)]
    assert await address(doctors, licence) == "東京都千代田区霞が関1-2-2"


def test_only_addresses_may_be_automatic() -> None:
    assert {Outcome.MOVED} == MAY_BE_AUTOMATIC


BAD = {
    "yesterday": (replace(MOVES, start_date=TODAY - timedelta(days=1)), "check.start_date"),
    "without a reason": (replace(MOVES, reason=""), "check.reason"),
    **{
        outcome.value: (replace(MOVES, outcome=outcome), "check.never_automatic")
        for outcome in Outcome
        if outcome is not Outcome.MOVED
    },
}


@pytest.mark.parametrize(("rule", "broken"), BAD.values(), ids=BAD)
async def test_a_rule_that_may_not_be_is_refused(checked: Checked, rule: Rule, broken: str) -> None:
    with pytest.raises(Refused) as refusal:
        await checked.checks.rules.propose(PLANNER, rule)
    assert [f.rule for f in refusal.value.findings] == [broken]
    assert await checked.checks.rules.listed(PLANNER) == []


async def test_each_verb_demands_the_permission_and_the_profession(checked: Checked) -> None:
    without = principal(Role.ADMINISTRATOR, without=frozenset({Permission.CHECK_RULE}))
    id = (await checked.checks.rules.propose(PLANNER, MOVES)).id
    rules = checked.checks.rules
    for refused in (rules.propose(without, MOVES), rules.approve(without, id), rules.listed(without)):
        with pytest.raises(Forbidden):
            await refused
    elsewhere = principal(Role.ADMINISTRATOR, {"dentist"})
    with pytest.raises(Forbidden):
        await rules.propose(elsewhere, MOVES)
    for who, which in ((elsewhere, id), (APPROVER, uuid4())):
        with pytest.raises(NotFound):
            await rules.approve(who, which)
    assert await rules.listed(elsewhere) == []
    assert [kept.approved_by for kept in await rules.listed(PLANNER)] == [None]
