"""The family register as a source of the check of all holders: who has died, by symbol, each batch asked once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from meibo.checking.classifying import judge
from meibo.checking.facts import Held
from meibo.checking.family import FamilyRegister, reply_of
from meibo.checking.outcomes import Outcome
from meibo.errors import Forbidden
from meibo.family import InquiryKind, asking
from meibo.family.asking import Answered, FamilyAsking, checker
from meibo.family.grants import Grants, load_grants
from meibo.family.tables import family_batch, family_inquiry
from meibo.link.states import Status
from meibo.values.dates import PartialDate
from meibo_sandbox.family import Fault
from tests.core.family.conftest import NUMBERS, OFFICER, SAYS, World

HELD = Held("見本", "花子")
DEAD = {**SAYS, "death_date": "2026-04-01", "death_reason": "1"}


@pytest.fixture
def source(world: World) -> FamilyRegister:
    return FamilyRegister(FamilyAsking(world.office, world.installation.keys, checker("check", ["doctor"])))


async def outcomes(world: World, source: FamilyRegister) -> dict[int, Outcome]:
    """What a check of both doctors comes to, by their place; asked until it is answered."""
    batch, held = uuid4(), dict.fromkeys(world.licences, HELD)
    replies = await source.replies(batch, "doctor", held)
    for _ in range(3):
        await world.work()
        replies = replies or await source.replies(batch, "doctor", held)
    assert replies is not None
    return {n: judge(HELD, replies.get(each)).outcome for n, each in enumerate(world.licences)}


async def test_who_has_died_is_told_and_who_lives_is_unchanged(world: World, source: FamilyRegister) -> None:
    await world.obtain()
    world.stand_in.people.by_number[NUMBERS[0]] = DEAD  # type: ignore[attr-defined]
    assert await outcomes(world, source) == {0: Outcome.DEAD, 1: Outcome.UNCHANGED}
    rows = await world.rows(family_batch)
    assert [(row.kind, row.account, row.licences) for row in rows if row.kind == "register"] == [
        ("register", "check", 2)
    ]
    assert rows[-1].asked_items.split() == list(asking.ITEMS)


async def test_a_death_that_was_annulled_is_none(world: World, source: FamilyRegister) -> None:
    await world.obtain()
    annulled = {**DEAD, "death_annulment_date": "2026-05-01"}
    world.stand_in.people.by_number[NUMBERS[0]] = annulled  # type: ignore[attr-defined]
    assert (await outcomes(world, source))[0] is Outcome.UNCHANGED


async def test_nobody_without_a_symbol_is_asked_about(world: World, source: FamilyRegister) -> None:
    assert await source.replies(uuid4(), "doctor", dict.fromkeys(world.licences, HELD)) == {}
    await world.office.ask(OFFICER, world.request(InquiryKind.SYMBOL))
    await world.work()
    assert await outcomes(world, source) == {0: Outcome.UNCHANGED, 1: Outcome.NOT_ANSWERED}


async def test_whom_the_network_does_not_know_is_nobody(world: World, source: FamilyRegister) -> None:
    await world.obtain()
    world.stand_in.people.by_number.pop(NUMBERS[1])  # type: ignore[attr-defined]
    assert await outcomes(world, source) == {0: Outcome.UNCHANGED, 1: Outcome.NO_MATCH}


async def test_a_batch_is_asked_once_however_often_workers_ask(
    world: World, source: FamilyRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In parts of one licence here; while the server is late nothing is told."""
    await world.obtain()
    monkeypatch.setattr("meibo.family.asking.MOST_LICENCES", 1)
    world.stand_in.fault = Fault.LATE
    batch, held = uuid4(), dict.fromkeys(world.licences, HELD)
    for _ in range(5):
        assert await source.replies(batch, "doctor", held) is None
        await world.work()
    assert len(await world.rows(family_inquiry)) == 2 + 2
    assert len({id for _, id in world.stand_in.came}) == 2 + 2


def test_what_was_refused_or_says_nothing_is_no_death() -> None:
    assert reply_of(Answered(Status.REJECTED, {})).records == ()
    [told] = reply_of(Answered(Status.ACCEPTED, {"death_reason": "2"})).records
    assert (told.life, told.death_date) == ("dead", "")
    [told] = reply_of(Answered(Status.ACCEPTED, {"death_date": PartialDate("2026-04-XX")})).records
    assert (told.life, told.death_date) == ("dead", "2026-04-XX")


async def test_the_law_says_who_may_ask_and_a_check_may_nothing_else(world: World) -> None:
    doctor, day = world.installation.host["doctor"], date(2026, 11, 26)
    asks = FamilyAsking(world.office, world.installation.keys, checker("check", ["doctor"]))
    assert asks.may_ask(doctor, day)
    assert not asks.may_ask(doctor, date(2024, 5, 26))
    left = Grants(tuple(line for line in load_grants("").lines if line.item != "death_date"))
    assert not replace(asks, office=replace(world.office, grants=left)).may_ask(doctor, day)
    with pytest.raises(Forbidden):
        await world.office.inquiries(asks.checker, "doctor")


async def test_the_installation_s_checks_know_it(world: World) -> None:
    assert "family_register" in world.installation.checks.runs.sources
