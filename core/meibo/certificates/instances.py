"""Certificates as their licence's holder and office are told of them: what stands in them by name, and whether they
hold. Never their text: that is in the wallet alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.certificates.entries import Format
from meibo.certificates.standing import EndReason
from meibo.certificates.status.lists import Status
from meibo.certificates.tables import certificate


class InstanceState(StrEnum):
    """Whether a certificate holds: as a verifier finds it, but that one which its holder ended is told apart."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


STATE_OF: Mapping[int, InstanceState] = {
    Status.VALID: InstanceState.VALID,
    Status.INVALID: InstanceState.REVOKED,
    Status.SUSPENDED: InstanceState.SUSPENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One certificate; it holds until `expiry_date` begins."""

    id: UUID
    licence: UUID
    format: Format
    claims: tuple[str, ...]
    status: Status
    issued_at: datetime
    expiry_date: date
    ended_at: datetime | None
    end_reason: EndReason | None

    @property
    def issued_date(self) -> date:
        """The day in Japan."""
        return clock.japan_day(self.issued_at)

    def state(self, day: date) -> InstanceState:
        """Whether it holds on a day, by what is stored."""
        if self.end_reason:
            withdrawn = self.end_reason is EndReason.WITHDRAWN
            return InstanceState.WITHDRAWN if withdrawn else InstanceState.REVOKED
        return InstanceState.EXPIRED if self.expiry_date <= day else STATE_OF[self.status]


async def instances(connection: AsyncConnection, licences: Iterable[UUID]) -> list[Instance]:
    """The certificates of licences, the newest first."""
    row = certificate.c
    found = select(certificate).where(row.licence_id.in_(list(licences)))
    rows = await connection.execute(found.order_by(row.issued_at.desc(), row.id))
    return [instance_of(each) for each in rows]


async def under(connection: AsyncConnection, licence: UUID, key_mac: bytes) -> Instance | None:
    """The certificate of a licence that was issued under an idempotency key, by the key's MAC."""
    row = certificate.c
    found = select(certificate).where(row.licence_id == licence, row.request == key_mac)
    known = (await connection.execute(found)).one_or_none()
    return instance_of(known) if known else None


def instance_of(row: Row[Any]) -> Instance:
    """A row of the register as it is told."""
    return Instance(
        id=row.id,
        licence=row.licence_id,
        format=Format(row.format),
        claims=tuple(row.claims.split()),
        status=Status(row.status),
        issued_at=row.issued_at,
        expiry_date=row.expiry_date,
        ended_at=row.ended_at,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
    )
