"""Finding by a number, revealing one, and asking whether one is held."""

from __future__ import annotations

import pytest

from meibo.access.permissions import Permission
from meibo.audit.leaves import LeafKind
from meibo.errors import (
    AuditUnavailable,
    Forbidden,
    InvalidValue,
    MeiboError,
    NotFound,
    NumberDestroyed,
    Refused,
)
from meibo.identity import NumberKind, NumberStatus
from meibo.values.pseudonyms import new_licence_pseudonym
from tests.core.identity.conftest import Office
from tests.core.identity.stand_ins import CLERK, principal
from tests.core.vault.numerals import FILE, ONE, OTHER_FILE, TWO

pytestmark = pytest.mark.anyio

INDIVIDUAL = NumberKind.INDIVIDUAL_NUMBER
FINDER = principal(Permission.NUMBER_FIND)
REVEALER = principal(Permission.NUMBER_REVEAL)
WHY, LAW = "まっ消の照会", "番号法9条1項"


async def reveal(office: Office, licence: str, /, **change: object) -> str:
    given: dict[str, object] = {"profession": "doctor", "file": FILE, "kind": INDIVIDUAL}
    given |= {"pseudonym": licence, "purpose": WHY, "legal_basis": LAW} | change
    return await office.identity.reveal(REVEALER, **given)  # type: ignore[arg-type]


async def test_a_number_goes_in_and_the_pseudonym_comes_out(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE)
    assert await office.identity.find(FINDER, "doctor", FILE, ONE) == doctor
    leaf = (await office.leaves())[-1]
    assert (leaf.kind, leaf.subjects, leaf.profession) == (LeafKind.FIND, (doctor,), "doctor")
    assert [len(term) for term in leaf.terms] == [64]


async def test_a_search_without_success_is_recorded_too(office: Office) -> None:
    await office.enrol(individual_number=ONE)
    for profession, file, number in (
        ("doctor", FILE, TWO),
        ("nurse", FILE, ONE),
        ("pharmacist", OTHER_FILE, ONE),
    ):
        assert await office.identity.find(FINDER, profession, file, number) is None
    leaves = [leaf for leaf in await office.leaves() if leaf.kind is LeafKind.FIND]
    assert [(leaf.profession, leaf.subjects) for leaf in leaves] == [
        ("doctor", ()),
        ("nurse", ()),
        ("pharmacist", ()),
    ]
    assert len({leaf.terms for leaf in leaves}) == 3


async def test_a_number_is_revealed_with_a_leaf_that_says_why(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE)
    assert await reveal(office, doctor) == ONE
    leaf = (await office.leaves())[-1]
    assert (leaf.kind, leaf.subjects, leaf.outcome) == (LeafKind.REVEAL, (doctor,), "ok")
    assert (leaf.purpose, leaf.legal_basis) == (WHY, LAW)


async def test_no_number_leaves_without_a_leaf(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = await office.enrol(individual_number=ONE)

    async def unavailable(*_leaves: object) -> None:
        raise AuditUnavailable

    monkeypatch.setattr(office.identity._audit, "record", unavailable)
    with pytest.raises(AuditUnavailable):
        await reveal(office, doctor)
    with pytest.raises(AuditUnavailable):
        await office.identity.find(FINDER, "doctor", FILE, ONE)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"purpose": " "}, Refused),
        ({"legal_basis": ""}, Refused),
        ({"kind": NumberKind.RESIDENT_CODE}, NotFound),
        ({"profession": "nurse"}, NotFound),
        ({"file": OTHER_FILE}, NotFound),
        ({"pseudonym": new_licence_pseudonym()}, NotFound),
        ({"profession": "dentist"}, Forbidden),
    ],
)
async def test_nothing_is_revealed_otherwise(
    office: Office, change: dict[str, object], error: type[MeiboError]
) -> None:
    doctor = await office.enrol(individual_number=ONE)
    with pytest.raises(error):
        await reveal(office, doctor, **change)
    last = (await office.leaves())[-1]
    expected = {Refused: (LeafKind.DONE, "ok"), NotFound: (LeafKind.REVEAL, "NOT_FOUND")}
    assert (last.kind, last.outcome) == expected.get(error, (LeafKind.REFUSAL, "FORBIDDEN"))


async def test_a_destroyed_number_is_told_as_such(office: Office) -> None:
    doctor = await office.enrol(individual_number=ONE)
    person = (await office.vault.links.link_of(doctor)).person
    await office.vault.numbers.destroy(person, FILE, [INDIVIDUAL])
    with pytest.raises(NumberDestroyed):
        await reveal(office, doctor)
    assert (await office.leaves())[-1].outcome == "NUMBER_DESTROYED"
    status = (await office.identity.statuses([doctor], FILE))[doctor]
    assert (status.held, status.destroyed_at is None) == (False, False)


@pytest.mark.parametrize("act", ["find", "reveal"])
async def test_a_clerk_without_the_permission_learns_nothing(office: Office, act: str) -> None:
    doctor = await office.enrol(individual_number=ONE)
    attempt = (
        office.identity.find(CLERK, "doctor", FILE, ONE)
        if act == "find"
        else office.identity.reveal(
            CLERK,
            profession="doctor",
            file=FILE,
            pseudonym=doctor,
            kind=INDIVIDUAL,
            purpose=WHY,
            legal_basis=LAW,
        )
    )
    with pytest.raises(Forbidden):
        await attempt
    leaf = (await office.leaves())[-1]
    assert (leaf.kind, leaf.operation, leaf.terms, leaf.subjects) == (
        LeafKind.REFUSAL,
        f"number.{act}",
        (),
        (),
    )


async def test_what_is_no_number_finds_nothing(office: Office) -> None:
    with pytest.raises(InvalidValue):
        await office.identity.find(FINDER, "doctor", FILE, "123456789010")


async def test_statuses_answer_for_every_licence(office: Office) -> None:
    held, empty = await office.enrol(individual_number=ONE), await office.enrol("nurse")
    unknown = new_licence_pseudonym()
    assert await office.identity.statuses([held, empty, unknown], FILE) == {
        held: NumberStatus(held=True),
        empty: NumberStatus(held=False),
        unknown: NumberStatus(held=False),
    }
