"""Filing replies of the resident-record and family-register networks: rows of their own, sealed, never changed.

Numbers in a reply have no place in the row: they go to the vault, enrolled as the network gave them. Those of
a licence whose number was destroyed when it ended go nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider
from meibo.database.bulk import insert_fenced
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, NotFound, Refused
from meibo.identity import Identity, NumberKind, VerifiedBy
from meibo.identity.guards import guard
from meibo.items.kinds import NumberKind as NumberItem
from meibo.professions.compiled import GroupSpec, Profession
from meibo.randomness import new_id
from meibo.register import tables, validation
from meibo.register.erasures import forgotten
from meibo.register.rows import RowWriter
from meibo.register.sealing import licence_envelope, open_licence_key
from meibo.values.pseudonyms import LicencePseudonym

OPERATION = "file_reply"
SUBJECT = "subject_"
"""Items of what was asked about begin so; their numbers are the ones that the vault holds already."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, read: its values by item, the numbers that came with it, and the row that it becomes."""

    licence: UUID
    values: Mapping[str, Any] = field(repr=False)
    numbers: Mapping[NumberKind, str] = field(default_factory=dict, repr=False)
    row: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class OpenLicence:
    """A licence to which replies are filed: its pseudonym, and the key under which they are sealed."""

    pseudonym: LicencePseudonym
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Replies:
    """Files replies into one installation's registers; `scopes` gives each profession's number."""

    database: Database
    scopes: Mapping[str, int]
    keys: KeyProvider
    codes: CodeTables
    identity: Identity
    audit: AuditLog

    async def file(
        self, principal: Principal, profession: Profession, licence: UUID, group: str, raw: Mapping[str, Any]
    ) -> UUID:
        """File one reply; `raw` are values by identifier, numbers included. Gives the row's id.

        Raises Forbidden without `registry:reply:write`, NotFound for no such licence in scope, Refused with a
        finding for each value that its kind does not allow; then nothing is stored.
        """
        entry = await guard(self.audit, principal, Permission.REPLY_WRITE, profession.code, OPERATION)
        reply = self.read(profession, group, licence, raw)
        async with self.database.write([self.scopes[profession.code]], principal.offices) as work:
            known = await self.opened(work.connection, profession, [licence], principal.offices)
            entry = entry.about(known[licence].pseudonym)
            await entry.record(LeafKind.INTENT)
            if reply.numbers and not await forgotten(work.connection, licence):
                await self.enrol(principal, profession, known[licence].pseudonym, reply.numbers)
            await self.add(work.connection, profession, group, known, [reply])
            await work.commit()
        await entry.record(LeafKind.DONE)
        return reply.row

    def read(self, profession: Profession, group: str, licence: UUID, raw: Mapping[str, Any]) -> Reply:
        """A reply of its values as they came; raises Refused with a finding for each that its kind does not allow."""
        return Reply(licence, *_read(profession.groups[group], raw, self.codes))

    async def opened(
        self,
        connection: AsyncConnection,
        profession: Profession,
        licences: Collection[UUID],
        offices: Iterable[str] | None = None,
    ) -> dict[UUID, OpenLicence]:
        """Licences to file with; raises NotFound unless all of them are within the transaction's scope."""
        row, envelope = tables.licence.c, licence_envelope(self.keys, profession.code)
        columns = (row.id, row.pseudonym, row.wrapped_key, row.key_version)
        asked = select(*columns).where(row.id.in_(licences), *tables.of_offices(offices))
        found = {
            id: OpenLicence(LicencePseudonym(pseudonym), open_licence_key(envelope, id, wrapped, version))
            for id, pseudonym, wrapped, version in await connection.execute(
                asked.where(row.scope == self.scopes[profession.code])
            )
        }
        if found.keys() != set(licences):
            raise NotFound
        return found

    async def add(
        self,
        connection: AsyncConnection,
        profession: Profession,
        group: str,
        known: Mapping[UUID, OpenLicence],
        replies: Iterable[Reply],
    ) -> None:
        """Write replies within the caller's transaction, so that they stand or fall with what else it writes."""
        writer = RowWriter(profession, self.scopes[profession.code], self.keys)
        at, spec = await record_instant(connection), profession.groups[group]
        for reply in replies:
            secret = known[reply.licence].secret
            writer.add_reply(reply.licence, secret, spec, reply.row, reply.values, at)
        for table in tables.profession_tables(profession).values():
            await insert_fenced(connection, table, writer.rows.get(table.name, ()))

    async def enrol(
        self,
        principal: Principal,
        profession: Profession,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
        operation: str = OPERATION,
    ) -> None:
        """Enrol the numbers of a reply; again is no harm. Raises as `Identity.enrol_for` does."""
        await self.identity.enrol_for(
            principal,
            profession=profession.code,
            file=profession.file,
            pseudonym=pseudonym,
            numbers=numbers,
            verified_by=VerifiedBy.RESIDENT_RECORD_NETWORK,
            operation=operation,
        )


def _read(
    spec: GroupSpec, raw: Mapping[str, Any], codes: CodeTables
) -> tuple[dict[str, Any], dict[NumberKind, str]]:
    """(values, numbers for the vault) of a reply; raises Refused."""
    values: dict[str, Any] = {}
    numbers: dict[NumberKind, str] = {}
    findings: list[Finding] = []
    for name, given in raw.items():
        item = spec.items.get(name)
        if item is None:
            findings.append(_no_item(name))
        elif given in (None, ""):
            continue
        elif isinstance(item.kind, NumberItem):
            if not name.startswith(SUBJECT):
                numbers[NumberKind(item.kind.name)] = str(given)
        else:
            values[name], found = validation.read_value(item, given, codes.known, (name,))
            findings += found
    if findings:
        raise Refused(*findings)
    return values, numbers


def _no_item(name: str) -> Finding:
    return Finding(
        (name,), "この項目はありません。", "There is no such item.", FindingCode.NOT_FOUND, "item.unknown"
    )
