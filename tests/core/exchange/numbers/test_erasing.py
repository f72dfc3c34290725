"""A number that is destroyed here after it went there is erased there too, whatever the system does with the request;
its signed confirmation is filed."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from joserfc import jws

from meibo.audit.leaves import LeafKind
from meibo.errors import NotFound, SourceUnavailable
from meibo.exchange.numbers.erasing import Erasure
from meibo.exchange.numbers.tables import feed_erasure, feed_handover, feed_number
from meibo.exchange.numbers.watching import OVERDUE
from meibo.jobs import NOTHING, Worker, enqueue
from meibo.register.fold import Verb
from meibo_sandbox.existing import Fault
from tests.core.exchange.numbers.conftest import ABOUT, PROPOSER, SQLITE, Handing
from tests.core.vault.numerals import ONE, THREE, TWO


@pytest.fixture
async def handed(handing: Handing) -> UUID:
    """A pharmacist whose number the system has; another one's stays there."""
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.pharmacists.enter("600002", individual=TWO)
    await handing.allow(days=10)
    await handing.turn()
    assert sorted(handing.numbers.values()) == [ONE, TWO]
    return licence


async def erasures(handing: Handing) -> list[Erasure]:
    return await handing.office.erasures(PROPOSER, *ABOUT)


async def test_it_is_erased_there_and_the_signed_confirmation_is_filed(
    handing: Handing, handed: UUID
) -> None:
    await handing.give_up(handed)
    await handing.turn(later=timedelta(minutes=1))
    assert [*handing.numbers.values()] == [TWO]
    [erasure] = await erasures(handing)
    assert (erasure.licence, erasure.answer, erasure.overdue) == (handed, "erased", False)
    assert erasure.confirmed_at is not None
    receipt = await handing.office.receipt(PROPOSER, *ABOUT, erasure.id)
    signed = jws.deserialize_compact(receipt, handing.system.key, algorithms=["ES256"])
    pseudonym = await handing.pseudonym(handed)
    assert pseudonym.encode() in (signed.payload or b"")
    assert str(erasure.id).encode() in (signed.payload or b"")
    told = [(leaf.kind, leaf.subjects, leaf.reference) for leaf in await handing.leaves("exchange.erase")]
    assert told == [(kind, (pseudonym,), str(erasure.id)) for kind in (LeafKind.INTENT, LeafKind.DONE)]
    await handing.turn()
    assert (len(handing.came("erase")), len(await handing.rows(feed_number))) == (1, 1)


async def test_it_is_sent_on_when_no_basis_holds_any_longer(handing: Handing, handed: UUID) -> None:
    await handing.give_up(handed)
    await handing.turn(later=timedelta(days=20))
    assert ([*handing.numbers.values()], len(handing.came("hand_over"))) == ([TWO], 1)
    assert [each.answer for each in await erasures(handing)] == ["erased"]


@pytest.mark.parametrize(
    ("fault", "answer"),
    [(Fault.GARBLED, "MALFORMED"), (Fault.FOREIGN, "BAD_SIGNATURE"), (Fault.MISTAKEN, "UNKNOWN_REQUEST")],
)
@SQLITE
async def test_a_confirmation_that_is_none_is_not_filed_and_asked_for_again(
    handing: Handing, handed: UUID, fault: Fault, answer: str
) -> None:
    await handing.give_up(handed)
    handing.system.faults = [fault]
    await handing.turn(later=timedelta(minutes=1))
    [erasure] = await erasures(handing)
    assert (erasure.answer, erasure.confirmed_at) == (answer, None)
    with pytest.raises(NotFound):
        await handing.office.receipt(PROPOSER, *ABOUT, erasure.id)
    await handing.turn(later=timedelta(minutes=5))  # Not yet: it is asked once an hour.
    assert len(handing.came("erase")) == 1
    await handing.turn()
    assert handing.came("erase") == [str(erasure.id)] * 2
    assert [each.answer for each in await erasures(handing)] == ["erased"]


