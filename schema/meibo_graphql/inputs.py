"""The inputs and payloads of the verbs that exist once; those that carry items are made for each profession."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from meibo.identity import VerifiedBy
from meibo_graphql import types
from meibo_graphql.licences import Licence


@strawberry.type(description="The licence as it is now, the action, and why it was refused if it was.")
class LicencePayload:
    licence: Licence | None
    action: types.Action | None
    user_errors: list[types.UserError]


@strawberry.input(description="A verb that carries no items.")
class LicenceActInput:
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, new for each act; the same again does nothing twice. Kept 7 days."
    )
    licence_id: strawberry.ID
    expected_version: int = strawberry.field(description="Licence.version as you read it.")
    effective_date: date = strawberry.field(
        description="The day on which it takes effect; not in the future."
    )
    reason: str = strawberry.field(description="A code of the reasons' table.")
    legal_basis: strawberry.ID = strawberry.field(description="An id of Profession.legalBases.")
    reason_text: str | None = None
    validate_only: bool = False


@strawberry.input(description="Add to a disposition what the office did later.")
class DispositionActInput:
    idempotency_key: strawberry.ID
    disposition_id: strawberry.ID
    expected_version: int = strawberry.field(description="Licence.version as you read it.")
    effective_date: date = strawberry.field(description="The day of the act; not in the future.")
    reason: str
    legal_basis: strawberry.ID
    reason_text: str | None = None
    validate_only: bool = False


@strawberry.input(description="Reprimand: the standing is unchanged.")
class ReprimandLicenceInput:
    idempotency_key: strawberry.ID
    licence_id: strawberry.ID
    expected_version: int
    kind: str = strawberry.field(description="The code of one of Profession.measures.")
    office_name: str = strawberry.field(description="Who ordered it.")
    office_code: str | None = None
    order_number: str = strawberry.field(description="発簡番号.")
    ordered_date: date = strawberry.field(description="The day of the order; not in the future.")
    reason: str
    legal_basis: strawberry.ID
    reason_text: str | None = None
    validate_only: bool = False


@strawberry.input(description="Suspend from one day to another, both included; it begins and ends by itself.")
class SuspendLicenceInput(ReprimandLicenceInput):
    start_date: date = strawberry.field(description="The first day; may lie in the future.")
    end_date: date


@strawberry.input(description="Revoke the licence.")
class RevokeLicenceInput(ReprimandLicenceInput):
    start_date: date | None = strawberry.field(
        default=None, description="The first day without a licence; left out: the day of the order."
    )


@strawberry.enum(description="A number that the vault keeps.")
class NumberName(Enum):
    INDIVIDUAL_NUMBER = "individual_number"
    INSTITUTION_CODE = "institution_code"
    RESIDENT_CODE = "resident_code"


@strawberry.input(description="Give a number to the vault, for a licence that stands.")
class EnrolNumberInput:
    licence_id: strawberry.ID
    kind: NumberName = NumberName.INDIVIDUAL_NUMBER
    number: str = strawberry.field(description="As a variable only, never as a literal.")
    verified_by: VerifiedBy


@strawberry.type
class EnrolNumberPayload:
    status: types.NumberStatus | None
    user_errors: list[types.UserError]


@strawberry.input(
    description="See a number. Purpose and legal basis stand in the audit log before the answer leaves."
)
class RevealNumberInput:
    licence_id: strawberry.ID
    kind: NumberName = NumberName.INDIVIDUAL_NUMBER
    purpose: str
    legal_basis: strawberry.ID


@strawberry.type(description="It has no id, so that no cache keeps it.")
class RevealNumberPayload:
    number: str | None
    user_errors: list[types.UserError]
