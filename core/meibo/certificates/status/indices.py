"""Indices in status lists: given out once, in an order that nobody without the key can follow.

    digital certificates   lists by the month in which they end
    paper                  lists by the year in which it was issued

A list takes 2^20 certificates; the next one is begun when it is full. An index is never given out again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.certificates.status.lists import SIZE
from meibo.certificates.tables import status_list
from meibo.crypto.keys import Key, KeyProvider, derive

KEY = "status-index"
ID_BYTES = 9
HALF_BITS = (SIZE.bit_length() - 1) // 2
HALF = (1 << HALF_BITS) - 1
ROUNDS = 6


class Medium(StrEnum):
    """Where a certificate lives."""

    DIGITAL = "digital"
    PAPER = "paper"


def period(medium: Medium, issued_date: date, expiry_date: date) -> str:
    """Which lists a certificate belongs to."""
    return f"{expiry_date:%Y-%m}" if medium is Medium.DIGITAL else f"{issued_date:%Y}"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of a list."""

    list: str
    index: int


def permuted(key: Key, position: int) -> int:
    """The index that is given out at a position: a Feistel network over 20 bits, so that no two are alike."""
    left, right = position >> HALF_BITS, position & HALF
    for turn in range(ROUNDS):
        message = turn.to_bytes() + right.to_bytes(2)
        mixed = int.from_bytes(blake2b(message, key=key.secret, digest_size=2).digest()) & HALF
        left, right = right, left ^ mixed
    return left << HALF_BITS | right


@dataclass(frozen=True, slots=True)
class Indices:
    """Gives out indices within a unit of work: kept if that is committed, and not known to anybody before."""

    keys: KeyProvider

    async def take(
        self, connection: AsyncConnection, medium: Medium, issued_date: date, expiry_date: date, count: int
    ) -> list[Place]:
        """So many entries for certificates that end on a day."""
        places: list[Place] = []
        while len(places) < count:
            row = await self._open(connection, medium, period(medium, issued_date, expiry_date), expiry_date)
            taken = min(count - len(places), SIZE - row.used)
            await connection.execute(
                update(status_list)
                .where(status_list.c.id == row.id)
                .values(used=row.used + taken, ends_date=max(row.ends_date, expiry_date))
            )
            key = derive(self.keys.version(KEY, row.key_version), row.id)
            places += [Place(row.id, permuted(key, row.used + each)) for each in range(taken)]
        return places

    async def _open(
        self, connection: AsyncConnection, medium: Medium, period: str, expiry_date: date
    ) -> Row[Any]:
        """The newest list of a period, held until the commit; a new one where that is full, or there is none."""
        while True:
            found = await connection.execute(
                select(status_list)
                .where(status_list.c.medium == medium, status_list.c.period == period)
                .order_by(status_list.c.number.desc())
                .limit(1)
                .with_for_update()
            )
            row = found.one_or_none()
            if row is not None and row.used < SIZE:
                return row
            await self._begin(connection, medium, period, row.number + 1 if row else 1, expiry_date)

    async def _begin(
        self, connection: AsyncConnection, medium: Medium, period: str, number: int, expiry_date: date
    ) -> None:
        """Begin a list, unless somebody else just did."""
        row = {
            "id": secrets.token_urlsafe(ID_BYTES),
            "medium": medium,
            "period": period,
            "number": number,
            "used": 0,
            "key_version": self.keys.newest(KEY).version,
            "ends_date": expiry_date,
            "changes": 0,
            "published_changes": 0,
        }
        try:
            async with connection.begin_nested():
                await connection.execute(insert(status_list), row)
        except IntegrityError:
            return
