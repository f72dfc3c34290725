"""Enters certificates in the register, before they are signed: an index, durably, and the row by which it flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.certificates import asking, refusals, standing
from meibo.certificates.asking import Asked
from meibo.certificates.status.indices import Indices, Medium, Place
from meibo.certificates.status.lists import Status
from meibo.certificates.status.references import StatusReference
from meibo.certificates.tables import certificate
from meibo.database.stores import Database
from meibo.errors import Refused
from meibo.register import tables
from meibo.register.fold import State


class Format(StrEnum):
    """In which form a certificate is."""

    SD_JWT = "dc+sd-jwt"
    QR = "qr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the register keeps of a certificate to be: its form, its claims by name, where it lives, until which day."""

    format: Format
    claims: Sequence[str]
    medium: Medium
    expiry_date: date


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
        self, scope: int, licences: Sequence[UUID], draft: Draft, asked: Asked | None = None
    ) -> list[Entry]:
        """One instance for each licence named (naming it twice asks for two), all or none, durably; where its holder
        `asked`, the one.

        Raises Refused where a licence does not stand: nobody gets a certificate of what does not hold; and for what
        its holder asked for, as `asking.check` does.
        """
        day = clock.today()
        async with self.database.write([scope]) as work:
            versions = await _hold(work.connection, licences)
            await _check_standing(work.connection, licences, day)
            at = clock.now()
            if asked:
                [licence] = licences
                await asking.check(work.connection, licence, versions[licence], asked, at)
            places = await self.indices.take(
                work.connection, draft.medium, day, draft.expiry_date, len(licences)
            )
            rows = _rows(scope, licences, places, draft, asked, at)
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


def _rows(
    scope: int,
    licences: Sequence[UUID],
    places: Sequence[Place],
    draft: Draft,
    asked: Asked | None,
    at: datetime,
) -> list[dict[str, Any]]:
    every = {
        "scope": scope, "medium": draft.medium, "format": draft.format, "claims": " ".join(draft.claims),
        "request": asked.key_mac if asked else None, "status": Status.VALID, "issued_at": at,
        "expiry_date": draft.expiry_date,
    }  # fmt: skip
    return [
        every
        | {
            "id": asked.id if asked else uuid4(), "licence_id": licence, "status_list_id": place.list,
            "status_index": place.index,
        }
        for licence, place in zip(licences, places, strict=True)
    ]  # fmt: skip


async def _hold(connection: AsyncConnection, licences: Sequence[UUID]) -> Mapping[UUID, int]:
    """Hold the licences, so that an act upon them waits and then flips what is entered, and another issue waits and
    then counts it; gives their versions."""
    row = tables.licence.c
    held = select(row.id, row.version).where(row.id.in_(set(licences))).order_by(row.id)
    found = await connection.execute(held.with_for_update(key_share=True))
    return {each.id: each.version for each in found}


async def _check_standing(connection: AsyncConnection, licences: Sequence[UUID], day: date) -> None:
    """Refuse licences that do not stand."""
    wanted = set(licences)
    states = await standing.standings(connection, wanted, day)
    if any(states.get(licence) is not State.REGISTERED for licence in wanted):
        raise Refused(refusals.does_not_stand())
