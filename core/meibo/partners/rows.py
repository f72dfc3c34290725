"""The statements of partners, each within the caller's connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.principals import Principal
from meibo.consent.requests import Purpose
from meibo.partners.records import ID, Binding, Partner, PartnerAction, PartnerState, PartnerVerb
from meibo.partners.tables import partner, partner_action


def partner_of(row: Any) -> Partner:
    """A row as a partner."""
    return Partner(
        id=row.id, version=row.version, state=PartnerState(row.state), name=row.name,
        corporate_number=row.corporate_number, purpose=Purpose(row.purpose), claims=tuple(row.claims.split()),
        binding=Binding(row.binding), keys=tuple(orjson.loads(row.keys)),
        proposed_keys=tuple(orjson.loads(row.proposed_keys)),
        certificate_thumbprint=row.certificate_thumbprint, addresses=tuple(row.addresses.split()),
        contact=row.contact, expiry_date=row.expiry_date,
    )  # fmt: skip


def row_of(of: Partner) -> dict[str, Any]:
    """A partner as its row."""
    return {
        "id": of.id, "version": of.version, "state": of.state, "name": of.name,
        "corporate_number": of.corporate_number, "purpose": of.purpose, "claims": " ".join(of.claims),
        "binding": of.binding, "keys": orjson.dumps(of.keys).decode(),
        "proposed_keys": orjson.dumps(of.proposed_keys).decode(),
        "certificate_thumbprint": of.certificate_thumbprint, "addresses": " ".join(of.addresses),
        "contact": of.contact, "expiry_date": of.expiry_date,
    }  # fmt: skip


async def find(connection: AsyncConnection, id: str) -> Partner | None:
    """The partner of an id."""
    if not ID.match(id):
        return None
    row = (await connection.execute(select(partner).where(partner.c.id == id))).one_or_none()
    return None if row is None else partner_of(row)


async def all_partners(connection: AsyncConnection) -> list[Partner]:
    """Every partner, by name."""
    rows = await connection.execute(select(partner).order_by(partner.c.name, partner.c.id))
    return [partner_of(row) for row in rows]


async def write(connection: AsyncConnection, new: Partner) -> None:
    """Write a partner as it stands after an act: its first, or a later one."""
    if new.version == 1:
        await connection.execute(insert(partner), row_of(new))
    else:
        await connection.execute(update(partner).where(partner.c.id == new.id).values(row_of(new)))


async def add_action(
    connection: AsyncConnection,
    principal: Principal,
    verb: PartnerVerb,
    new: Partner,
    *,
    reason: str,
    at: datetime,
    hashes: tuple[bytes, bytes],
) -> None:
    """Record an act with what it wrote; `hashes` are those of its idempotency key and of its body."""
    row = {
        "partner_id": new.id, "number": new.version, "verb": verb, "recorded_at": at,
        "account": principal.account, "institution": principal.institution, "terminal": principal.terminal,
        "reason": reason, "details": orjson.dumps(row_of(new)).decode(),
        "key_hash": hashes[0], "body_mac": hashes[1],
    }  # fmt: skip
    await connection.execute(insert(partner_action), row)


async def actions_of(connection: AsyncConnection, id: str) -> list[PartnerAction]:
    """What was done to a partner, oldest first."""
    row = partner_action.c
    found = await connection.execute(select(partner_action).where(row.partner_id == id).order_by(row.number))
    return [
        PartnerAction(
            number=each.number, verb=PartnerVerb(each.verb), recorded_at=each.recorded_at, account=each.account,
            institution=each.institution, reason=each.reason, details=orjson.loads(each.details),
        )
        for each in found
    ]  # fmt: skip


async def asked_before(
    connection: AsyncConnection, account: str, verb: PartnerVerb, key_hash: bytes, since: datetime
) -> Any | None:
    """The newest act of an account's verb under an idempotency key."""
    row = partner_action.c
    same = (row.key_hash == key_hash, row.account == account, row.verb == verb, row.recorded_at > since)
    statement = select(row.partner_id, row.body_mac).where(*same).order_by(row.recorded_at.desc()).limit(1)
    return (await connection.execute(statement)).one_or_none()


def authors(actions: Sequence[PartnerAction]) -> frozenset[str]:
    """Whose work waits for approval: whoever applied, and whoever proposed keys since it was last approved."""
    found: set[str] = set()
    for each in actions:
        if each.verb is PartnerVerb.APPROVE:
            found = {actions[0].account}
        elif each.verb in (PartnerVerb.APPLY, PartnerVerb.PROPOSE_KEYS):
            found.add(each.account)
    return frozenset(found)
