"""A partner of a demo: applied for by one officer and approved by another, as in an office."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from meibo import clock
from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal
from meibo.access.tokens import command_principal
from meibo.consent import Purpose
from meibo.demo.employees.people import EMPLOYEES
from meibo.errors import OperatorError
from meibo.installation import Installation
from meibo.partners import ActRequest, Application, Binding, Partner, PartnerVerb

CORPORATE_NUMBER = "7000012050002"
"""The national tax agency's own, which it publishes as its example: no hospital has it."""
LASTS = timedelta(days=365)
REASON = "見本の連携先"


async def register(installation: Installation, name: str, jwks: Path) -> Partner:
    """An approved partner with the public keys in a file; raises OperatorError in what is no demo, Refused for keys
    that are none."""
    if not installation.is_demo:
        raise OperatorError(
            "This is no demo: a partner is applied for and approved by two people of the office."
        )
    application = Application(
        name=name, corporate_number=CORPORATE_NUMBER, purpose=Purpose.EMPLOYMENT,
        claims=_claims(installation), binding=Binding.DPOP, jwks=_read(jwks),
        contact="desk@hospital.example", expiry_date=clock.today() + LASTS,
    )  # fmt: skip
    waiting = await installation.partners.apply(
        _officer(installation, "demo-officer", Role.OFFICER), application, _request()
    )
    assert waiting is not None  # It is only validated where that is asked for.
    approved = await installation.partners.act(
        _officer(installation, "demo-administrator", Role.ADMINISTRATOR),
        PartnerVerb.APPROVE,
        replace(_request(), partner=waiting.id, expected_version=waiting.version),
    )
    assert approved is not None
    return approved


def _claims(installation: Installation) -> tuple[str, ...]:
    """Everything that the employees' certificates show."""
    professions = {each.profession for each in EMPLOYEES} & installation.host.professions.keys()
    return tuple(sorted({claim.name for code in professions for claim in installation.host[code].claims}))


def _read(jwks: Path) -> Any:
    try:
        return orjson.loads(jwks.read_bytes())
    except orjson.JSONDecodeError as error:
        raise OperatorError("The file of keys is no JSON: give a JWKS.") from error


def _officer(installation: Installation, account: str, role: Role) -> Principal:
    operator = command_principal("demo", installation.host.professions)
    return replace(operator, account=account, permissions=ROLES[role])


def _request() -> ActRequest:
    return ActRequest(idempotency_key=str(uuid4()), reason=REASON)
