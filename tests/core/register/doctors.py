"""Synthetic doctors entered through the office, and what its database then holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.principals import Principal
from meibo.errors import Finding, Refused
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation, register_tables_of
from meibo.register.dispositions import Disposition
from meibo.register.fold import FOLLOWING, Verb
from meibo.registry.reader import Reader
from meibo.registry.requests import ActRequest, Outcome
from meibo.registry.views import Head
from tests.installed import principal

OFFICER = principal(Role.OFFICER)
TODAY = clock.today()
DAY = timedelta(days=1)
ENTERED = date(2016, 5, 2)
SOUND: Mapping[str, str] = {
    "registration_number": "500001",
    "registration_date": "2016-05-02",
    "licence_type_code": "01",
    "received_date": "2016-04-08",
    "national_exam_year": "2016",
    "national_exam_pass_date": "2016-03-18",
    "domicile_code": "13",
    "family_name": "見本",
    "given_name": "花子",
    "family_name_kana": "ミホン",
    "given_name_kana": "ハナコ",
    "birth_date": "1990-01-15",
    "sex_code": "2",
}
REASONS: Mapping[Verb, str] = {
    Verb.REGISTER: "101",
    Verb.CORRECT: "201",
    Verb.REISSUE: "301",
    Verb.REPRIMAND: "703",
    Verb.SUSPEND: "703",
    Verb.LIFT_SUSPENSION: "703",
    Verb.REVOKE: "703",
    Verb.RESTORE: "101",
    Verb.ORDER_REEDUCATION: "703",
    Verb.COMPLETE_REEDUCATION: "703",
    Verb.STRIKE_OFF: "401",
    Verb.UNDO_STRIKE_OFF: "401",
}


KINDS = {Verb.REPRIMAND: "01", Verb.SUSPEND: "02", Verb.REVOKE: "03"}


def values(number: str = "500001", **changed: str | None) -> dict[str, dict[str, Any]]:
    """A sound doctor's items as an API hands them in, some changed."""
    return {"register": {**SOUND, "registration_number": number, **changed}}


def asking(verb: Verb, day: date = TODAY, **changed: Any) -> ActRequest:
    """A sound request of a verb on a day, some of it changed."""
    told: dict[str, Any] = {
        "idempotency_key": str(uuid4()),
        "effective_date": day,
        "reason": REASONS[verb],
        "legal_basis": verb.value,
    }
    if verb is Verb.REGISTER:
        told |= {"values": values()}
    if verb is Verb.CORRECT:
        told |= {"delay_reason": "海外にいたため"}
    if verb in KINDS:
        told |= {"kind": KINDS[verb], "office_name": "厚生労働大臣", "order_number": "医政発1号"}
    if verb is Verb.SUSPEND:
        told |= {"end_date": changed.get("start_date", day) + 9 * DAY}
    return ActRequest(**(told | changed))


@dataclass(frozen=True, slots=True)
class Doctors:
    """The register of doctors under test."""

    installation: Installation
    officer: Principal = OFFICER

    async def enter(self, number: str = "500001", individual: str = "", **changed: str | None) -> UUID:
        """Enter a doctor; gives the licence's id."""
        numbers = {NumberKind.INDIVIDUAL_NUMBER: individual} if individual else {}
        request = asking(
            Verb.REGISTER, ENTERED, values=values(number, **changed), numbers=numbers,
            verified_by=VerifiedBy.MY_NUMBER_CARD if numbers else None,
        )  # fmt: skip
        made = await self.installation.office.register(self.officer, "doctor", request)
        assert made.licence is not None
        return made.licence

    async def act(self, licence: UUID, verb: Verb, day: date = TODAY, **changed: Any) -> Outcome:
        """Do a verb on the licence as it stands now; what follows a disposition up names the last one."""
        told = {"licence": licence, "expected_version": await self.version(licence)}
        if verb in FOLLOWING and (ordered := await self.dispositions(await self.head(licence))):
            told |= {"disposition": ordered[-1].id}
        told |= changed
        return await self.installation.office.act(self.officer, verb, asking(verb, day, **told))

    async def refused(self, licence: UUID, verb: Verb, day: date = TODAY, **changed: Any) -> Finding:
        """The one reason for which an act is refused; nothing is stored then."""
        before = await self.stored()
        try:
            await self.act(licence, verb, day, **changed)
        except Refused as error:
            [finding] = error.findings
            assert await self.stored() == before
            return finding
        raise AssertionError("It was not refused.")

    def reader(self) -> Reader:
        return self.installation.reader(self.officer, "test")

    async def head(self, licence: UUID, **when: Any) -> Head:
        """The licence on a day, as known at an instant."""
        [head] = await self.reader().heads([licence], **when)
        assert head is not None
        return head

    async def dispositions(self, head: Head) -> list[Disposition]:
        """The dispositions at a head."""
        [views] = await self.reader().dispositions([head])
        return [view.disposition for view in views]

    async def version(self, licence: UUID) -> int:
        return (await self.head(licence)).version

    async def register(self, head: Head) -> Mapping[str, Any]:
        """The items of the register's group that hold a value at a head."""
        [view] = await self.reader().groups("register", [head])
        return {name: value for name, value in view.values.items() if value is not None}

    async def name(self, licence: UUID, **when: Any) -> str:
        head = await self.head(licence, **when)
        return str((await self.register(head))["family_name"])

    async def rows(self, table: Table) -> Sequence[Mapping[str, Any]]:
        """Every row of a table, by its columns in order."""
        async with self._reading() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key.columns))
            return [dict(row) for row in found.mappings()]

    async def digests(self, table: Table) -> list[str]:
        """A digest for each row of a table."""
        async with self._reading() as connection:
            return await _digests(connection, table)

    async def stored(self) -> Mapping[str, list[str]]:
        """Digests of every row of the register, by table; most tables hold none, and one statement says which do."""
        tables = {table.name: table for table in register_tables_of(self.installation.host)}
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
        async with self._reading() as connection:
            names = (await connection.exec_driver_sql(filled)).scalars().all()
            return {name: await _digests(connection, tables[name]) for name in names}

    def _reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.installation.register.read(self.installation.scopes.numbers.values())


async def _digests(connection: AsyncConnection, table: Table) -> list[str]:
    """Of the rows as they are kept, in the order of their keys."""
    key = ", ".join(column.name for column in table.primary_key)
    rows = await connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {key}")
    return [hashlib.sha256(repr(row).encode()).hexdigest() for row in rows]
