"""Asking on another's behalf: a check that two people approved asks who has died, each of its batches once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.crypto.keys import KeyProvider
from meibo.family.checks import MOST_LICENCES, basis_of
from meibo.family.machine import machine
from meibo.family.office import FamilyOffice
from meibo.family.receiving import GROUP
from meibo.family.records import BASIS, FamilyRequest, InquiryKind
from meibo.family.tables import family_inquiry, family_result
from meibo.identity import NumberKind
from meibo.link.states import Status
from meibo.link.tables import link_message
from meibo.professions.compiled import Profession
from meibo.register import sealing, tables
from meibo.values.pseudonyms import LicencePseudonym

ITEMS = (
    "death_date", "death_reason", "death_annulment_date", "death_annulment_category",
    "death_date_uncertainty_category",
)  # fmt: skip
"""What a check asks for, and no more."""
MAY = frozenset({Permission.FAMILY_INQUIRE})


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back about one licence's holder; `values` by item, empty where nothing was filed."""

    status: Status
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FamilyAsking:
    """Asks about a batch under its own id, and reads what came of it; `checker` stands for whoever approved it."""

    office: FamilyOffice
    keys: KeyProvider
    checker: Principal

    def may_ask(self, profession: Profession, day: date) -> bool:
        """Whether the network's list lets a profession ask who has died, on a day."""
        basis = basis_of(profession, BASIS, day)
        granted = self.office.grants.items(basis, day) if basis else frozenset[str]()
        return GROUP in profession.groups and granted.issuperset(ITEMS)

    async def answers(
        self, batch: UUID, profession: str, licences: Sequence[UUID]
    ) -> Mapping[UUID, Answered] | None:
        """By licence what came of a batch; None where something was not answered yet, and was asked just now where it
        had not been. Who has no symbol is asked about no more than anybody may be, and left out."""
        found: dict[UUID, Answered] = {}
        for part in count():
            request = self._request(batch, profession, part)
            asked = await self._asked(profession, request)
            if not asked:
                break
            found |= asked
        left = [each for each in licences if each not in found]
        if left := await self._with_symbol(profession, left):
            await self.office.ask(self.checker, replace(request, licences=tuple(left[:MOST_LICENCES])))
            return None
        ended = all(each.status in (Status.ACCEPTED, Status.REJECTED) for each in found.values())
        return found if ended else None

    def _request(self, batch: UUID, profession: str, part: int) -> FamilyRequest:
        return FamilyRequest(
            kind=InquiryKind.REGISTER, profession=profession, licences=(), items=ITEMS,
            idempotency_key=f"{batch}/{part}",
        )  # fmt: skip

    async def _with_symbol(self, profession: str, licences: Sequence[UUID]) -> list[UUID]:
        """Those of the licences by whose symbol the network may be asked."""
        row, scope = tables.licence.c, self.office.scopes.of(profession)
        async with self.office.database.read([scope]) as connection:
            rows = await connection.execute(select(row.id, row.pseudonym).where(row.id.in_(licences)))
            named = {LicencePseudonym(pseudonym): id for id, pseudonym in rows}
        file = self.office.professions[profession].file
        statuses = await self.office.identity.statuses(named, file, NumberKind.INSTITUTION_CODE)
        return sorted(named[each] for each, status in statuses.items() if status.held)

    async def _asked(self, profession: str, request: FamilyRequest) -> dict[UUID, Answered]:
        """What was asked under a part's key, by licence, as it stands."""
        scope = self.office.scopes.of(profession)
        async with self.office.database.read([scope]) as connection:
            return await self._answered(
                connection, self.office.professions[profession], request.batch(self.checker)
            )

    async def _answered(
        self, connection: AsyncConnection, profession: Profession, batch: UUID
    ) -> dict[UUID, Answered]:
        inquiry, group, licence = family_inquiry.c, self._table(profession), tables.licence.c
        statement = (
            select(
                group, inquiry.licence_id.label("_licence"), link_message.c.status.label("_status"),
                licence.wrapped_key, licence.key_version,
            )
            .select_from(family_inquiry)
            .join(link_message, link_message.c.id == inquiry.id)
            .join(tables.licence, licence.id == inquiry.licence_id)
            .outerjoin(family_result, family_result.c.inquiry_id == inquiry.id)
            .outerjoin(group, group.c.id == family_result.c.row_id)
            .where(inquiry.batch_id == batch)
        )  # fmt: skip
        rows = (await connection.execute(statement)).mappings()
        return {
            row["_licence"]: Answered(Status(row["_status"]), self._opened(profession, row)) for row in rows
        }

    def _opened(self, profession: Profession, row: Mapping[Any, Any]) -> dict[str, Any]:
        """The values of a reply's row; none where there is no row."""
        if row["id"] is None:
            return {}
        spec, licence = profession.groups[GROUP], row["_licence"]
        envelope = sealing.licence_envelope(self.keys, profession.code)
        secret = sealing.open_licence_key(envelope, licence, row["wrapped_key"], row["key_version"])
        where = sealing.place(
            self._table(profession).name, licence, sealing.part_of(spec, row), row["plugin_version"]
        )
        values = sealing.joined(spec, row, sealing.open_json(secret, row["sealed"], where))
        return {name: value for name, value in values.items() if value is not None}

    def _table(self, profession: Profession) -> Any:
        return tables.group_table(profession.code, profession.groups[GROUP])


def checker(account: str, professions: Sequence[str]) -> Principal:
    """In whose name a check asks: it may do that and nothing else."""
    return replace(machine(professions), account=account, permissions=MAY)
