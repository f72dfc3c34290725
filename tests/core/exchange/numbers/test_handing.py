"""Numbers go to the existing system on a dated basis alone, from the vault, once; a changed one goes again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from meibo import clock
from meibo.audit.leaves import LeafKind
from meibo.crypto.keys import FileKeys
from meibo.errors import Forbidden, MessageRefused, SettingsError, SourceUnavailable
from meibo.exchange.beats import BEAT, TURN
from meibo.exchange.numbers.tables import feed_handover, feed_number
from meibo.exchange.opening import takes_numbers
from meibo.host import Host
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.linkage.handover import Handover, Standing, _mac
from meibo.register.fold import Verb
from meibo_sandbox.existing import Fault
from tests.core.exchange.numbers.conftest import ABOUT, ARTICLE, PROPOSER, SQLITE, Handing
from tests.core.vault.numerals import ONE, THREE, TWO


async def two(handing: Handing) -> tuple[str, str]:
    """The pseudonyms of two pharmacists, the first with number ONE, the second with TWO."""
    first = await handing.pharmacists.enter(individual=ONE)
    second = await handing.pharmacists.enter("600002", individual=TWO)
    return await handing.pseudonym(first), await handing.pseudonym(second)


def test_only_medical_files_and_pharmacists_have_a_system_that_takes_numbers(all_professions: Host) -> None:
    taking = {code for code, each in all_professions.professions.items() if takes_numbers(each)}
    assert taking == {
        "doctor", "dentist", "nurse", "public_health_nurse", "midwife", "physical_therapist",
        "clinical_laboratory_technologist", "pharmacist",
    }  # fmt: skip


async def test_without_a_basis_a_worker_tells_pseudonyms_and_no_number(handing: Handing) -> None:
    await two(handing)
    worker = Worker(
        handing.installation.register,
        [each for each in handing.installation.exchange.beats.handlers if each.kind in (BEAT, TURN)],
    )
    while await worker.run_one():
        pass
    assert len(handing.system.records["pharmacist"]) == 2
    assert (handing.numbers, handing.came("hand_over"), await handing.rows(feed_handover)) == ({}, [], [])


async def test_a_worker_hands_over_what_the_vault_holds_once(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.pharmacists.enter("600003")  # Without a number.
    basis = await handing.allow()
    worker = Worker(handing.installation.register, handing.installation.exchange.beats.handlers)
    while await worker.run_one():
        pass
    assert handing.numbers == {first: ONE, second: TWO}
    assert handing.system.holds()["numbers"] == {"pharmacist": sorted([first, second])}
    await handing.turn()
    assert (len(handing.came("hand_over")), await handing.office.handed(PROPOSER, *ABOUT)) == (1, 2)
    [leaf] = await handing.leaves("exchange.hand_over")
    assert (leaf.kind, leaf.count, set(leaf.subjects)) == (LeafKind.EXPORT, 2, {first, second})
    assert (leaf.institution, leaf.legal_basis, leaf.purpose) == (ABOUT[0], ARTICLE, f"basis {basis}")
    assert leaf.reference == handing.came("hand_over")[0]


async def test_a_number_that_changed_is_sent_again_and_one_that_did_not_is_not(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.allow()
    await handing.turn()
    licences = {row.pseudonym: row.id for row in (await page(handing)).values()}
    await handing.enrol(licences[first], THREE)
    await handing.turn()
    assert handing.numbers == {first: THREE, second: TWO}
    assert [leaf.count for leaf in await handing.leaves("exchange.hand_over")] == [2, 1]
    await handing.enrol(licences[first], THREE)  # The same once more.
    await handing.turn()
    assert len(handing.came("hand_over")) == 2


async def page(handing: Handing) -> Any:
    given = handing.feed.given
    async with handing.installation.register.read([given.scope]) as connection:
        return await given.page(connection, None, 10)


async def test_a_renewed_key_of_the_vault_sends_nothing_again_and_one_that_is_gone_everything(
    handing: Handing,
) -> None:
    await two(handing)
    await handing.allow()
    await handing.turn()
    keys = handing.feed.handover.keys
    assert isinstance(keys, FileKeys)
    keys.renew("lookup/pharmacist")
    await handing.turn()
    assert len(handing.came("hand_over")) == 1
    async with handing.installation.register.write([handing.feed.given.scope]) as work:
        await work.connection.execute(update(feed_number).values(token="9.gone"))
        await work.commit()
    await handing.turn()
    assert len(handing.came("hand_over")) == 2


def test_a_token_joins_no_two_licences_of_one_file(all_professions: Host, tmp_path: Path) -> None:
    key, enrolment = FileKeys(tmp_path).newest("lookup/medical"), uuid4()
    told = {
        _mac(key, all_professions[code], connector, enrolment)
        for code in ("doctor", "dentist")
        for connector in (ABOUT[0], "another")
    }
    assert len(told) == 4


async def test_who_holds_a_licence_no_longer_is_not_handed_over(handing: Handing) -> None:
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.pharmacists.act(licence, Verb.STRIKE_OFF, "402")  # Has died: the number is kept here.
    assert (await handing.pharmacists.number(licence)).held
    await handing.allow()
    await handing.turn()
    assert (handing.numbers, handing.came("hand_over")) == ({}, [])


async def test_more_than_a_page_is_handed_over_page_by_page(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.pharmacists.enter("600003")
    await handing.allow()
    await replace(handing.feed, page=1).turn()
    assert (handing.numbers, len(handing.came("hand_over"))) == ({first: ONE, second: TWO}, 2)
    [row] = await handing.rows(feed_handover)
    assert (row.number, row.looked_until, row.pending, row.next_round_at > clock.now()) == (
        2,
        None,
        None,
        True,
    )


async def test_when_the_basis_lapses_nothing_more_is_sent_not_even_what_waits(handing: Handing) -> None:
    await two(handing)
    await handing.allow(days=1)
    handing.system.faults = [Fault.DOWN]
    with pytest.raises(SourceUnavailable):
        await handing.turn()
    [row] = await handing.rows(feed_handover)
    assert row.pending is not None
    await handing.turn(later=timedelta(days=2))
    [row] = await handing.rows(feed_handover)
    assert (row.pending, handing.numbers, handing.came("hand_over")) == (None, {}, [])
    assert {each.token for each in await handing.rows(feed_number)} == {""}
    await handing.allow()
    await handing.turn()
    assert sorted(handing.numbers.values()) == [ONE, TWO]


async def test_a_basis_that_somebody_ends_holds_no_longer(handing: Handing) -> None:
    await two(handing)
    await handing.office.end(PROPOSER, *ABOUT, await handing.allow())
    await handing.turn()
    assert (handing.came("hand_over"), await handing.rows(feed_number)) == ([], [])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.DOWN, SourceUnavailable), (Fault.ANSWER_LOST, SourceUnavailable), (Fault.GARBLED, MessageRefused),
        (Fault.FOREIGN, MessageRefused), (Fault.MISTAKEN, MessageRefused),
    ],
)  # fmt: skip
@SQLITE
async def test_what_goes_wrong_is_sent_again_as_it_was_and_taken_once(
    handing: Handing, fault: Fault, error: type[Exception]
) -> None:
    first, second = await two(handing)
    await handing.allow()
    handing.system.faults = [fault]
    with pytest.raises(error):
        await handing.turn()
    [before] = await handing.rows(feed_handover)
    await handing.turn()
    [after] = await handing.rows(feed_handover)
    assert (before.pending is None, after.pending, after.number) == (False, None, 1)
    assert handing.numbers == {first: ONE, second: TWO}
    assert len(set(handing.came("hand_over"))) == 1
    assert handing.system.handed.repeated == (0 if fault is Fault.DOWN else 1)
    assert len(await handing.leaves("exchange.hand_over")) == 1


async def test_two_days_without_the_system_end_with_what_the_vault_holds_then(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.allow()
    handing.system.faults = [Fault.DOWN] * 4
    for _ in range(4):
        with pytest.raises(SourceUnavailable):
            await handing.turn(later=timedelta(hours=12))
    licences = {row.pseudonym: row.id for row in (await page(handing)).values()}
    await handing.enrol(licences[second], THREE)
    await handing.turn()
    await handing.turn()
    assert handing.numbers == {first: ONE, second: THREE}


async def test_a_count_that_is_behind_after_a_restore_goes_on_from_theirs(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.allow()
    handing.system.handed.highest["pharmacist"] = 8
    await handing.turn()
    assert handing.numbers == {}
    await handing.turn()
    [row] = await handing.rows(feed_handover)
    assert (handing.numbers, row.number, row.pending) == ({first: ONE, second: TWO}, 9, None)


@SQLITE
async def test_without_the_systems_key_a_turn_ends_and_no_job_dies(
    handing: Handing, caplog: pytest.LogCaptureFixture
) -> None:
    await two(handing)
    await handing.allow()
    (handing.feed.handover.folder / f"{ABOUT[0]}.jwks.json").unlink()
    worker = Worker(handing.installation.register, handing.installation.exchange.beats.handlers)
    while await worker.run_one():
        pass
    assert {row.state for row in await handing.rows(job)} == {"done"}
    assert "SETTINGS" in {each.__dict__.get("refusal") for each in caplog.records}
    assert (len(handing.system.records["pharmacist"]), handing.came("hand_over")) == (2, [])


async def test_two_workers_at_once_hand_over_once(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.allow()
    await asyncio.gather(*(handing.feed.turn() for _ in range(4)))
    assert (handing.numbers, len(set(handing.came("hand_over")))) == ({first: ONE, second: TWO}, 1)


async def test_a_system_that_has_lost_them_is_given_all_again(handing: Handing) -> None:
    first, second = await two(handing)
    await handing.allow()
    await handing.turn()
    handing.system.handed.kept.clear()
    await handing.office.again(PROPOSER, *ABOUT)
    await handing.turn(later=timedelta())
    assert (handing.numbers, len(handing.came("hand_over"))) == ({first: ONE, second: TWO}, 2)


class Hasty(Handover):
    """Says of each that the system lacks the number, though it is gone by the time it is to be encrypted."""

    async def standings(self, _profession: Any, _connector: str, tokens: Any) -> dict[Any, Standing]:
        return dict.fromkeys(tokens, Standing.LACKING)


@SQLITE
async def test_numbers_that_are_gone_meanwhile_make_no_batch(handing: Handing) -> None:
    await handing.pharmacists.enter("600003")
    await handing.allow()
    vault = handing.feed.handover
    hasty = Hasty(vault.links, vault.numbers, vault.keys, vault.audit, vault.folder)
    await replace(handing.feed, handover=hasty).turn()
    [row] = await handing.rows(feed_handover)
    assert (row.number, row.pending, handing.came("hand_over")) == (0, None, [])


@SQLITE
async def test_without_its_key_or_the_right_to_send_nothing_is_kept_or_sent(handing: Handing) -> None:
    await two(handing)
    await handing.allow()
    nowhere = replace(handing.feed.handover, folder=handing.feed.handover.folder / "nowhere")
    with pytest.raises(SettingsError):
        await replace(handing.feed, handover=nowhere).turn()
    licences = [*await page(handing)]
    with pytest.raises(Forbidden):
        await handing.feed.handover.sealed(
            PROPOSER, handing.feed.profession, ABOUT[0], licences, legal_basis=ARTICLE, purpose="", batch=uuid4()
        )  # fmt: skip
    assert (await handing.rows(feed_number), handing.came("hand_over")) == ([], [])
    assert [leaf.kind for leaf in await handing.leaves("exchange.hand_over")] == [LeafKind.REFUSAL]
