"""No number in an exception, a log line, a repr or a leaf, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text, update

from meibo.access.permissions import Permission
from meibo.database.stores import Store
from meibo.identity import Linked, NumberKind, VerifiedBy
from meibo.identity.acts import Enrolment
from meibo.values.pseudonyms import new_licence_pseudonym
from meibo.vault.tables import enrolment
from tests.core.identity.conftest import Office
from tests.core.identity.stand_ins import CLERK, principal
from tests.core.vault.numerals import FILE, ONE, RESIDENT, TWO, act

pytestmark = pytest.mark.anyio

INDIVIDUAL, CARD = NumberKind.INDIVIDUAL_NUMBER, VerifiedBy.MY_NUMBER_CARD
WRONG = "123456789010"
FINDER = principal(Permission.NUMBER_FIND, Permission.NUMBER_REVEAL)


async def wrong_digit(office: Office) -> None:
    await office.enrol(individual_number=WRONG)


async def searched_wrongly(office: Office) -> None:
    await office.identity.find(FINDER, "doctor", FILE, WRONG)


async def second_licence(office: Office) -> None:
    await office.enrol(individual_number=ONE)


async def two_persons(office: Office) -> None:
    await office.enrol("nurse", individual_number=TWO, resident_code=RESIDENT)
    await office.enrol("nurse", individual_number=ONE, resident_code=RESIDENT)


async def anothers_number(office: Office) -> None:
    person = (await office.vault.links.link(new_licence_pseudonym(), "nurse", FILE)).person
    await office.vault.numbers.enrol(act(7), person, FILE, INDIVIDUAL, ONE, CARD)


async def forbidden(office: Office) -> None:
    await office.identity.find(CLERK, "doctor", FILE, ONE)


async def broken_seal(office: Office) -> None:
    await office.vault.change(Store.NUMBERS, update(enrolment).values(sealed=b"x" * 188))
    await revealed(office)


async def lost_administrator(office: Office) -> None:
    (office.vault.keys.folder / f"numbers/{FILE}.1").unlink()
    office.vault.keys._known.clear()
    await revealed(office)


async def destroyed(office: Office) -> None:
    person = (await office.vault.links.link_of(DOCTOR)).person
    await office.vault.numbers.destroy(person, FILE, [INDIVIDUAL])
    await revealed(office)


async def database_gone(office: Office) -> None:
    """The driver's own error, which repeats the statement's values."""
    async with office.vault.databases[Store.NUMBERS].read() as connection:
        await connection.execute(text("SELECT * FROM no_such_table WHERE x = :person"), {"person": DOCTOR})


async def register_fails(office: Office) -> None:
    async def commit(_linked: Linked) -> None:
        raise ConnectionResetError

    await office.identity.enrol(
        CLERK,
        profession="nurse",
        file=FILE,
        pseudonym=new_licence_pseudonym(),
        numbers={INDIVIDUAL: TWO, NumberKind.RESIDENT_CODE: RESIDENT},
        verified_by=CARD,
        operation="register",
        commit=commit,
    )


async def key_store_fails(office: Office) -> None:
    """Enrolment meets a key store that refuses: the database's error must not repeat a hash's number either."""
    office.vault.keys.folder.joinpath(f"lookup/{FILE}.1").write_bytes(b"short")
    office.vault.keys._known.clear()
    office.vault.keys._newest.clear()
    await office.enrol("nurse", individual_number=TWO)


async def revealed(office: Office) -> None:
    await office.identity.reveal(
        FINDER,
        profession="doctor",
        file=FILE,
        pseudonym=DOCTOR,
        kind=INDIVIDUAL,
        purpose="照会",
        legal_basis="番号法9条1項",
    )


DOCTOR = new_licence_pseudonym()
BAD_PATHS: list[Callable[[Office], Awaitable[None]]] = [
    wrong_digit,
    searched_wrongly,
    second_licence,
    two_persons,
    anothers_number,
    forbidden,
    broken_seal,
    lost_administrator,
    destroyed,
    database_gone,
    register_fails,
    key_store_fails,
]


@pytest.fixture
async def registered(office: Office) -> Office:
    await office.enrol("doctor", DOCTOR, individual_number=ONE)
    return office


@pytest.mark.parametrize("bad_path", BAD_PATHS, ids=lambda path: path.__name__)
async def test_nothing_that_goes_wrong_tells_a_number(
    registered: Office, bad_path: Callable[[Office], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "meibo")
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await bad_path(registered)
    error: BaseException | None = caught.value
    told = ["".join(traceback.TracebackException.from_exception(caught.value).format()), caplog.text]
    while error is not None:
        told += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    told += [str(leaf) for leaf in await registered.leaves()]
    for number in (ONE, TWO, WRONG, RESIDENT):
        assert number not in "".join(told)
        assert number[:8] not in "".join(told)


def test_what_holds_numbers_does_not_print_them() -> None:
    wanted = Enrolment(
        profession="doctor", file=FILE, pseudonym=DOCTOR, numbers={INDIVIDUAL: ONE}, verified_by=CARD
    )
    assert ONE not in f"{wanted!r} {wanted}"
    assert DOCTOR in repr(wanted)
