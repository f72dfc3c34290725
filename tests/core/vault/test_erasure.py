"""Destroying a number: gone in one file, untouched in another, and gone from the disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from meibo.clock import now, today
from meibo.database.stores import Store
from meibo.errors import NotFound, NumberDestroyed
from meibo.values.pseudonyms import new_person_id
from meibo.vault.keystore import KeyStatus
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.numbers import Destroyed, NumberStatus
from meibo.vault.tables import data_key, enrolment, lookup
from meibo.vault.upkeep import Enrolled
from tests.core.vault.conftest import Vault
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, RESIDENT, TWO, act

pytestmark = pytest.mark.anyio

KIND, CARD = NumberKind.INDIVIDUAL_NUMBER, VerifiedBy.MY_NUMBER_CARD
TARO = new_person_id()


@pytest.fixture
async def enrolled(vault: Vault) -> Vault:
    """Taro's number in two files; in the first it replaced another, and a resident code stands beside it."""
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, TWO, CARD)
    await vault.numbers.enrol(act(2), TARO, FILE, KIND, ONE, CARD)
    await vault.numbers.enrol(act(3), TARO, OTHER_FILE, KIND, ONE, CARD)
    await vault.numbers.enrol(act(4), TARO, FILE, NumberKind.RESIDENT_CODE, RESIDENT, CARD)
    return vault


async def test_one_files_number_goes_and_anothers_stays(enrolled: Vault) -> None:
    destroyed = await enrolled.numbers.destroy(TARO, FILE, [KIND])
    assert destroyed == Destroyed((act(1), act(2)), today() + timedelta(days=7))
    with pytest.raises(NumberDestroyed):
        await enrolled.numbers.reveal(TARO, FILE, KIND)
    for number in (ONE, TWO):
        assert await enrolled.numbers.find(FILE, KIND, number) is None
    assert await enrolled.numbers.reveal(TARO, OTHER_FILE, KIND) == ONE
    assert await enrolled.numbers.find(OTHER_FILE, KIND, ONE) == TARO
    assert await enrolled.numbers.reveal(TARO, FILE, NumberKind.RESIDENT_CODE) == RESIDENT
    assert await enrolled.held() == (4, 2, 2)


async def test_the_key_and_the_hash_are_gone_and_the_day_is_kept(enrolled: Vault) -> None:
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    [row] = await enrolled.rows(Store.KEYS, select(data_key).where(data_key.c.enrolment == act(2)))
    assert row.wrapped is None
    assert now() - row.destroyed_at < timedelta(minutes=1)
    assert await enrolled.rows(Store.KEYS, select(lookup).where(lookup.c.enrolment == act(2))) == []
    status = NumberStatus(held=False, destroyed_at=row.destroyed_at)
    assert await enrolled.numbers.statuses([TARO], FILE, KIND) == {TARO: status}
    assert await enrolled.keystore.held_status([act(2), act(9)]) == {
        act(2): KeyStatus(False, row.destroyed_at)
    }


async def test_destroying_twice_keeps_the_first_day(enrolled: Vault) -> None:
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    first = await enrolled.numbers.statuses([TARO], FILE, KIND)
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    assert await enrolled.numbers.statuses([TARO], FILE, KIND) == first


async def test_nobody_destroys_what_is_not_there(enrolled: Vault) -> None:
    with pytest.raises(NotFound):
        await enrolled.numbers.destroy(new_person_id(), FILE, list(NumberKind))
    with pytest.raises(NotFound):
        await enrolled.numbers.destroy(TARO, OTHER_FILE, [NumberKind.RESIDENT_CODE])
    assert await enrolled.held() == (4, 4, 4)


async def test_a_destroyed_number_can_be_enrolled_anew(enrolled: Vault) -> None:
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    assert await enrolled.numbers.enrol(act(5), TARO, FILE, KIND, ONE, CARD) == act(5)
    assert await enrolled.numbers.reveal(TARO, FILE, KIND) == ONE
    assert await enrolled.numbers.statuses([TARO], FILE, KIND) == {TARO: NumberStatus(held=True)}


async def test_sqlite_keeps_no_copy_of_a_destroyed_key(enrolled: Vault, where: object) -> None:
    """Neither in a free page nor in the write-ahead log."""
    if not isinstance(where, Path):
        return
    query = select(data_key.c.wrapped, lookup.c.hash).join(lookup, lookup.c.enrolment == data_key.c.enrolment)
    secrets = [*(await enrolled.rows(Store.KEYS, query.where(data_key.c.enrolment == act(2))))[0]]
    assert all(secret in _bytes(where) for secret in secrets)
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    assert not any(secret in _bytes(where) for secret in secrets)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("keys.db*")))


async def test_a_restored_key_store_is_shredded_again(enrolled: Vault) -> None:
    [row] = await enrolled.rows(Store.KEYS, select(data_key).where(data_key.c.enrolment == act(2)))
    await enrolled.numbers.destroy(TARO, FILE, [KIND])
    backup = update(data_key).where(data_key.c.enrolment == act(2))
    await enrolled.change(Store.KEYS, backup.values(wrapped=row.wrapped, destroyed_at=None))
    assert await enrolled.numbers.reveal(TARO, FILE, KIND) == ONE

    assert await finish(enrolled) == 1
    assert await finish(enrolled) == 0
    with pytest.raises(NumberDestroyed):
        await enrolled.numbers.reveal(TARO, FILE, KIND)


async def test_a_destruction_that_died_half_way_is_finished(enrolled: Vault) -> None:
    """The key goes first: the number is gone already, and what is missing is its place on the list."""
    await enrolled.keystore.destroy([act(1), act(2)])
    unmarked = select(enrolment.c.id).where(enrolment.c.destroyed_at.is_(None))
    assert len(await enrolled.rows(Store.NUMBERS, unmarked)) == 4
    assert await finish(enrolled) == 2
    assert {row.id for row in await enrolled.rows(Store.NUMBERS, unmarked)} == {act(3), act(4)}


async def finish(vault: Vault) -> int:
    upkeep = vault.numbers.upkeep
    enrolled: list[Enrolled] = [one async for batch in upkeep.enrolments_before(now()) for one in batch]
    return await upkeep.finish_destructions(enrolled)
