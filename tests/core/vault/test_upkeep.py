"""Taking back what an act did, as long as no other act relies on it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from meibo.clock import now
from meibo.crypto.envelopes import WrappedKey
from meibo.errors import NotFound, Refused
from meibo.values.pseudonyms import new_person_id
from meibo.vault.keystore import LookupHash
from meibo.vault.kinds import NumberKind, VerifiedBy
from tests.core.vault.conftest import Vault
from tests.core.vault.numerals import FILE, ONE, THREE, TWO, act

pytestmark = pytest.mark.anyio

KIND, CARD = NumberKind.INDIVIDUAL_NUMBER, VerifiedBy.MY_NUMBER_CARD
TARO, HANAKO = new_person_id(), new_person_id()
HOUR = timedelta(hours=1)


async def orphans(vault: Vault) -> list[UUID]:
    return [key async for batch in vault.numbers.upkeep.orphans(now()) for key in batch]


async def leave_a_key(vault: Vault) -> None:
    """What an act leaves that died between the key store and the numbers."""
    numbers = vault.numbers
    found_by = numbers._seals.newest_hash(FILE, KIND, ONE)
    await vault.keystore.put(act(1), FILE, KIND, WrappedKey(b"wrapped", 1), found_by)


async def test_withdrawing_leaves_nothing_and_frees_the_number(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    for _ in range(2):
        await vault.numbers.upkeep.withdraw(act(1))
        assert await vault.held() == (0, 0, 0)
    assert await vault.numbers.enrol(act(2), HANAKO, FILE, KIND, ONE, CARD) == act(2)


async def test_withdrawing_brings_the_former_number_back(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    await vault.numbers.enrol(act(2), TARO, FILE, KIND, TWO, CARD)
    await vault.numbers.upkeep.withdraw(act(2))
    assert await vault.numbers.reveal(TARO, FILE, KIND) == ONE
    assert await vault.held() == (1, 1, 1)


async def test_withdrawing_from_the_middle_closes_the_gap(vault: Vault) -> None:
    for n, number in enumerate((ONE, TWO, THREE), start=1):
        await vault.numbers.enrol(act(n), TARO, FILE, KIND, number, CARD)
    await vault.numbers.upkeep.withdraw(act(2))
    assert await vault.numbers.reveal(TARO, FILE, KIND) == THREE
    await vault.numbers.upkeep.withdraw(act(3))
    assert await vault.numbers.reveal(TARO, FILE, KIND) == ONE


async def test_what_another_act_relies_on_stays(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    await vault.numbers.enrol(act(2), TARO, FILE, KIND, ONE, CARD)
    await vault.numbers.upkeep.withdraw(act(1))
    assert await vault.numbers.reveal(TARO, FILE, KIND) == ONE
    await vault.numbers.upkeep.withdraw(act(2))
    assert await vault.numbers.reveal(TARO, FILE, KIND) == ONE


async def test_a_key_without_an_enrolment_is_an_orphan_until_it_is_swept(vault: Vault) -> None:
    await leave_a_key(vault)
    await vault.numbers.enrol(act(2), TARO, FILE, KIND, TWO, CARD)
    assert await orphans(vault) == [act(1)]
    for key in (act(1), act(2)):
        await vault.numbers.upkeep.sweep_key(key)
    assert await orphans(vault) == []
    assert await vault.held() == (1, 1, 1)


async def test_an_orphan_stands_in_nobodys_way(vault: Vault) -> None:
    """The number can be enrolled before anybody has swept."""
    await leave_a_key(vault)
    assert await vault.numbers.find(FILE, KIND, ONE) is None
    assert await vault.numbers.enrol(act(2), HANAKO, FILE, KIND, ONE, CARD) == act(2)
    assert await vault.numbers.find(FILE, KIND, ONE) == HANAKO
    assert await vault.held() == (1, 1, 1)


async def test_an_act_that_died_after_its_key_can_be_run_again(vault: Vault) -> None:
    numbers = vault.numbers
    await numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    async with vault.numbers._database.write() as work:
        await work.connection.exec_driver_sql("DELETE FROM enrolment")
        await work.commit()
    assert await numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD) == act(1)
    assert await numbers.reveal(TARO, FILE, KIND) == ONE
    assert await vault.held() == (1, 1, 1)


async def test_only_what_is_idle_is_swept(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    assert await vault.numbers.upkeep.sweep(act(1), now() - HOUR) is False
    assert await vault.held() == (1, 1, 1)
    assert await vault.numbers.upkeep.sweep(act(1), now()) is True
    assert await vault.numbers.upkeep.sweep(act(1), now()) is False
    assert await vault.held() == (0, 0, 0)
    with pytest.raises(NotFound):
        await vault.numbers.reveal(TARO, FILE, KIND)


@pytest.mark.parametrize("same", ["enrolment", "hash"])
async def test_a_key_is_put_once(vault: Vault, same: str) -> None:
    first, other = LookupHash(b"one", 1), LookupHash(b"two", 1)
    await vault.keystore.put(act(1), FILE, KIND, WrappedKey(b"first", 1), first)
    id, found_by = (act(1), other) if same == "enrolment" else (act(2), first)
    with pytest.raises(Refused):
        await vault.keystore.put(id, FILE, KIND, WrappedKey(b"second", 1), found_by)
    assert await vault.keystore.get(act(1)) == WrappedKey(b"first", 1)
    assert await vault.keystore.get(act(2)) is None
    assert await vault.keystore.find(FILE, KIND, [other, first]) == act(1)
