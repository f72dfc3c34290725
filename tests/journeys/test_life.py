"""One doctor's whole life in the register, on every database."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.errors import StaleVersion
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation
from meibo.register.fold import State, Verb
from meibo.registry.requests import ActRequest
from tests.doctors import doctor_rows
from tests.installed import principal


def values(index: int = 0) -> dict[str, dict[str, str]]:
    """A synthetic doctor's items as an API hands them in."""
    row = list(doctor_rows(index + 1))[index]
    return {"register": {k: v for k, v in row.items() if v and k in REGISTER}}


REGISTER = frozenset(
    {
        "birth_date",
        "domicile_code",
        "family_name",
        "family_name_kana",
        "given_name",
        "given_name_kana",
        "licence_type_code",
        "national_exam_pass_date",
        "national_exam_year",
        "received_date",
        "registration_date",
        "registration_number",
        "sex_code",
    }
)


async def test_registered_suspended_and_standing_again(installation: Installation) -> None:
    office, officer = installation.office, principal(Role.OFFICER)
    given = values()
    made = await office.register(
        officer,
        "doctor",
        ActRequest(
            idempotency_key="one",
            effective_date=date.fromisoformat(given["register"]["registration_date"]),
            reason="101",
            legal_basis="register",
            values=given,
            numbers={NumberKind.INDIVIDUAL_NUMBER: "123456789018"},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
        ),
    )
    assert made.licence is not None
    reader = installation.reader(officer, "test")
    today = clock.today()
    suspension = ActRequest(
        idempotency_key=str(uuid4()), licence=made.licence, expected_version=1, effective_date=today, reason="703",
        legal_basis="suspend", kind="02", office_name="大臣", order_number="1", end_date=today + timedelta(days=9),
    )  # fmt: skip
    await office.act(officer, Verb.SUSPEND, suspension)
    [head] = await reader.heads([made.licence])
    assert head is not None
    assert head.state is State.SUSPENDED
    ten_days_on = today + timedelta(days=10)
    assert await reader.state_on([head], ten_days_on - timedelta(days=1)) == [State.SUSPENDED]
    assert await reader.state_on([head], ten_days_on) == [State.REGISTERED]
    with pytest.raises(StaleVersion):
        await office.act(officer, Verb.LIFT_SUSPENSION, suspension)
