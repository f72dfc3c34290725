"""Partners as holders are told of them: whom a share may name, and who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from meibo import clock
from meibo.consent.requests import Purpose, Recipient
from meibo.database.stores import Database
from meibo.partners.records import ID, PartnerState
from meibo.partners.tables import TOLD_TO_HOLDERS, partner

MOST_FOUND = 50
"""Partners that one search gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPartner:
    """What a holder may know of a partner. `claims` are the most that it may be shown: `full_name` of every profession,
    or `doctor.full_name` of one; `may_check` says whether it may check licences today."""

    id: str
    name: str
    corporate_number: str
    purpose: Purpose
    claims: tuple[str, ...]
    may_check: bool


@dataclass(frozen=True, slots=True)
class KnownPartners:
    """The partners of one register, read by no column that a portal's role may not read."""

    database: Database

    async def recipient(self, id: str) -> Recipient | None:
        """Whom a share may name today by this id; None alike for an unknown partner and for one that may not check."""
        found = (await self.by_id([id])).get(id)
        if found is None or not found.may_check:
            return None
        return Recipient(partner=found.id, name=found.name, cap=frozenset(found.claims))

    async def by_id(self, ids: Iterable[str]) -> dict[str, KnownPartner]:
        """The partners of ids, whether they may check licences or not."""
        wanted = [id for id in ids if ID.match(id)]
        return {found.id: found for found in await self._where(partner.c.id.in_(wanted))}

    async def search(self, words: str) -> list[KnownPartner]:
        """The first of the partners that may check licences today and have these words in their names, by name."""
        named = partner.c.name.icontains(words.strip(), autoescape=True)
        return await self._where(named, _stands(), limit=MOST_FOUND)

    async def _where(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[KnownPartner]:
        told = select(*(partner.c[name] for name in TOLD_TO_HOLDERS)).where(*conditions)
        async with self.database.read() as connection:
            rows = await connection.execute(told.order_by(partner.c.name, partner.c.id).limit(limit))
        return [_known(row) for row in rows]


def _stands() -> ColumnElement[bool]:
    return (partner.c.state == PartnerState.APPROVED) & (partner.c.expiry_date > clock.today())


def _known(row: Any) -> KnownPartner:
    may_check = row.state == PartnerState.APPROVED and row.expiry_date > clock.today()
    return KnownPartner(
        id=row.id, name=row.name, corporate_number=row.corporate_number, purpose=Purpose(row.purpose),
        claims=tuple(row.claims.split()), may_check=may_check,
    )  # fmt: skip
