"""Reading a licence back for writing: its actions opened, folded, and matched with their stored versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.crypto.keys import KeyProvider
from meibo.professions.compiled import Profession
from meibo.register import sealing, tables
from meibo.register.dispositions import Order, load_order
from meibo.register.fold import Act, SegmentKey, State, Verb, fold
from meibo.register.rows import StoredVersion
from meibo.register.writing import Known


async def open_licence(
    connection: AsyncConnection,
    profession: Profession,
    keys: KeyProvider,
    licence: UUID,
    *,
    offices: Iterable[str] | None = None,
    lock: bool = False,
) -> Known | None:
    """The licence with its acts and segments; None where there is none in reach. `lock` holds it until the commit."""
    statement = select(tables.licence).where(tables.licence.c.id == licence, *tables.of_offices(offices))
    row = (await connection.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        return None
    envelope = sealing.licence_envelope(keys, profession.code)
    secret = sealing.open_licence_key(envelope, licence, row.wrapped_key, row.key_version)
    acts = await open_acts(connection, profession, licence, secret)
    segments = fold(profession.empty(), acts, profession.plugin.term)
    versions = await _stored_versions(connection, licence)
    return Known(licence, row.pseudonym, row.scope, row.version, secret, acts, segments, versions)


async def open_acts(
    connection: AsyncConnection, profession: Profession, licence: UUID, secret: bytes
) -> list[Act]:
    """The licence's actions, opened, in the order they were recorded."""
    action = tables.action
    rows = await connection.execute(
        select(action).where(action.c.licence_id == licence).order_by(action.c.number)
    )
    return [open_act(profession, row, secret) for row in rows]


def open_act(profession: Profession, row: Row[Any], secret: bytes) -> Act:
    """One action row as the fold takes it."""
    details = open_details(row, secret)
    order, named = details.get("order"), details.get("disposition")
    return Act(
        id=row.id,
        number=row.number,
        verb=Verb(row.verb),
        effective_date=row.effective_date,
        patch=sealing.load_patch(profession.groups, details["patch"], row.plugin_version),
        order=load_order(order) if order else None,
        disposition=UUID(named) if named else None,
    )


class _Measure(msgspec.Struct):
    """What of an action's details concerns dispositions."""

    order: Order | None = None
    disposition: UUID | None = None


_measure = msgspec.json.Decoder(_Measure).decode


def open_measure(row: Row[Any], secret: bytes | AESGCM) -> Act:
    """One action row of a measure, or of what follows one up, without its patch: lists show many."""
    told = _measure(sealing.open_blob(secret, row.sealed, _place(row)))
    return Act(
        row.id, row.number, Verb(row.verb), row.effective_date, order=told.order, disposition=told.disposition
    )


def open_details(row: Row[Any], secret: bytes) -> dict[str, Any]:
    """What was sealed with an action: patch, reason, words, a measure's order, the disposition followed up."""
    opened: dict[str, Any] = sealing.open_json(secret, row.sealed, _place(row))
    return opened


def _place(row: Row[Any]) -> bytes:
    return sealing.place("action", row.licence_id, row.id.hex, row.plugin_version)


async def _stored_versions(connection: AsyncConnection, licence: UUID) -> dict[SegmentKey, StoredVersion]:
    """The newest stored version for each act, state and start."""
    version = tables.licence_version
    rows = await connection.execute(
        select(version).where(version.c.licence_id == licence).order_by(version.c.number)
    )
    return {
        (r.action_id, State(r.state), r.effective_date): StoredVersion(r.id, r.number, r.content)
        for r in rows
    }
