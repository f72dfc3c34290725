"""A log that was tampered with: each way is found, and named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from meibo.audit.checkpoints import (
    CHECKPOINT_KEY,
    Checkpoint,
    sign_checkpoint,
    verifier_key,
    verify_checkpoint,
)
from meibo.audit.faults import Fault, FaultKind
from meibo.audit.leaves import RecordedLeaf, encode, new_id
from meibo.audit.log import AuditLog
from meibo.audit.merkle import leaf_hash
from meibo.audit.proofs import newest_checkpoint
from meibo.audit.sequencer import Sequencer
from meibo.audit.sources import Change
from meibo.audit.verification import verify
from meibo.clock import now
from meibo.crypto.keys import FileKeys, Key
from meibo.errors import OperatorError
from tests.core.audit.conftest import AuditStore, Check, Rows, reading

SWAP_BODIES = """
UPDATE audit_leaf SET body = (SELECT o.body FROM audit_leaf o WHERE o.number = 7 - audit_leaf.number)
WHERE number IN (2, 5)
"""
SWAP_CURSORS = (
    "CREATE TABLE two AS SELECT leaf_index, cursor FROM audit_place WHERE leaf_index IN (1, 4)",
    "UPDATE audit_place SET cursor = 'away' || leaf_index WHERE leaf_index IN (1, 4)",
    "UPDATE audit_place SET cursor ="
    " (SELECT cursor FROM two WHERE two.leaf_index = 5 - audit_place.leaf_index)"
    " WHERE leaf_index IN (1, 4)",
)


def swap_places(one: int, other: int) -> tuple[str, ...]:
    """Swap whole places, so that each leaf still agrees with the hash at its place."""
    return (
        f"UPDATE audit_place SET leaf_index = 1000 WHERE leaf_index = {one}",
        f"UPDATE audit_place SET leaf_index = {one} WHERE leaf_index = {other}",
        f"UPDATE audit_place SET leaf_index = {other} WHERE leaf_index = 1000",
    )


@pytest.fixture(autouse=True)
async def _filled(audit_store: AuditStore, log: AuditLog, sequencer: Sequencer, rows: Rows) -> None:
    """Leaves 0 to 5 (numbers 1 to 6), rows a, b, c as leaves 6 to 8; leaves 9, 10: checkpoints 9, 11."""
    for number in range(6):
        await log.record(reading(f"D-{number}"))
    rows.add("a", "b", "c")
    await sequencer.run_once()
    await log.record(reading("D-9"))
    await log.record(reading("D-10"))
    await sequencer.run_once()


async def test_a_sound_log_is_sound(check: Check) -> None:
    report = await check()

    assert (report.ok, report.size, report.checkpoints, report.fault) == (True, 11, 2, None)


async def test_what_waits_for_a_place_is_sound(check: Check, log: AuditLog, rows: Rows) -> None:
    await log.record(reading("D-11"))
    rows.add("d")

    assert (await check()).ok


@pytest.mark.parametrize(
    ("statements", "kind", "leaf", "sentence"),
    {
        "a body": (
            ["UPDATE audit_leaf SET body = :other WHERE number = 4"],
            FaultKind.ALTERED,
            3,
            "Leaf 3 was altered after it got its place.",
        ),
        "a body and its hash": (
            [
                "UPDATE audit_leaf SET body = :other WHERE number = 4",
                "UPDATE audit_place SET hash = :hash WHERE leaf_index = 3",
            ],
            FaultKind.ALTERED,
            2,
            "One of the leaves 2 to 3 was altered together with the hash at its place.",
        ),
        "the last body and its hash": (
            [
                "UPDATE audit_leaf SET body = :other WHERE number = 8",
                "UPDATE audit_place SET hash = :hash WHERE leaf_index = 10",
            ],
            FaultKind.REWRITTEN,
            9,
            "Leaves 9 to 10 are not those that checkpoint 11 signed: the log was rewritten.",
        ),
        "a hash": (
            ["UPDATE audit_place SET hash = :hash WHERE leaf_index = 7"],
            FaultKind.ALTERED,
            7,
            "Leaf 7 was altered after it got its place.",
        ),
        "a leaf": (
            ["DELETE FROM audit_leaf WHERE number = 4"],
            FaultKind.REMOVED,
            3,
            "Leaf 3 was removed.",
        ),
        "a leaf and its place": (
            ["DELETE FROM audit_leaf WHERE number = 4", "DELETE FROM audit_place WHERE leaf_index = 3"],
            FaultKind.REMOVED,
            3,
            "The place of leaf 3 was removed.",
        ),
        "two bodies": ([SWAP_BODIES], FaultKind.REORDERED, 1, "Leaves 1 and 4 were reordered."),
        "two cursors": (SWAP_CURSORS, FaultKind.REORDERED, 1, "Leaves 1 and 4 were reordered."),
        "two neighbours": (swap_places(2, 3), FaultKind.REORDERED, 2, "Leaves 2 and 3 were reordered."),
        "two places": (swap_places(1, 4), FaultKind.REORDERED, 1, "Leaves 1 and 4 were reordered."),
        "a node": (
            ["UPDATE audit_node SET hash = :hash WHERE leaf_index = 3 AND level = 2"],
            FaultKind.TREE,
            3,
            "The tree's node of level 2 ending with leaf 3 is damaged; the leaves are whole.",
        ),
        "a missing node": (
            ["DELETE FROM audit_node WHERE leaf_index = 1"],
            FaultKind.TREE,
            1,
            "The tree's node of level 1 ending with leaf 1 is damaged; the leaves are whole.",
        ),
        "a checkpoint's text": (
            ["UPDATE audit_checkpoint SET note = replace(note, 'local', 'lokal') WHERE size = 9"],
            FaultKind.FORGED,
            None,
            "Checkpoint 9 is forged: this log's key did not sign it.",
        ),
        "a checkpoint's size": (
            ["UPDATE audit_checkpoint SET size = 8 WHERE size = 9"],
            FaultKind.FORGED,
            None,
            "Checkpoint 8 is forged: this log's key did not sign it.",
        ),
        "a checkpoint's key": (
            ["UPDATE audit_checkpoint SET key_version = 7 WHERE size = 9"],
            FaultKind.FORGED,
            None,
            "Checkpoint 9 is forged: this log's key did not sign it.",
        ),
        "the newest checkpoint": (
            ["DELETE FROM audit_checkpoint WHERE size = 11"],
            FaultKind.FORGED,
            9,
            "No checkpoint signs the leaves from 9 on: one was removed.",
        ),
        "the end": (
            ["DELETE FROM audit_place WHERE leaf_index >= 9", "DELETE FROM audit_node WHERE leaf_index >= 9"],
            FaultKind.REMOVED,
            9,
            "Checkpoint 11 signed leaves 9 to 10, which were removed.",
        ),
        "the index of subjects": (
            ["DELETE FROM audit_subject WHERE subject = 'D-4'"],
            FaultKind.UNINDEXED,
            4,
            "Leaf 4 is missing from the index of subjects.",
        ),
    }.values(),
    ids=lambda case: "" if not isinstance(case, str) else case[:40],
)
async def test_tampering_is_found_and_named(
    audit_store: AuditStore,
    check: Check,
    statements: list[str],
    kind: FaultKind,
    leaf: int | None,
    sentence: str,
) -> None:
    other = encode(RecordedLeaf(id=new_id(), at=now(), leaf=reading("D-3", account="nobody")))
    await audit_store.tamper(*statements, other=other, hash=leaf_hash(other))

    assert (await check()).fault == Fault(kind, leaf, sentence)


async def test_a_body_that_is_no_leaf_is_altered(audit_store: AuditStore, check: Check) -> None:
    await audit_store.tamper("UPDATE audit_leaf SET body = :body WHERE number = 4", body=b"{}")
    await audit_store.tamper(
        "UPDATE audit_place SET hash = :hash WHERE leaf_index = 3", hash=leaf_hash(b"{}")
    )

    fault = (await check()).fault
    assert fault == Fault(FaultKind.ALTERED, 3, "Leaf 3 was altered after it got its place.")


async def test_another_key_cannot_sign(audit_store: AuditStore, check: Check, keys: FileKeys) -> None:
    note = await newest_checkpoint(audit_store.database)
    assert note is not None
    signed = verify_checkpoint(note, verifier_key(keys.newest(CHECKPOINT_KEY), "meibo/local"))
    forged = sign_checkpoint(signed, Key(CHECKPOINT_KEY, 1, bytes(32)))
    await audit_store.tamper("UPDATE audit_checkpoint SET note = :note WHERE size = 11", note=forged)

    assert (await check()).fault == Fault(
        FaultKind.FORGED, None, "Checkpoint 11 is forged: this log's key did not sign it."
    )


async def test_another_root_under_our_own_key_is_found(
    audit_store: AuditStore, check: Check, keys: FileKeys
) -> None:
    forged = sign_checkpoint(Checkpoint("meibo/local", 9, bytes(32)), keys.newest(CHECKPOINT_KEY))
    await audit_store.tamper("UPDATE audit_checkpoint SET note = :note WHERE size = 9", note=forged)

    fault = (await check()).fault
    assert fault is not None
    assert (fault.kind, fault.leaf) == (FaultKind.REWRITTEN, 0)


async def test_a_leaf_hidden_from_the_sequencer_is_found(
    audit_store: AuditStore, check: Check, log: AuditLog
) -> None:
    await log.record(reading("D-11"))
    await audit_store.tamper("DELETE FROM audit_unplaced")

    assert (await check()).fault == Fault(
        FaultKind.UNPLACED, None, "The leaf of row number 9 has no place and was taken from the queue."
    )


def alter(rows: Rows) -> None:
    rows.rows[1] = dataclasses.replace(rows.rows[1], body=b"altered")


def remove(rows: Rows) -> None:
    del rows.rows[1]


def cut(rows: Rows) -> None:
    del rows.rows[1:]


def swap(rows: Rows) -> None:
    rows.rows[1:] = rows.rows[:0:-1]


def swap_bodies(rows: Rows) -> None:
    _, second, third = rows.rows
    rows.rows[1] = dataclasses.replace(second, body=third.body)
    rows.rows[2] = dataclasses.replace(third, body=second.body)


def slip_in(rows: Rows) -> None:
    rows.rows.insert(1, Change("x", b"slipped in"))


@pytest.mark.parametrize(
    ("mischief", "fault"),
    [
        (alter, Fault(FaultKind.ALTERED, 7, "Leaf 7 was altered after it got its place.")),
        (remove, Fault(FaultKind.REMOVED, 7, "The row of register that is leaf 7 was removed.")),
        (cut, Fault(FaultKind.REMOVED, 7, "The row of register that is leaf 7 was removed.")),
        (swap, Fault(FaultKind.REORDERED, 7, "The rows of register were reordered at leaf 7.")),
        (swap_bodies, Fault(FaultKind.REORDERED, 7, "Leaves 7 and 8 were reordered.")),
        (
            slip_in,
            Fault(FaultKind.ADDED, 7, "A row was slipped into register before the one that is leaf 7."),
        ),
    ],
)
async def test_tampering_with_a_source_is_found_and_named(
    check: Check, rows: Rows, mischief: Callable[[Rows], None], fault: Fault
) -> None:
    mischief(rows)

    assert (await check()).fault == fault


async def test_a_log_cut_short_is_found_by_a_witnessed_checkpoint(
    audit_store: AuditStore, check: Check, rows: Rows
) -> None:
    witnessed = await newest_checkpoint(audit_store.database)
    assert witnessed is not None
    assert (await check(witnessed)).ok
    await audit_store.tamper(
        "DELETE FROM audit_leaf WHERE number > 6",
        "DELETE FROM audit_place WHERE leaf_index >= 9",
        "DELETE FROM audit_node WHERE leaf_index >= 9",
        "DELETE FROM audit_checkpoint WHERE size > 9",
    )

    assert (await check()).ok
    assert (await check(witnessed)).fault == Fault(
        FaultKind.REMOVED, 9, "Checkpoint 11 signed leaves 9 to 10, which were removed."
    )


async def test_a_log_written_anew_is_found_by_a_witnessed_checkpoint(
    audit_store: AuditStore, check: Check, keys: FileKeys
) -> None:
    other = sign_checkpoint(Checkpoint("meibo/local", 5, bytes(32)), keys.newest(CHECKPOINT_KEY))

    fault = (await check(other)).fault
    assert fault is not None
    assert (fault.kind, fault.leaf) == (FaultKind.REWRITTEN, 0)


async def test_checkpoints_of_older_keys_count(
    audit_store: AuditStore, keys: FileKeys, log: AuditLog, sequencer: Sequencer, check: Check
) -> None:
    old = await newest_checkpoint(audit_store.database)
    assert old is not None
    keys.renew(CHECKPOINT_KEY)
    await log.record(reading("D-11"))
    await sequencer.run_once()

    assert (await check(old)).ok


async def test_another_logs_checkpoint_is_no_witness(check: Check) -> None:
    with pytest.raises(OperatorError, match="not signed by this log"):
        await check("something else")


async def test_a_missing_source_cannot_be_verified(audit_store: AuditStore, keys: FileKeys) -> None:
    with pytest.raises(OperatorError, match="holds leaves of register"):
        await verify(audit_store.database, keys, [])
