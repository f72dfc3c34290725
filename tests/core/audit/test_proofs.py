"""Proofs from the stored tree, verified without it."""

from __future__ import annotations

import pytest

from meibo.audit.checkpoints import CHECKPOINT_KEY, verifier_key, verify_checkpoint
from meibo.audit.log import AuditLog
from meibo.audit.merkle import EMPTY_ROOT, verify_consistency, verify_inclusion
from meibo.audit.proofs import consistency, inclusion, newest_checkpoint
from meibo.audit.sequencer import Sequencer
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Database
from meibo.errors import NotFound
from tests.core.audit.conftest import AuditStore, reading

SIZE = 13


@pytest.fixture
async def filled(audit_store: AuditStore, log: AuditLog, sequencer: Sequencer) -> Database:
    for number in range(SIZE):
        await log.record(reading(f"D-{number}"))
        await sequencer.run_once()
    return audit_store.database


async def test_every_leaf_is_in_every_later_tree(filled: Database) -> None:
    for size in range(1, SIZE + 1):
        for index in range(size):
            proof = await inclusion(filled, index, size)
            assert verify_inclusion(index, size, proof.leaf, proof.path, proof.root)


async def test_every_tree_begins_with_every_earlier_one(filled: Database) -> None:
    for new in range(SIZE + 1):
        for old in range(new + 1):
            proof = await consistency(filled, old, new)
            assert verify_consistency(old, new, proof.old_root, proof.new_root, proof.path)


async def test_the_present_root_is_the_signed_one(filled: Database, keys: FileKeys) -> None:
    note = await newest_checkpoint(filled)
    assert note is not None
    signed = verify_checkpoint(note, verifier_key(keys.newest(CHECKPOINT_KEY), "meibo/local"))

    assert signed.size == SIZE
    assert (await inclusion(filled, 4)).root == signed.root
    assert (await consistency(filled, 4)).new_root == signed.root


async def test_a_leaf_is_found_by_its_id(filled: Database, audit_store: AuditStore) -> None:
    id = await audit_store.scalar("SELECT cursor FROM audit_place WHERE leaf_index = 5")

    assert await inclusion(filled, str(id)) == await inclusion(filled, 5)


async def test_what_the_tree_does_not_hold_is_not_found(filled: Database) -> None:
    absent: list[tuple[int | str, int | None]]
    absent = [(SIZE, None), (-1, None), ("none", None), (3, 3), (0, SIZE + 1)]
    for leaf, size in absent:
        with pytest.raises(NotFound):
            await inclusion(filled, leaf, size)


async def test_sizes_that_never_were_are_not_found(filled: Database) -> None:
    for old, new in ((2, 1), (-1, 1), (0, SIZE + 1)):
        with pytest.raises(NotFound):
            await consistency(filled, old, new)


async def test_the_empty_log_has_the_empty_root(audit_database: Database) -> None:
    proof = await consistency(audit_database, 0)

    assert (proof.new_root, proof.path) == (EMPTY_ROOT, ())
