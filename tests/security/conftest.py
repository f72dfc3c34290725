"""Two registers behind the API, with a doctor in each standing; callers of every role and scope."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from uuid import UUID, uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.certificates.entries import Draft, Format
from meibo.certificates.status.indices import Medium
from meibo.demo.holders import Row
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from meibo.settings import Settings
from tests.doctors import doctor_rows
from tests.installed import principal
from tests.security.api import Api
from tests.veterinarian.installed import BOTH
from tests.veterinarian.installed import entry as entry_of
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

NUMBER = "123456789018"
EVERYTHING = frozenset(Permission)
REGISTER = frozenset(
    [
        "registration_number",
        "registration_date",
        "family_name",
        "given_name",
        "family_name_kana",
        "given_name_kana",
        "birth_date",
        "sex_code",
        "domicile_code",
        "national_exam_pass_date",
        "national_exam_year",
        "received_date",
        "licence_type_code",
    ]
)
CHIEF = principal(Role.ADMINISTRATOR, BOTH, "chief", plus=EVERYTHING)


@dataclass(frozen=True, slots=True)
class Registers:
    """The API, and licences of doctors by standing (and one of a veterinarian)."""

    api: Api
    licences: dict[str, UUID]

    @property
    def ids(self) -> dict[str, str]:
        """The ids that callers use."""
        return {standing: self.api.licence_id(id) for standing, id in self.licences.items()}

    def granted(self, *without: Permission, professions: tuple[str, ...] = ("doctor",)) -> str:
        """A token with every permission but some."""
        taken = EVERYTHING - set(without)
        return self.api.tokens.grant(replace(CHIEF, permissions=taken, professions=frozenset(professions)))


def doctor(index: int = 0) -> dict[str, str]:
    """The items of a synthetic doctor's entry, by identifier."""
    return {name: value for name, value in _row(index).items() if value and name in REGISTER}


@cache
def _row(index: int) -> Row:
    return list(doctor_rows(index + 1))[index]


def entry(index: int, number: str | None = None) -> ActRequest:
    """A request to register a synthetic doctor, with an individual number if one is given."""
    values = doctor(index)
    return ActRequest(
        idempotency_key=str(uuid4()),
        effective_date=date.fromisoformat(values["registration_date"]),
        reason="101",
        legal_basis="register",
        values={"register": values},
        numbers={NumberKind.INDIVIDUAL_NUMBER: number} if number else {},
        verified_by=VerifiedBy.MY_NUMBER_CARD if number else None,
    )


def act(licence: UUID, verb: Verb) -> ActRequest:
    """A request for an act today, upon a licence that was only registered."""
    return ActRequest(
        idempotency_key=str(uuid4()), licence=licence, expected_version=1, effective_date=clock.today(), reason="703",
        legal_basis=verb.value,
    )  # fmt: skip


async def licences_of(installation: Installation) -> dict[str, UUID]:
    """A doctor of each standing, the registered one with a number in the vault, the suspended one with a certificate,
    the revoked one ordered to learn; and a veterinarian."""
    office, made = installation.office, dict[str, UUID]()
    for index, standing in enumerate(("registered", "suspended", "revoked", "struck_off")):
        outcome = await office.register(CHIEF, "doctor", entry(index, None if index else NUMBER))
        assert outcome.licence is not None
        made[standing] = outcome.licence
    ends = clock.today() + timedelta(days=90)
    draft = Draft(format=Format.SD_JWT, claims=["full_name"], medium=Medium.DIGITAL, expiry_date=ends)
    await installation.authority.entries.enter(installation.scopes.of("doctor"), [made["suspended"]], draft)
    end = clock.today() + timedelta(days=9)
    suspended = replace(
        act(made["suspended"], Verb.SUSPEND), kind="02", office_name="大臣", order_number="1", end_date=end
    )
    revoked = replace(act(made["revoked"], Verb.REVOKE), kind="03", office_name="大臣", order_number="2")
    await office.act(CHIEF, Verb.SUSPEND, suspended)
    revocation = await office.act(CHIEF, Verb.REVOKE, revoked)
    ordered = replace(act(made["revoked"], Verb.ORDER_REEDUCATION), expected_version=2)
    await office.act(CHIEF, Verb.ORDER_REEDUCATION, replace(ordered, disposition=revocation.action))
    await office.act(CHIEF, Verb.STRIKE_OFF, act(made["struck_off"], Verb.STRIKE_OFF))
    outcome = await office.register(CHIEF, "veterinarian", entry_of("veterinarian", number=None))
    assert outcome.licence is not None
    await installation.sequencer.run_once()  # So that auditors find what was done to the licences.
    return {**made, "veterinarian": outcome.licence}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Those of every test, for callers who ask more new documents than an account may."""
    return replace(settings, documents_per_second=10_000)


@pytest.fixture
async def api(installation: Installation) -> AsyncIterator[Api]:
    """The API over empty registers."""
    async with Api(installation) as opened:
        yield opened


@pytest.fixture
async def registers(api: Api) -> Registers:
    """The API over registers with licences in them."""
    return Registers(api, await licences_of(api.installation))
