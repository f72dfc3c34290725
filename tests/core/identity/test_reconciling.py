"""Sweeping what died: links, enrolments and keys without a licence, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from meibo.audit.leaves import LeafKind
from meibo.crypto.envelopes import WrappedKey
from meibo.errors import Forbidden, OperatorError
from meibo.identity import NumberKind, ReconcileReport, VerifiedBy
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym, new_person_id
from meibo.vault.keystore import LookupHash
from tests.core.identity.conftest import Office
from tests.core.identity.stand_ins import CLERK, OPERATOR
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, RESIDENT, THREE, TWO, act

pytestmark = pytest.mark.anyio

INDIVIDUAL, CARD = NumberKind.INDIVIDUAL_NUMBER, VerifiedBy.MY_NUMBER_CARD
HOUR = timedelta(hours=1)


async def nobody(_pseudonyms: Iterable[LicencePseudonym]) -> set[LicencePseudonym]:
    return set()


async def test_there_is_nothing_to_sweep_among_the_living(office: Office) -> None:
    await office.enrol("doctor", individual_number=ONE, resident_code=RESIDENT)
    await office.enrol("pharmacist", individual_number=ONE)
    await office.enrol("nurse")
    leaves = await office.leaves()
    assert await office.reconcile() == ReconcileReport()
    assert await office.stored() == (2, 3, 3, 3, 3)
    assert await office.leaves() == leaves


async def test_a_licence_that_the_register_does_not_know_goes_with_its_numbers(office: Office) -> None:
    kept = await office.enrol("nurse", individual_number=TWO)
    lost = await office.enrol("doctor", individual_number=ONE, resident_code=RESIDENT)

    async def exists(_pseudonyms: Iterable[LicencePseudonym]) -> set[LicencePseudonym]:
        return {kept}

    before = len(await office.leaves())
    assert await office.identity.reconcile(OPERATOR, exists, timedelta(0)) == ReconcileReport(links=1)
    assert await office.stored() == (1, 1, 1, 1, 1)
    leaves = (await office.leaves())[before:]
    assert [(leaf.kind, leaf.profession, leaf.subjects, leaf.count) for leaf in leaves] == [
        (LeafKind.INTENT, "doctor", (lost,), 1),
        (LeafKind.DONE, "doctor", (lost,), 1),
    ]
    assert {leaf.operation for leaf in leaves} == {"reconcile"}
    assert len({leaf.reference for leaf in leaves}) == 1
    assert await office.identity.reconcile(OPERATOR, exists, timedelta(0)) == ReconcileReport()


async def test_a_leaf_names_licences_of_one_profession(office: Office) -> None:
    """One person's two licences stand in no leaf together; the number that both rely on goes last."""
    both = {
        await office.enrol("doctor", individual_number=ONE),
        await office.enrol("nurse", individual_number=ONE),
    }
    before = len(await office.leaves())
    report = await office.identity.reconcile(OPERATOR, nobody, timedelta(0))
    assert report == ReconcileReport(links=2, enrolments=1)
    assert await office.stored() == (0, 0, 0, 0, 0)
    leaves = (await office.leaves())[before:]
    assert [leaf.profession for leaf in leaves] == ["doctor", "doctor", "nurse", "nurse", None, None]
    assert {leaf.subjects for leaf in leaves} == {(each,) for each in both} | {()}


async def test_the_number_of_a_file_without_a_licence_goes_and_anothers_stays(office: Office) -> None:
    pharmacist = await office.enrol("pharmacist", individual_number=ONE)
    person = (await office.vault.links.link_of(pharmacist)).person
    await office.vault.numbers.enrol(act(1), person, FILE, INDIVIDUAL, ONE, CARD)
    await office.vault.numbers.enrol(act(2), new_person_id(), FILE, INDIVIDUAL, TWO, CARD)
    assert await office.reconcile() == ReconcileReport(enrolments=2)
    assert await office.stored() == (1, 1, 1, 1, 1)
    assert await office.vault.numbers.reveal(person, OTHER_FILE, INDIVIDUAL) == ONE


async def test_a_key_without_an_enrolment_goes(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    await office.vault.keystore.put(
        act(1), FILE, INDIVIDUAL, WrappedKey(b"wrapped", 1), LookupHash(b"hash", 1)
    )
    assert await office.reconcile() == ReconcileReport(keys=1)
    assert await office.stored() == (1, 1, 1, 1, 1)


async def test_what_is_young_is_left_alone(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    await office.vault.numbers.enrol(act(1), new_person_id(), FILE, INDIVIDUAL, TWO, CARD)
    await office.vault.keystore.put(
        act(2), FILE, INDIVIDUAL, WrappedKey(b"wrapped", 1), LookupHash(b"hash", 1)
    )
    assert await office.identity.reconcile(OPERATOR, nobody, HOUR) == ReconcileReport()
    assert await office.stored() == (1, 1, 2, 3, 3)


async def test_destroyed_numbers_are_no_wreckage(office: Office) -> None:
    """A pharmacist who returned the licence: the row stays, the number does not, and nothing brings it back."""
    pharmacist = await office.enrol("pharmacist", individual_number=ONE)
    person = (await office.vault.links.link_of(pharmacist)).person
    await office.vault.numbers.destroy(person, OTHER_FILE, [INDIVIDUAL])
    assert await office.reconcile() == ReconcileReport()
    assert await office.stored() == (1, 1, 1, 0, 0)
    await office.vault.keystore.destroy([])
    assert await office.reconcile() == ReconcileReport()


async def test_too_much_is_not_destroyed_without_a_word(office: Office) -> None:
    """What a register looks like that was restored from an older backup than the vault."""
    for number in (ONE, TWO, THREE):
        await office.enrol("doctor", individual_number=number)
    for at_most in (0, 2):
        with pytest.raises(OperatorError):
            await office.identity.reconcile(OPERATOR, nobody, timedelta(0), at_most=at_most)
        assert await office.stored() == (3, 3, 3, 3, 3)
    report = await office.identity.reconcile(OPERATOR, nobody, timedelta(0), at_most=3)
    assert report == ReconcileReport(links=3)
    assert await office.stored() == (0, 0, 0, 0, 0)


async def test_only_the_operators_command_reconciles(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    with pytest.raises(Forbidden):
        await office.identity.reconcile(CLERK, nobody, timedelta(0))
    assert await office.stored() == (1, 1, 1, 1, 1)
    last = (await office.leaves())[-1]
    assert (last.kind, last.operation) == (LeafKind.REFUSAL, "reconcile")


async def test_a_number_that_was_freed_can_be_enrolled_again(office: Office) -> None:
    await office.enrol("doctor", individual_number=ONE)
    await office.identity.reconcile(OPERATOR, nobody, timedelta(0))
    again = new_licence_pseudonym()
    await office.enrol("nurse", again, individual_number=ONE)
    person = (await office.vault.links.link_of(again)).person
    assert await office.vault.numbers.reveal(person, FILE, INDIVIDUAL) == ONE
