"""Filing replies of the resident-record and family-register networks: rows of their own, sealed, never changed.

Numbers in a reply have no place in the row: they go to the vault, enrolled as the network gave them. Those of
a licence whose number was destroyed when it ended go nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.codes.service import CodeTables
from meibo.crypto.keys import KeyProvider
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, NotFound, Refused
from meibo.identity import Identity, NumberKind, VerifiedBy
from meibo.identity.guards import guard
from meibo.items.kinds import NumberKind as NumberItem
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import validation
from meibo.register.erasures import forgotten
from meibo.register.opening import open_licence
from meibo.register.writing import LicenceWriter
from meibo.values.pseudonyms import LicencePseudonym

OPERATION = "file_reply"
SUBJECT = "subject_"
"""Items of what was asked about begin so; their numbers are the ones that the vault holds already."""


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
        spec = profession.groups[group]
        values, numbers = _read(spec, raw, self.codes)
        scope = self.scopes[profession.code]
        row = uuid4()
        async with self.database.write([scope], principal.offices) as work:
            known = await open_licence(
                work.connection, profession, self.keys, licence, offices=principal.offices
            )
            if known is None:
                raise NotFound
            entry = entry.about(LicencePseudonym(known.pseudonym))
            await entry.record(LeafKind.INTENT)
            if numbers and not await forgotten(work.connection, licence):
                await self._enrol(principal, profession, LicencePseudonym(known.pseudonym), numbers)
            writer = LicenceWriter(work.connection, profession, scope, self.keys)
            at = await record_instant(work.connection)
            writer.add_reply(licence, known.secret, spec, row, values, at)
            await writer.flush()
            await work.commit()
        await entry.record(LeafKind.DONE)
        return row

    async def _enrol(
        self,
        principal: Principal,
        profession: Profession,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
    ) -> None:
        await self.identity.enrol_for(
            principal,
            profession=profession.code,
            file=profession.file,
            pseudonym=pseudonym,
            numbers=numbers,
            verified_by=VerifiedBy.RESIDENT_RECORD_NETWORK,
            operation=OPERATION,
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
