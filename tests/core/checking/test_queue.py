"""Discrepancies: evidence side by side, decided by people, applied by acts of the register, a death by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.checking.discrepancies import Discrepancy
from meibo.checking.facts import Held, Told
from meibo.checking.outcomes import Item, Life, Number, Outcome
from meibo.checking.pages import QueueFilter
from meibo.checking.proposals import proposed
from meibo.checking.states import DiscrepancyState, Verdict
from meibo.database.stores import Store
from meibo.errors import FindingCode, Forbidden, NotFound, Refused
from meibo.installation import register_tables_of
from meibo.register.fold import State, Verb
from meibo.registry.requests import ActRequest
from tests.core.checking.standins import APPROVER, PLANNER, Checked, Registry
from tests.core.register.doctors import Doctors
from tests.installed import principal

MARRIED = {"name": "変更　花子", "kana": "ヘンコウ　ハナコ"}
DIED = {"life": Life.DEAD, "death_date": "2026-03-01"}
THIRD = principal(Role.ADMINISTRATOR, account="third")


async def found(
    doctors: Doctors, checked: Checked, registry: Registry, **happened: Any
) -> tuple[UUID, Discrepancy]:
    """A doctor to whom something happened, and what the check found."""
    licence = await doctors.enter()
    registry.happened = {licence: happened}
    await checked.run()
    await checked.work()
    [discrepancy] = (await checked.checks.queue.listed(PLANNER)).nodes
    return licence, discrepancy


def asking(version: int, **changed: Any) -> ActRequest:
    told: dict[str, Any] = {
        "idempotency_key": "", "effective_date": clock.today(), "reason": "201", "legal_basis": "correct",
        "expected_version": version,
    }  # fmt: skip
    return ActRequest(**(told | changed))


def dying(version: int) -> ActRequest:
    return asking(version, reason="401", legal_basis="strike_off")


async def states(checked: Checked) -> list[DiscrepancyState]:
    """The states of all discrepancies."""
    listed = [
        (await checked.checks.queue.listed(PLANNER, QueueFilter(state=state))).nodes
        for state in DiscrepancyState
    ]
    return [each.state for found in listed for each in found]


async def test_held_and_told_stand_side_by_side(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, **MARRIED)
    assert (discrepancy.licence, discrepancy.outcome, discrepancy.source) == (
        licence,
        Outcome.RENAMED,
        "registry",
    )
    opened, evidence, verdicts = await checked.checks.queue.opened(PLANNER, discrepancy.id)
    assert (opened, verdicts) == (discrepancy, [])
    assert evidence.held == Held("見本", "花子", "ミホン", "ハナコ", "1990-01-15", "2", "")
    name, kana = MARRIED.values()
    assert evidence.told == (Told(name, kana, birth_date="1990-01-15", sex="2", number=Number.SAME),)
    assert evidence.differing == {Item.NAME, Item.KANA}


async def test_nothing_of_it_stands_in_the_clear(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    await found(doctors, checked, registry, name="秘密　花子", kana="ヒミツ　ハナコ", address="東京都秘密町1")
    rows = [
        row for table in register_tables_of(checked.installation.host) for row in await doctors.rows(table)
    ]
    words = ("秘密　", "ヒミツ", "秘密町")
    for told in (word for row in rows for value in row.values() for word in (str(value), _text(value))):
        assert not any(word in told for word in words)


async def test_a_list_and_an_opening_leave_leaves_that_name_the_holder(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    _, discrepancy = await found(doctors, checked, registry, **MARRIED)
    await checked.checks.queue.opened(APPROVER, discrepancy.id)
    told = [
        (e.kind, e.operation, e.account, e.subjects)
        for e in await leaves(checked, "check.queue", "check.open")
    ]
    assert told == [
        (LeafKind.READ, "check.queue", "planner", (discrepancy.pseudonym,)),
        (LeafKind.READ, "check.open", "approver", (discrepancy.pseudonym,)),
    ]


async def test_a_new_name_is_applied_as_a_correction(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, **MARRIED)
    values = {"register": {"family_name": "変更", "family_name_kana": "ヘンコウ"}}
    request = asking(await doctors.version(licence), values=values)
    done = await checked.checks.queue.apply(PLANNER, discrepancy.id, request)
    assert await doctors.name(licence) == "変更"
    _, _, [verdict] = await checked.checks.queue.opened(PLANNER, discrepancy.id)
    assert (verdict.verdict, verdict.account, verdict.action) == (Verdict.APPLY, "planner", done.action)
    assert await states(checked) == [DiscrepancyState.APPLIED]


async def test_a_correction_without_values_enters_what_was_told(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, name="変更　花子", kana="へんこう　はなこ")
    await checked.checks.queue.apply(PLANNER, discrepancy.id, asking(0))
    entered = await doctors.register(await doctors.head(licence))
    assert [entered[name] for name in ("family_name", "given_name", "family_name_kana", "given_name_kana")] == [
        "変更", "花子", "ヘンコウ", "ハナコ",
    ]  # fmt: skip
    assert await states(checked) == [DiscrepancyState.APPLIED]


async def test_a_name_that_cannot_be_entered_as_told_is_refused(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    told = {"name": "変〓　花子", "kana": "ヘンコウ　ハナコ"}
    licence, discrepancy = await found(doctors, checked, registry, **told)
    assert discrepancy.outcome is Outcome.AMBIGUOUS
    queue, held = checked.checks.queue, Held("見本", "花子")
    holder = checked.installation.host["doctor"].plugin.holder
    for name in (told["name"], "変更花子", "変更　花　子"):
        assert proposed(holder, Outcome.RENAMED, held, Told(name=name, kana="ヘンコウ　ハナコ")) == {}
    with pytest.raises(Refused) as refusal:
        await queue.apply(PLANNER, discrepancy.id, asking(await doctors.version(licence)))
    assert [f.rule for f in refusal.value.findings] == ["check.nothing_to_apply"]


async def test_an_act_that_the_register_refuses_leaves_the_discrepancy_open(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, **MARRIED)
    request = asking(await doctors.version(licence), values={"register": {"family_name": None}})
    with pytest.raises(Refused) as refusal:
        await checked.checks.queue.apply(PLANNER, discrepancy.id, request)
    assert {f.path for f in refusal.value.findings} >= {("register", "family_name")}
    assert await doctors.name(licence) == "見本"
    assert await states(checked) == [DiscrepancyState.OPEN]


async def test_whoever_died_before_noting_it_applies_once(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    """The act is done, the discrepancy was not moved: asked again, the act is not done a second time."""
    licence, discrepancy = await found(doctors, checked, registry, **MARRIED)
    values = {"register": {"family_name": "変更", "family_name_kana": "ヘンコウ"}}
    request = asking(
        await doctors.version(licence),
        values=values,
        licence=licence,
        idempotency_key=f"check-{discrepancy.id}",
    )
    before = await checked.installation.office.act(PLANNER, Verb.CORRECT, request, "doctor")
    after = await checked.checks.queue.apply(PLANNER, discrepancy.id, request)
    assert after.action == before.action
    assert await states(checked) == [DiscrepancyState.APPLIED]


async def test_a_death_takes_two_people(doctors: Doctors, checked: Checked, registry: Registry) -> None:
    licence, discrepancy = await found(doctors, checked, registry, **DIED)
    queue, request = checked.checks.queue, dying(await doctors.version(licence))
    for prepare in (None, Verdict.CONFIRM):
        if prepare:
            await queue.decide(PLANNER, prepare, discrepancy.id)
        with pytest.raises(Refused) as refusal:
            await queue.apply(PLANNER, discrepancy.id, request)
        [finding] = refusal.value.findings
        assert (finding.code, finding.rule) == (FindingCode.NEEDS_SECOND_PERSON, "check.second_person")
        assert (await doctors.head(licence)).state is State.REGISTERED
    await queue.apply(APPROVER, discrepancy.id, request)
    assert (await doctors.head(licence)).state is State.STRUCK_OFF
    _, _, verdicts = await queue.opened(PLANNER, discrepancy.id)
    assert [(v.verdict, v.account) for v in verdicts] == [
        (Verdict.CONFIRM, "planner"),
        (Verdict.APPLY, "approver"),
    ]
    refused = [leaf.outcome for leaf in await leaves(checked, "check.apply") if leaf.kind is LeafKind.REFUSAL]
    assert refused == ["check.second_person"] * 2


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([Verdict.CONFIRM], DiscrepancyState.CONFIRMED),
        ([Verdict.DISMISS], DiscrepancyState.DISMISSED),
        ([Verdict.CONFIRM, Verdict.DISMISS], DiscrepancyState.DISMISSED),
    ],
)
async def test_a_discrepancy_goes_from_state_to_state_and_not_back(
    doctors: Doctors, checked: Checked, registry: Registry, verdicts: list[Verdict], state: DiscrepancyState
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, **MARRIED)
    queue = checked.checks.queue
    for verdict in verdicts:
        await queue.decide(PLANNER, verdict, discrepancy.id)
    assert await states(checked) == [state]
    with pytest.raises(Refused) as refusal:
        await queue.decide(APPROVER, Verdict.CONFIRM, discrepancy.id)
    assert [f.code for f in refusal.value.findings] == [FindingCode.WRONG_STATE]
    if state is DiscrepancyState.DISMISSED:
        with pytest.raises(Refused):
            await queue.apply(APPROVER, discrepancy.id, asking(await doctors.version(licence)))
    assert await states(checked) == [state]


async def test_what_no_act_applies_is_confirmed_or_dismissed(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    licence, discrepancy = await found(doctors, checked, registry, number=Number.CHANGED)
    with pytest.raises(Refused) as refusal:
        await checked.checks.queue.apply(PLANNER, discrepancy.id, asking(await doctors.version(licence)))
    assert [f.rule for f in refusal.value.findings] == ["check.nothing_to_apply"]
    await checked.checks.queue.decide(PLANNER, Verdict.CONFIRM, discrepancy.id)
    assert await states(checked) == [DiscrepancyState.CONFIRMED]


async def test_a_later_check_takes_the_place_of_what_nobody_has_looked_at(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    _, first = await found(doctors, checked, registry, **MARRIED)
    await checked.run()
    await checked.work()
    [second] = (await checked.checks.queue.listed(PLANNER)).nodes
    assert second.id != first.id
    assert sorted(await states(checked)) == [DiscrepancyState.OPEN, DiscrepancyState.SUPERSEDED]
    await checked.checks.queue.decide(PLANNER, Verdict.CONFIRM, second.id)
    registry.happened = {}
    await checked.run()
    await checked.work()
    assert sorted(await states(checked)) == [DiscrepancyState.CONFIRMED, DiscrepancyState.SUPERSEDED]


Asking = Callable[[Checked, Any, UUID], Any]
DEMANDED: list[tuple[Permission, Asking]] = [
    (Permission.CHECK_OPEN, lambda c, who, id: c.checks.queue.listed(who)),
    (Permission.CHECK_OPEN, lambda c, who, id: c.checks.queue.opened(who, id)),
    (Permission.CHECK_DECIDE, lambda c, who, id: c.checks.queue.decide(who, Verdict.CONFIRM, id)),
    (Permission.CHECK_DECIDE, lambda c, who, id: c.checks.queue.decide(who, Verdict.DISMISS, id)),
    (Permission.CHECK_DECIDE, lambda c, who, id: c.checks.queue.apply(who, id, asking(1))),
    (Permission.LICENCE_CORRECT, lambda c, who, id: c.checks.queue.apply(who, id, asking(1))),
]


@pytest.mark.parametrize(("permission", "verb"), DEMANDED)
async def test_each_verb_demands_its_permission(
    doctors: Doctors, checked: Checked, registry: Registry, permission: Permission, verb: Asking
) -> None:
    _, discrepancy = await found(doctors, checked, registry, **MARRIED)
    without = principal(Role.ADMINISTRATOR, without=frozenset({permission}), account="other")
    with pytest.raises(Forbidden) as refusal:
        await verb(checked, without, discrepancy.id)
    assert refusal.value.permission == permission
    assert await states(checked) == [DiscrepancyState.OPEN]


async def test_out_of_scope_there_is_no_discrepancy(
    doctors: Doctors, checked: Checked, registry: Registry
) -> None:
    _, discrepancy = await found(doctors, checked, registry, **MARRIED)
    elsewhere = principal(Role.ADMINISTRATOR, {"dentist"})
    queue = checked.checks.queue
    assert (await queue.listed(elsewhere)).nodes == []
    for who, id in ((elsewhere, discrepancy.id), (THIRD, uuid4())):
        for asked in (
            queue.opened(who, id),
            queue.decide(who, Verdict.DISMISS, id),
            queue.apply(who, id, asking(1)),
        ):
            with pytest.raises(NotFound):
                await asked


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


async def leaves(checked: Checked, *operations: str) -> list[Leaf]:
    async with checked.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))).all()
    return [leaf for leaf in (decode(body).leaf for body in bodies) if leaf.operation in operations]
