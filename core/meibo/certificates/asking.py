"""What is asked for by a holder is issued once, within limits, and says what the register says: checked under the lock
of the licence, in the transaction that enters the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.certificates import nonces, refusals
from meibo.certificates.outcomes import Reason
from meibo.certificates.tables import certificate
from meibo.errors import Refused

MOST_AT_ONCE = 20
"""Certificates of one licence that stand at once: a few devices and what was printed."""
MOST_A_DAY = 40
"""Certificates of one licence within 24 hours, ended ones too: nobody uses up a list of indices."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A holder's request for one certificate: its id to be, the version of the licence that it tells of, the MAC of the
    idempotency key, and the nonce that the holder's proof was made upon."""

    id: UUID
    version: int
    key_mac: bytes | None = None
    nonce: str | None = field(default=None, repr=False)


async def check(connection: AsyncConnection, licence: UUID, version: int, asked: Asked, at: datetime) -> None:
    """Raise Refused unless a licence, held by this transaction at a version, gets what was asked for; its nonce is used
    with the commit."""
    if asked.key_mac and await _is_known(connection, licence, asked.key_mac):
        raise Refused(refusals.issued_already())
    if version != asked.version:
        raise Refused(refusals.changed())  # Else it would say what was corrected, and be ended by nobody.
    standing, lately = await _counts(connection, licence, at)
    if standing >= MOST_AT_ONCE:
        raise Refused(refusals.too_many(MOST_AT_ONCE))
    if lately >= MOST_A_DAY:
        raise Refused(refusals.too_often(MOST_A_DAY))
    if asked.nonce and not await nonces.use(connection, asked.nonce, at):
        raise Refused(refusals.proof(Reason.REPLAYED))


async def _is_known(connection: AsyncConnection, licence: UUID, key_mac: bytes) -> bool:
    row = certificate.c
    found = select(row.id).where(row.licence_id == licence, row.request == key_mac)
    return (await connection.execute(found)).first() is not None


async def _counts(connection: AsyncConnection, licence: UUID, at: datetime) -> tuple[int, int]:
    """How many certificates of a licence stand, and how many were entered within a day."""
    row = certificate.c
    counted = select(
        func.count().filter(row.ended_at.is_(None), row.expiry_date > clock.japan_day(at)),
        func.count().filter(row.issued_at > at - DAY),
    ).where(row.licence_id == licence)
    standing, lately = (await connection.execute(counted)).one()
    return standing, lately
