"""A correction of a name: locked, checked against the expected version, done once for each key, kept as history."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import strawberry
from models import CorrectionRow, DoctorRow, sessions
from sqlalchemy import select


@strawberry.input
class CorrectionInput:
    """The names that a doctor has from a day on, and why."""

    idempotency_key: strawberry.ID
    id: strawberry.ID
    expected_version: int
    effective_date: date
    reason: str
    family_name: str
    given_name: str


@strawberry.type
class Correction:
    """The doctor's version after the correction, or the code of what kept it from being done."""

    version: int | None = None
    error: str | None = None


async def correct(input: CorrectionInput) -> Correction:
    """One transaction; nothing is kept where the version is stale."""
    async with sessions.begin() as session:
        earlier = await session.scalar(
            select(CorrectionRow.version).where(CorrectionRow.idempotency_key == str(input.idempotency_key))
        )
        if earlier is not None:
            return Correction(version=earlier)
        doctor = await session.get(DoctorRow, uuid.UUID(input.id), with_for_update=True)
        if doctor is None:
            return Correction(error="NOT_FOUND")
        if doctor.version != input.expected_version:
            return Correction(error="STALE_VERSION")
        session.add(
            CorrectionRow(
                doctor_id=doctor.id,
                idempotency_key=str(input.idempotency_key),
                version=doctor.version + 1,
                reason=input.reason,
                effective_date=input.effective_date,
                recorded_at=datetime.now(UTC),
                family_name_before=doctor.family_name,
                given_name_before=doctor.given_name,
                family_name=input.family_name,
                given_name=input.given_name,
            )
        )
        doctor.family_name, doctor.given_name = input.family_name, input.given_name
        doctor.version += 1
    return Correction(version=doctor.version)
