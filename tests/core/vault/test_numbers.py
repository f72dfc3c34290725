"""Enrolling and finding: one number, one person; another number replaces, and is kept."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from meibo.database.stores import Store
from meibo.errors import FindingCode, InvalidValue, NotFound, Refused
from meibo.values.pseudonyms import new_person_id
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.numbers import NumberStatus
from meibo.vault.tables import enrolment, lookup
from tests.core.vault.conftest import Vault
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, RESIDENT, THREE, TWO, act

pytestmark = pytest.mark.anyio

INDIVIDUAL, INSTITUTION, RESIDENT_CODE = (
    NumberKind.INDIVIDUAL_NUMBER,
    NumberKind.INSTITUTION_CODE,
    NumberKind.RESIDENT_CODE,
)
CARD = VerifiedBy.MY_NUMBER_CARD
TARO, HANAKO = new_person_id(), new_person_id()


@pytest.mark.parametrize(
    ("kind", "number"),
    [(INDIVIDUAL, ONE), (RESIDENT_CODE, RESIDENT), (INSTITUTION, "x" * 128), (INSTITUTION, "a")],
)
async def test_a_number_that_was_enrolled_is_found_and_revealed(
    vault: Vault, kind: NumberKind, number: str
) -> None:
    assert await vault.numbers.enrol(act(1), TARO, FILE, kind, number, CARD) == act(1)
    assert await vault.numbers.find(FILE, kind, number) == TARO
    assert await vault.numbers.reveal(TARO, FILE, kind) == number
    [row] = await vault.rows(Store.NUMBERS, select(enrolment))
    assert (row.person, row.file, row.kind, row.verified_by) == (TARO, FILE, kind, CARD)
    assert len(number) < 4 or number.encode() not in row.sealed
    assert len(row.sealed) == 12 + 160 + 16


async def test_nothing_is_found_elsewhere(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    assert await vault.numbers.find(OTHER_FILE, INDIVIDUAL, ONE) is None
    assert await vault.numbers.find(FILE, INSTITUTION, ONE) is None
    assert await vault.numbers.find(FILE, INDIVIDUAL, TWO) is None
    for person, file, kind in (
        (HANAKO, FILE, INDIVIDUAL),
        (TARO, OTHER_FILE, INDIVIDUAL),
        (TARO, FILE, INSTITUTION),
    ):
        with pytest.raises(NotFound):
            await vault.numbers.reveal(person, file, kind)


async def test_no_two_files_or_kinds_have_a_hash_in_common(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    await vault.numbers.enrol(act(2), TARO, OTHER_FILE, INDIVIDUAL, ONE, CARD)
    await vault.numbers.enrol(act(3), TARO, FILE, INSTITUTION, ONE, CARD)
    hashes = await vault.rows(Store.KEYS, select(lookup.c.hash))
    assert len({row.hash for row in hashes}) == 3


async def test_the_same_act_twice_is_one_enrolment(vault: Vault) -> None:
    for _ in range(2):
        assert await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD) == act(1)
    assert await vault.held() == (1, 1, 1)


async def test_the_same_number_of_the_same_person_stays_where_it_is(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    assert await vault.numbers.enrol(act(2), TARO, FILE, INDIVIDUAL, ONE, CARD) == act(1)
    assert await vault.held() == (1, 1, 1)


async def test_a_number_has_one_person_in_a_file(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    with pytest.raises(Refused) as refused:
        await vault.numbers.enrol(act(2), HANAKO, FILE, INDIVIDUAL, ONE, CARD)
    assert [(f.code, f.rule) for f in refused.value.findings] == [(FindingCode.DUPLICATE, "vault.one_person")]
    assert await vault.held() == (1, 1, 1)
    assert await vault.numbers.find(FILE, INDIVIDUAL, ONE) == TARO


async def test_an_id_serves_one_number(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    with pytest.raises(Refused):
        await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, TWO, CARD)
    assert await vault.numbers.reveal(TARO, FILE, INDIVIDUAL) == ONE
    assert await vault.held() == (1, 1, 1)


async def test_another_number_replaces_the_current_one_which_is_kept(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    assert await vault.numbers.enrol(act(2), TARO, FILE, INDIVIDUAL, TWO, CARD) == act(2)
    assert await vault.numbers.reveal(TARO, FILE, INDIVIDUAL) == TWO
    assert await vault.numbers.find(FILE, INDIVIDUAL, ONE) == TARO
    rows = await vault.rows(Store.NUMBERS, select(enrolment).order_by(enrolment.c.enrolled_at))
    assert [(row.id, row.replaced_by, row.replaced_at is None) for row in rows] == [
        (act(1), act(2), False),
        (act(2), None, True),
    ]


async def test_a_number_that_was_replaced_by_mistake_comes_back(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    await vault.numbers.enrol(act(2), TARO, FILE, INDIVIDUAL, TWO, CARD)
    assert await vault.numbers.enrol(act(3), TARO, FILE, INDIVIDUAL, ONE, CARD) == act(1)
    assert await vault.numbers.reveal(TARO, FILE, INDIVIDUAL) == ONE
    await vault.numbers.upkeep.withdraw(act(3))
    assert await vault.numbers.reveal(TARO, FILE, INDIVIDUAL) == TWO


async def test_a_person_is_found_by_any_file(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, OTHER_FILE, INDIVIDUAL, ONE, CARD)
    files = (FILE, OTHER_FILE)
    assert await vault.numbers.person_with(INDIVIDUAL, ONE, files) == TARO
    assert await vault.numbers.person_with(INDIVIDUAL, TWO, files) is None
    assert await vault.numbers.person_with(INDIVIDUAL, ONE, [FILE]) is None
    await vault.numbers.enrol(act(2), HANAKO, FILE, INDIVIDUAL, ONE, CARD)
    with pytest.raises(Refused) as refused:
        await vault.numbers.person_with(INDIVIDUAL, ONE, files)
    assert [f.rule for f in refused.value.findings] == ["vault.several_persons"]


@pytest.mark.parametrize("number", ["123456789010", "12345678901", "x", "", "１２３４５６７８９０１８"])
async def test_what_is_no_number_is_not_kept(vault: Vault, number: str) -> None:
    with pytest.raises(InvalidValue):
        await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, number, CARD)
    with pytest.raises(InvalidValue):
        await vault.numbers.find(FILE, INDIVIDUAL, number)
    assert await vault.held() == (0, 0, 0)


async def test_statuses_answer_for_everybody(vault: Vault) -> None:
    await vault.numbers.enrol(act(1), TARO, FILE, INDIVIDUAL, ONE, CARD)
    assert await vault.numbers.statuses([TARO, HANAKO], FILE, INDIVIDUAL) == {
        TARO: NumberStatus(held=True),
        HANAKO: NumberStatus(held=False),
    }


async def test_of_many_persons_with_one_number_one_gets_it(vault: Vault) -> None:
    persons = [new_person_id() for _ in range(6)]
    done = await asyncio.gather(
        *(
            vault.numbers.enrol(act(n), person, FILE, INDIVIDUAL, ONE, CARD)
            for n, person in enumerate(persons, start=1)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Refused"] * 5 + ["UUID"]
    assert await vault.held() == (1, 1, 1)
    assert await vault.numbers.find(FILE, INDIVIDUAL, ONE) in persons


async def test_of_many_numbers_of_one_person_one_is_current(vault: Vault) -> None:
    numbers = (ONE, TWO, THREE)
    await asyncio.gather(
        *(
            vault.numbers.enrol(act(n), TARO, FILE, INDIVIDUAL, number, CARD)
            for n, number in enumerate(numbers)
        )
    )
    assert await vault.held() == (3, 3, 3)
    assert await vault.numbers.reveal(TARO, FILE, INDIVIDUAL) in numbers
    for number in numbers:
        assert await vault.numbers.find(FILE, INDIVIDUAL, number) == TARO
