"""Registering with numbers is one act: whole, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from meibo.audit.leaves import LeafKind
from meibo.errors import Forbidden, InvalidValue, NotFound, PluginError, Refused
from meibo.identity import Linked, NumberKind, VerifiedBy
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym
from tests.core.identity.conftest import Office
from tests.core.identity.stand_ins import CLERK, principal
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, RESIDENT, THREE, TWO

pytestmark = pytest.mark.anyio

INDIVIDUAL = NumberKind.INDIVIDUAL_NUMBER


async def test_a_licence_with_numbers_is_linked_enrolled_and_entered(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE, resident_code=RESIDENT)
    link = await office.vault.links.link_of(doctor)
    assert await office.vault.numbers.reveal(link.person, FILE, INDIVIDUAL) == ONE
    assert await office.vault.numbers.reveal(link.person, FILE, NumberKind.RESIDENT_CODE) == RESIDENT
    assert await office.register.exists([doctor]) == {doctor}
    assert await office.stored() == (1, 1, 2, 2, 2)


async def test_intent_comes_first_and_done_comes_last(office: Office) -> None:
    doctor = new_licence_pseudonym()
    seen: list[LeafKind] = []

    async def commit(linked: Linked) -> str:
        seen.extend(leaf.kind for leaf in await office.leaves())
        return linked.alias

    alias = await office.identity.enrol(
        CLERK,
        profession="doctor",
        file=FILE,
        pseudonym=doctor,
        numbers={INDIVIDUAL: ONE},
        verified_by=VerifiedBy.MY_NUMBER_CARD,
        operation="register",
        commit=commit,
    )
    assert alias == await office.vault.links.alias_of(doctor)
    assert seen == [LeafKind.INTENT]
    leaves, act = await office.leaves(), (await office.vault.links.link_of(doctor)).act
    assert [leaf.kind for leaf in leaves] == [LeafKind.INTENT, LeafKind.DONE]
    for leaf in leaves:
        assert (leaf.profession, leaf.operation, leaf.account) == ("doctor", "register", "clerk")
        assert (leaf.subjects, leaf.reference, leaf.outcome) == ((doctor,), str(act), "ok")


async def test_a_licence_without_numbers_gets_a_person_of_its_own(office: Office) -> None:
    await office.enrol("doctor")
    await office.enrol("nurse")
    assert await office.stored() == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("second", ["nurse", "pharmacist"])
async def test_a_second_profession_finds_the_same_person(office: Office, second: str) -> None:
    """In the same file and in another; the other file gets an enrolment of its own."""
    first = await office.enrol("doctor", individual_number=ONE)
    other = await office.enrol(second, individual_number=ONE)
    persons = await office.vault.links.persons_of([first, other])
    assert persons[first] == persons[other]
    enrolled = 1 if second == "nurse" else 2
    assert await office.stored() == (1, 2, enrolled, enrolled, enrolled)


async def test_a_person_has_one_licence_of_a_profession(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    before = await office.stored()
    with pytest.raises(Refused) as refused:
        await office.enrol(individual_number=ONE)
    assert [f.rule for f in refused.value.findings] == ["vault.one_licence"]
    assert await office.stored() == before
    assert (await office.leaves())[-1].outcome == "undone"


async def test_numbers_of_two_persons_are_refused(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    await office.enrol(individual_number=TWO, resident_code=RESIDENT)
    before = await office.stored()
    with pytest.raises(Refused) as refused:
        await office.enrol("nurse", individual_number=ONE, resident_code=RESIDENT)
    assert [f.rule for f in refused.value.findings] == ["vault.several_persons"]
    assert await office.stored() == before


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (Refused(), (0, 0, 0, 0, 0)),
        (RuntimeError(), (0, 0, 0, 0, 0)),
        (IntegrityError("", None, Exception()), (0, 0, 0, 0, 0)),
        (OperationalError("", None, Exception()), (1, 1, 1, 1, 1)),
        (ConnectionResetError(), (1, 1, 1, 1, 1)),
        (asyncio.CancelledError(), (1, 1, 1, 1, 1)),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_register_that_fails_takes_the_vault_along(
    office: Office, error: BaseException, left: tuple[int, ...]
) -> None:
    """At once where it has certainly not committed, else when reconcile has asked it."""

    async def commit(_linked: Linked) -> None:
        raise error

    with pytest.raises(type(error)):
        await office.identity.enrol(
            CLERK,
            profession="doctor",
            file=FILE,
            pseudonym=new_licence_pseudonym(),
            numbers={INDIVIDUAL: ONE},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="register",
            commit=commit,
        )
    assert await office.stored() == left
    await office.reconcile()
    assert await office.stored() == (0, 0, 0, 0, 0)


async def test_failing_again_does_not_harm_a_licence_that_is_there(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE)
    with pytest.raises(IntegrityError):
        await office.enrol(pseudonym=doctor, individual_number=ONE)
    person = (await office.vault.links.link_of(doctor)).person
    assert await office.vault.numbers.reveal(person, FILE, INDIVIDUAL) == ONE


async def test_one_persons_two_licences_at_once_are_one_person(office: Office) -> None:
    """Whichever act is first, the others find its person, in the same file and in another."""
    professions = ("doctor", "nurse", "pharmacist")
    done = await asyncio.gather(*(office.enrol(each, individual_number=ONE) for each in professions))
    assert len(set((await office.vault.links.persons_of(done)).values())) == 1
    assert await office.stored() == (1, 3, 2, 2, 2)
    assert (await office.reconcile()).links == 0


async def test_one_licence_at_once_by_two_clerks_is_one_licence(office: Office) -> None:
    done = await asyncio.gather(
        *(office.enrol(individual_number=ONE) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["Refused", "str"]
    assert await office.stored() == (1, 1, 1, 1, 1)


async def test_a_failing_act_leaves_the_number_that_another_relies_on(office: Office) -> None:
    """The nurse's act enrolled the number of their file, the doctor's relies on it, the nurse's fails."""
    doctor, nurse = new_licence_pseudonym(), new_licence_pseudonym()

    async def commit(_linked: Linked) -> None:
        await office.enrol("doctor", doctor, individual_number=ONE)
        raise Refused

    with pytest.raises(Refused):
        await office.identity.enrol(
            CLERK,
            profession="nurse",
            file=FILE,
            pseudonym=nurse,
            numbers={INDIVIDUAL: ONE},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="register",
            commit=commit,
        )
    await office.reconcile()
    person = (await office.vault.links.link_of(doctor)).person
    assert await office.vault.numbers.reveal(person, FILE, INDIVIDUAL) == ONE
    assert await office.stored() == (1, 1, 1, 1, 1)