@pytest.mark.parametrize("days", [-1, 1])
@SQLITE
async def test_a_confirmation_of_an_impossible_day_is_not_filed(
    handing: Handing, handed: UUID, days: int
) -> None:
    handing.system.handed.days_off = days
    await handing.give_up(handed)
    await handing.turn(later=timedelta(minutes=1))
    [erasure] = await erasures(handing)
    assert (erasure.answer, erasure.confirmed_at) == ("UNKNOWN_REQUEST", None)
    handing.system.handed.days_off = 0
    await handing.turn()
    assert [each.answer for each in await erasures(handing)] == ["erased"]


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.ANSWER_LOST])
@SQLITE
async def test_a_system_that_is_down_is_asked_when_it_is_back(
    handing: Handing, handed: UUID, fault: Fault
) -> None:
    await handing.give_up(handed)
    handing.system.faults = [fault]
    with pytest.raises(SourceUnavailable):
        await handing.turn(later=timedelta(minutes=1))
    assert [each.confirmed_at for each in await erasures(handing)] == [None]
    await handing.turn(later=timedelta(minutes=1))
    assert [each.answer for each in await erasures(handing)] == ["erased"]
    assert [*handing.numbers.values()] == [TWO]


async def test_one_that_is_slow_or_refuses_is_overdue_after_a_week_and_reported(
    handing: Handing, handed: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    pseudonym = await handing.pseudonym(handed)
    handing.system.handed.slow.add(pseudonym)
    await handing.give_up(handed)
    await handing.turn()
    assert [(each.answer, each.overdue) for each in await erasures(handing)] == [("accepted", False)]
    handing.system.handed.slow.clear()
    handing.system.handed.refused.add(pseudonym)
    await handing.turn(later=timedelta(days=8))
    assert [(each.answer, each.overdue) for each in await erasures(handing)] == [("IN_USE", True)]
    assert await handing.office.overdue() == {ABOUT: 1}
    with caplog.at_level(logging.WARNING):
        await watched(handing)
    [line] = [each for each in caplog.records if each.name == "meibo.exchange.numbers.watching"]
    assert (line.__dict__["operation"], line.__dict__["profession"], line.__dict__["count"]) == (*ABOUT, 1)
    assert pseudonym not in caplog.text
    handing.system.handed.refused.clear()
    await handing.turn()
    assert (await handing.office.overdue(), [*handing.numbers.values()]) == ({ABOUT: 0}, [TWO])


async def watched(handing: Handing) -> None:
    """The day's job, by a worker."""
    register = handing.installation.register
    handlers = [each for each in handing.installation.handlers if each.kind is OVERDUE]
    async with register.write() as work:
        await enqueue(work.connection, OVERDUE, NOTHING)
        await work.commit()
    assert await Worker(register, handlers).run_one()


async def test_what_waits_is_not_sent_once_one_of_its_numbers_is_destroyed(handing: Handing) -> None:
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.pharmacists.enter("600002", individual=TWO)
    await handing.allow()
    handing.system.faults = [Fault.ANSWER_LOST]  # Nobody here knows that it was taken.
    with pytest.raises(SourceUnavailable):
        await handing.turn()
    await handing.give_up(licence)
    await handing.turn()
    assert [*handing.numbers.values()] == [TWO]
    assert [each.answer for each in await erasures(handing)] == ["erased"]
    [row] = await handing.rows(feed_handover)
    assert (row.number, row.pending) == (2, None)


async def test_a_batch_that_comes_late_brings_no_erased_number_back(handing: Handing, handed: UUID) -> None:
    sealed = handing.system.handed.kept["pharmacist"].copy()
    await handing.give_up(handed)
    await handing.turn()
    answer = handing.system.handed.taken({"profession": "pharmacist", "number": 1, "sealed": "late"})
    assert (answer, len(sealed), [*handing.numbers.values()]) == (("taken", {"number": 1}), 2, [TWO])


async def test_who_is_restored_is_handed_over_anew_after_the_erasure_alone(
    handing: Handing, handed: UUID
) -> None:
    pseudonym = await handing.pseudonym(handed)
    handing.system.handed.slow.add(pseudonym)
    await handing.give_up(handed)
    await handing.turn()
    await handing.pharmacists.act(handed, Verb.RESTORE, "102")
    await handing.enrol(handed, THREE)
    await handing.turn()
    assert handing.numbers[pseudonym] == ONE  # Still: the erasure is open.
    handing.system.handed.slow.clear()
    await handing.turn()
    assert (handing.numbers[pseudonym], len(handing.came("hand_over"))) == (THREE, 2)
    await handing.turn()
    assert (len(await erasures(handing)), handing.numbers[pseudonym]) == (1, THREE)


async def test_what_never_went_there_is_not_sent_on(handing: Handing) -> None:
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.allow()
    await handing.give_up(licence)
    await handing.turn()
    assert (await handing.rows(feed_erasure), handing.came("erase")) == ([], [])
