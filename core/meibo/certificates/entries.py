"""Enters certificates in the register, before they are signed: an index, durably, and the row by which it flips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.certificates import standing
from meibo.certificates.status.indices import Indices, Medium
from meibo.certificates.status.lists import Status
from meibo.certificates.status.references import StatusReference
from meibo.certificates.tables import certificate
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, Refused
from meibo.register import tables
from meibo.register.fold import State


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate that may be signed: its id in the register, and where its status will stand."""

    id: UUID
    licence: UUID
    status: StatusReference


@dataclass(frozen=True, slots=True)
class Entries:
    """Enters certificates of one installation; `lists` is the address below which its lists stand."""

    database: Database
    indices: Indices
    lists: str

    async def enter(
        self, scope: int, licences: Sequence[UUID], medium: Medium, expiry_date: date
    ) -> list[Entry]:
        """One instance for each licence named (naming it twice asks for two), all or none, durably.

        Raises Refused where a licence does not stand: nobody gets a certificate of what does not hold.
        """
        day = clock.today()
        async with self.database.write([scope]) as work:
            await _check_standing(work.connection, licences, day)
            places = await self.indices.take(work.connection, medium, day, expiry_date, len(licences))
            at = clock.now()
            rows: list[dict[str, Any]] = [
                {
                    "id": uuid4(),
                    "scope": scope,
                    "licence_id": licence,
                    "medium": medium,
                    "status_list_id": place.list,
                    "status_index": place.index,
                    "status": Status.VALID,
                    "issued_at": at,
                    "expiry_date": expiry_date,
                }
                for licence, place in zip(licences, places, strict=True)
            ]
            await work.connection.execute(insert(certificate), rows)
            await work.commit()
        return [
            Entry(row["id"], row["licence_id"], self._reference(row["status_list_id"], row["status_index"]))
            for row in rows
        ]

    async def end(
        self, scope: int, licence: UUID, reason: standing.EndReason, only: UUID | None = None
    ) -> int:
        """End the instances of a licence, or one of them, for good; gives how many."""
        async with self.database.write([scope]) as work:
            ended = await standing.end(work.connection, licence, reason, clock.now(), only)
            await work.commit()
        return ended

    def _reference(self, list: str, index: int) -> StatusReference:
        return StatusReference(self.lists + list, index)


async def _check_standing(connection: AsyncConnection, licences: Sequence[UUID], day: date) -> None:
    """Hold the licences, so that an act upon them waits and then flips what is entered; refuse those that end."""
    wanted = set(licences)
    locked = select(tables.licence.c.id).where(tables.licence.c.id.in_(wanted)).order_by(tables.licence.c.id)
    await connection.execute(locked.with_for_update(read=True))
    states = await standing.standings(connection, wanted, day)
    if any(states.get(licence) is not State.REGISTERED for licence in wanted):
        raise Refused(
            Finding(
                ("licence",),
                "登録が有効でないため、証明書を発行できません。",
                "The licence does not stand today, so it has no certificate.",
                FindingCode.WRONG_STATE,
                "certificate.licence_does_not_stand",
            )
        )