async def test_a_changed_number_replaces_the_present_one(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE)
    await office.enrol_for(doctor, individual_number=TWO)
    person = (await office.vault.links.link_of(doctor)).person
    assert await office.vault.numbers.reveal(person, FILE, INDIVIDUAL) == TWO
    assert await office.vault.numbers.find(FILE, INDIVIDUAL, ONE) == person


async def test_a_licence_without_numbers_goes_to_the_person_whose_number_it_gets(office: Office) -> None:
    pharmacist = await office.enrol("pharmacist", individual_number=ONE)
    doctor = await office.enrol("doctor")
    await office.enrol_for(doctor, individual_number=ONE)
    persons = await office.vault.links.persons_of([pharmacist, doctor])
    assert persons[pharmacist] == persons[doctor]
    assert await office.stored() == (1, 2, 2, 2, 2)


@pytest.mark.parametrize("case", ["numbers of her own", "a licence of hers", "the same profession"])
async def test_two_persons_are_not_mixed(office: Office, case: str) -> None:
    """The number is another's; and hers is more than a lone licence, or theirs is of the same profession."""
    await office.enrol("doctor" if case == "the same profession" else "pharmacist", individual_number=ONE)
    numbers = {"individual_number": TWO} if case == "numbers of her own" else {}
    doctor = await office.enrol("doctor", None, **numbers)
    if case == "a licence of hers":
        owner = (await office.vault.links.link_of(doctor)).person
        await office.vault.links.link(new_licence_pseudonym(), "nurse", FILE, owner)
    before = await office.stored()
    with pytest.raises(Refused):
        await office.enrol_for(doctor, individual_number=ONE)
    assert await office.stored() == before


@pytest.mark.parametrize(
    ("profession", "pseudonym"),
    [("doctor", new_licence_pseudonym()), ("nurse", None)],
    ids=["unknown", "another's"],
)
async def test_numbers_need_a_licence(
    office: Office, profession: str, pseudonym: LicencePseudonym | None
) -> None:
    doctor = await office.enrol("doctor")
    with pytest.raises(NotFound):
        await office.enrol_for(pseudonym or doctor, profession, individual_number=ONE)
    assert await office.stored() == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"numbers": {INDIVIDUAL: "123456789010"}}, InvalidValue),
        ({"verified_by": None}, Refused),
        ({"file": "nowhere"}, PluginError),
        ({"profession": "dentist"}, Forbidden),
    ],
    ids=["check digit", "not verified", "file", "scope"],
)
async def test_what_is_wrong_is_refused_before_anything_is_written(
    office: Office, change: Mapping[str, object], error: type[Exception]
) -> None:
    async def commit(_linked: Linked) -> None:
        raise AssertionError("The register is not asked.")

    given: dict[str, object] = {
        "profession": "doctor",
        "file": FILE,
        "pseudonym": new_licence_pseudonym(),
        "numbers": {INDIVIDUAL: THREE},
        "verified_by": VerifiedBy.MY_NUMBER_CARD,
        "operation": "register",
        "commit": commit,
    }
    with pytest.raises(error):
        await office.identity.enrol(CLERK, **(given | dict(change)))  # type: ignore[arg-type]
    assert await office.stored() == (0, 0, 0, 0, 0)
    assert [leaf.kind for leaf in await office.leaves()] == ([LeafKind.REFUSAL] if error is Forbidden else [])


async def test_without_permission_there_is_a_refusal_leaf_and_nothing_else(office: Office) -> None:
    nobody = principal()
    with pytest.raises(Forbidden):
        await office.identity.enrol_for(
            nobody,
            profession="pharmacist",
            file=OTHER_FILE,
            pseudonym=new_licence_pseudonym(),
            numbers={INDIVIDUAL: ONE},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="enrolNumber",
        )
    [leaf] = await office.leaves()
    assert (leaf.kind, leaf.operation, leaf.profession) == (LeafKind.REFUSAL, "enrolNumber", "pharmacist")
    assert (leaf.outcome, leaf.subjects) == ("FORBIDDEN", ())
