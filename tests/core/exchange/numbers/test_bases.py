"""A basis is dated and needs two people; each verb needs its permission, and a refusal changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.errors import Forbidden, InvalidValue, NotFound, Refused
from meibo.exchange.numbers import Basis
from meibo.exchange.numbers.tables import feed_basis
from tests.core.exchange.numbers.conftest import (
    ABOUT,
    APPROVER,
    ARTICLE,
    NAME,
    PROPOSER,
    SQLITE,
    WITHOUT_APPROVAL,
    WITHOUT_MANAGING,
    Handing,
)
from tests.installed import principal

DAY = timedelta(days=1)
pytestmark = SQLITE


def basis(start: int = 0, end: int = 30, legal_basis: str = ARTICLE) -> Basis:
    """A basis, by days from today."""
    today = clock.today()
    return Basis(legal_basis=legal_basis, start_date=today + start * DAY, end_date=today + end * DAY)


async def test_it_is_kept_with_who_proposed_approved_and_ended_it(handing: Handing) -> None:
    id = await handing.office.propose(PROPOSER, *ABOUT, basis())
    await handing.office.approve(APPROVER, *ABOUT, id)
    await handing.office.end(PROPOSER, *ABOUT, id)
    [kept] = await handing.office.bases(PROPOSER, *ABOUT)
    assert (kept.id, kept.connector, kept.profession, kept.basis) == (id, *ABOUT, basis())
    assert (kept.proposed_by, kept.approved_by, kept.ended_by) == ("proposer", "approver", "proposer")
    told = await handing.leaves("exchange.propose_basis", "exchange.approve_basis", "exchange.end_basis")
    assert [(leaf.account, leaf.kind, leaf.reference) for leaf in told] == [
        (account, kind, f"{NAME} {id}")
        for account in ("proposer", "approver", "proposer")
        for kind in ("intent", "done")
    ]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (basis(legal_basis=" "), "exchange.legal_basis"),
        (basis(start=-1), "exchange.start_date"),
        (basis(start=2, end=1), "exchange.end_date"),
    ],
)
async def test_what_cannot_hold_is_refused_by_name(handing: Handing, wrong: Basis, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        await handing.office.propose(PROPOSER, *ABOUT, wrong)
    assert [each.rule for each in refused.value.findings] == [rule]
    assert await handing.rows(feed_basis) == []


async def test_whoever_proposed_it_does_not_approve_it_and_nobody_twice(handing: Handing) -> None:
    id = await handing.office.propose(PROPOSER, *ABOUT, basis())
    assert await rule(handing, PROPOSER, id) == "exchange.second_person"
    [row] = await handing.rows(feed_basis)
    assert row.approved_at is None
    await handing.office.approve(APPROVER, *ABOUT, id)
    assert await rule(handing, principal(Role.ADMINISTRATOR, {"pharmacist"}), id) == "exchange.basis_state"
    [row] = await handing.rows(feed_basis)
    assert row.approved_by == "approver"


async def rule(handing: Handing, caller: Any, id: Any) -> str:
    """The rule by which approving is refused."""
    with pytest.raises(Refused) as refused:
        await handing.office.approve(caller, *ABOUT, id)
    [finding] = refused.value.findings
    return finding.rule


async def test_one_that_was_ended_or_has_run_out_is_not_approved(handing: Handing) -> None:
    ended, late = [await handing.office.propose(PROPOSER, *ABOUT, basis(end=2)) for _ in range(2)]
    await handing.office.end(PROPOSER, *ABOUT, ended)
    assert await rule(handing, APPROVER, ended) == "exchange.basis_state"
    with pytest.raises(NotFound):
        await handing.office.end(PROPOSER, *ABOUT, ended)
    handing.time.ahead += 3 * DAY
    assert await rule(handing, APPROVER, late) == "exchange.basis_state"


async def test_it_holds_from_its_first_day_to_its_last(handing: Handing) -> None:
    await handing.pharmacists.enter(individual="123456789018")
    id = await handing.office.propose(PROPOSER, *ABOUT, basis(start=2, end=3))
    await handing.office.approve(APPROVER, *ABOUT, id)
    await handing.turn(later=DAY)
    assert handing.came("hand_over") == []
    await handing.turn(later=DAY)
    assert len(handing.came("hand_over")) == 1


@pytest.mark.parametrize("caller", [WITHOUT_MANAGING, principal(Role.ADMINISTRATOR, {"doctor"})])
async def test_each_verb_needs_the_permission(handing: Handing, caller: Any) -> None:
    office, about = handing.office, (caller, *ABOUT)
    for act in (
        office.bases(*about), office.propose(*about, basis()), office.end(*about, uuid4()), office.again(*about),
        office.erasures(*about), office.receipt(*about, uuid4()), office.handed(*about),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            await act
    assert await handing.rows(feed_basis) == []


async def test_approving_needs_a_permission_of_its_own(handing: Handing) -> None:
    id = await handing.office.propose(PROPOSER, *ABOUT, basis())
    for caller in (WITHOUT_APPROVAL, principal(Role.OFFICER, {"pharmacist"})):
        with pytest.raises(Forbidden):
            await handing.office.approve(caller, *ABOUT, id)
    [row] = await handing.rows(feed_basis)
    assert row.approved_at is None


async def test_what_is_not_there_is_not_found(handing: Handing) -> None:
    for about in (("public_search", "pharmacist"), ("elsewhere", "pharmacist")):
        with pytest.raises(NotFound):
            await handing.office.propose(PROPOSER, *about, basis())
    for act in (
        handing.office.approve(APPROVER, *ABOUT, uuid4()),
        handing.office.end(PROPOSER, *ABOUT, uuid4()),
        handing.office.receipt(PROPOSER, *ABOUT, uuid4()),
    ):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(InvalidValue):
        await handing.office.propose(PROPOSER, *ABOUT, replace(basis(), legal_basis="条" * 201))
