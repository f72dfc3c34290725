"""A sealed number opens where it was sealed, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from meibo.crypto.keys import FileKeys
from meibo.database.stores import Store
from meibo.errors import SealBroken
from meibo.values.pseudonyms import new_person_id
from meibo.vault.kinds import NumberKind, VerifiedBy
from meibo.vault.seals import NumberSeals
from meibo.vault.tables import data_key, enrolment
from tests.core.vault.conftest import Vault
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, TWO, act

pytestmark = pytest.mark.anyio

KIND, CARD = NumberKind.INDIVIDUAL_NUMBER, VerifiedBy.MY_NUMBER_CARD
TARO, HANAKO = new_person_id(), new_person_id()


def test_many_numbers_have_the_hashes_that_each_has(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    seals = NumberSeals(keys)
    old = seals.newest_hash(FILE, KIND, ONE)
    keys.renew(f"lookup/{FILE}")
    versions = range(3)  # The key's version 0 was never there.
    found = seals.by_hash(FILE, KIND, [ONE, TWO], versions)
    each = {h.hash: n for n in (ONE, TWO) for h in seals.hashes(FILE, KIND, n, versions)}
    assert (found, len(found), found[old.hash]) == (each, 4, ONE)
    assert [h.version for h in seals.hashes(FILE, KIND, ONE, versions)] == [2, 1]


@pytest.fixture
async def enrolled(vault: Vault) -> Vault:
    """Taro's number as act 1, Hanako's as act 2."""
    await vault.numbers.enrol(act(1), TARO, FILE, KIND, ONE, CARD)
    await vault.numbers.enrol(act(2), HANAKO, FILE, KIND, TWO, CARD)
    return vault


@pytest.mark.parametrize(
    "moved", [("sealed",), ("wrapped",), ("sealed", "wrapped")], ids=["ciphertext", "wrapped key", "both"]
)
async def test_nothing_opens_in_another_row(enrolled: Vault, moved: tuple[str, ...]) -> None:
    """Neither the ciphertext nor the wrapped key of Hanako's row, nor both, open in Taro's."""
    [sealed] = await enrolled.rows(Store.NUMBERS, select(enrolment.c.sealed).where(enrolment.c.id == act(2)))
    [wrapped] = await enrolled.rows(
        Store.KEYS, select(data_key.c.wrapped).where(data_key.c.enrolment == act(2))
    )
    if "sealed" in moved:
        await enrolled.change(
            Store.NUMBERS, update(enrolment).where(enrolment.c.id == act(1)).values(sealed=sealed[0])
        )
    if "wrapped" in moved:
        await enrolled.change(
            Store.KEYS, update(data_key).where(data_key.c.enrolment == act(1)).values(wrapped=wrapped[0])
        )
    with pytest.raises(SealBroken):
        await enrolled.numbers.reveal(TARO, FILE, KIND)
    assert await enrolled.numbers.reveal(HANAKO, FILE, KIND) == TWO


@pytest.mark.parametrize(
    "moved",
    [{"person": new_person_id()}, {"file": OTHER_FILE}, {"kind": NumberKind.INSTITUTION_CODE}],
    ids=lambda moved: next(iter(moved)),
)
async def test_a_row_does_not_open_elsewhere(enrolled: Vault, moved: Mapping[str, Any]) -> None:
    """Moved to another person, to another file (which has another administrator), to another kind."""
    await enrolled.change(Store.NUMBERS, update(enrolment).where(enrolment.c.id == act(1)).values(moved))
    wanted: dict[str, Any] = {"person": TARO, "file": FILE, "kind": KIND} | dict(moved)
    with pytest.raises(SealBroken):
        await enrolled.numbers.reveal(**wanted)


@pytest.mark.parametrize("path", ["numbers/medical.1", "numbers/pharmacist.1"])
async def test_an_administrators_key_opens_its_own_file_alone(enrolled: Vault, path: str) -> None:
    """Even where everything else agrees, another administrator's key does not open it."""
    await enrolled.numbers.enrol(act(3), TARO, OTHER_FILE, KIND, ONE, CARD)
    folder = enrolled.keys.folder
    stolen = (folder / "numbers/pharmacist.1").read_bytes()
    (folder / path).unlink()
    if path == "numbers/medical.1":
        (folder / path).write_bytes(stolen)
    after = Vault(enrolled.databases, FileKeys(folder))
    with pytest.raises(SealBroken):
        await after.numbers.reveal(TARO, FILE if "medical" in path else OTHER_FILE, KIND)


@pytest.mark.parametrize("byte", [0, 12, 100, 187])
async def test_an_altered_byte_breaks_the_seal(enrolled: Vault, byte: int) -> None:
    [row] = await enrolled.rows(Store.NUMBERS, select(enrolment.c.sealed).where(enrolment.c.id == act(1)))
    altered = bytearray(row.sealed)
    altered[byte] ^= 1
    await enrolled.change(
        Store.NUMBERS, update(enrolment).where(enrolment.c.id == act(1)).values(sealed=bytes(altered))
    )
    with pytest.raises(SealBroken):
        await enrolled.numbers.reveal(TARO, FILE, KIND)


async def test_renewed_keys_still_open_and_find(enrolled: Vault) -> None:
    for name in (f"numbers/{FILE}", f"lookup/{FILE}"):
        enrolled.keys.renew(name)
    assert await enrolled.numbers.reveal(TARO, FILE, KIND) == ONE
    assert await enrolled.numbers.find(FILE, KIND, ONE) == TARO
    assert await enrolled.numbers.enrol(act(3), TARO, FILE, KIND, ONE, CARD) == act(1)
    third, number = new_person_id(), "111111111118"
    await enrolled.numbers.enrol(act(4), third, FILE, KIND, number, CARD)
    versions = await enrolled.rows(Store.KEYS, select(data_key.c.key_version).order_by(data_key.c.enrolment))
    assert [row.key_version for row in versions] == [1, 1, 2]
    assert await enrolled.numbers.find(FILE, KIND, number) == third


async def test_a_process_that_missed_the_renewal_finds_newer_rows(enrolled: Vault) -> None:
    late = Vault(enrolled.databases, FileKeys(enrolled.keys.folder))
    assert await late.numbers.find(FILE, KIND, ONE) == TARO
    enrolled.keys.renew(f"lookup/{FILE}")
    third, number = new_person_id(), "111111111118"
    await enrolled.numbers.enrol(act(4), third, FILE, KIND, number, CARD)
    assert await late.numbers.find(FILE, KIND, number) == third


async def test_a_lookup_key_that_was_retired_finds_nothing(enrolled: Vault) -> None:
    enrolled.keys.renew(f"lookup/{FILE}")
    (enrolled.keys.folder / f"lookup/{FILE}.1").unlink()
    after = Vault(enrolled.databases, FileKeys(enrolled.keys.folder))
    assert await after.numbers.find(FILE, KIND, ONE) is None
    assert await after.numbers.reveal(TARO, FILE, KIND) == ONE
