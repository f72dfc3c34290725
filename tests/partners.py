"""Partners for tests: an application, an approved one, and keys that it signs with (made anew each time)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.principals import Principal
from meibo.consent import Purpose, Recipient
from meibo.database.stores import Store
from meibo.installation import Installation
from meibo.partners import ActRequest, Application, Binding, Partner, PartnerState, PartnerVerb, rows
from tests.installed import principal

NUMBER = "7000012050002"
"""法人番号 of the national tax agency itself."""
HOSPITAL = Recipient(partner=f"p-{'1' * 20}", name="聖路加病院")
CLINIC = Recipient(partner=f"p-{'2' * 20}", name="Clinic")
APPLICANT = principal(Role.OFFICER, account="applicant")
APPROVER = principal(Role.ADMINISTRATOR, account="approver")


def new_key() -> ECKey:
    """A key pair as a partner makes it."""
    return ECKey.generate_key("P-256", auto_kid=True)


def jwks(*keys: ECKey) -> dict[str, Any]:
    """The key set that a partner uploads."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def application(key: ECKey | None = None, **changes: Any) -> Application:
    """What a hospital applies for."""
    made = Application(
        name="見本病院",
        corporate_number=NUMBER,
        purpose=Purpose.EMPLOYMENT,
        claims=("full_name", "doctor.registration_number"),
        binding=Binding.DPOP,
        jwks=jwks(key or new_key()),
        addresses=("https://hospital.example/back",),
        contact="desk@hospital.example",
        expiry_date=clock.today() + timedelta(days=365),
    )
    return replace(made, **changes)


def request(partner: Partner | None = None, **changes: Any) -> ActRequest:
    """An act on a partner as it stands."""
    made = ActRequest(
        idempotency_key=str(uuid4()),
        reason="test",
        partner=partner.id if partner else "",
        expected_version=partner.version if partner else None,
    )
    return replace(made, **changes)


async def applied(installation: Installation, key: ECKey | None = None, **changes: Any) -> Partner:
    """A partner that waits for a second person."""
    made = await installation.partners.apply(APPLICANT, application(key, **changes), request())
    assert made is not None
    return made


async def acted(
    installation: Installation, by: Principal, verb: PartnerVerb, partner: Partner, **changes: Any
) -> Partner:
    """The partner after an act."""
    made = await installation.partners.act(by, verb, request(partner, **changes))
    assert made is not None
    return made


async def approved(installation: Installation, key: ECKey | None = None, **changes: Any) -> Partner:
    """A partner that may call."""
    waiting = await applied(installation, key, **changes)
    return await acted(installation, APPROVER, PartnerVerb.APPROVE, waiting)


async def enter_partner(installation: Installation, recipient: Recipient, **changes: Any) -> None:
    """Enter an approved partner under a recipient's own id; without a cap it may see what tests share."""
    given = application()
    made = Partner(
        id=recipient.partner or "", version=1, state=PartnerState.APPROVED, name=recipient.name,
        corporate_number=given.corporate_number, purpose=given.purpose, binding=given.binding, keys=(),
        claims=tuple(recipient.cap or ("profession", "full_name", "registration_number")),
        contact=given.contact, expiry_date=given.expiry_date,
    )  # fmt: skip
    async with installation.databases[Store.REGISTER].write() as work:
        await rows.write(work.connection, replace(made, **changes))
        await work.commit()


@dataclass(frozen=True, slots=True)
class Calling:
    """An approved partner and the key that it signs with."""

    partner: Partner
    key: ECKey
