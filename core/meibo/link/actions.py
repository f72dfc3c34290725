"""What was asked for a licence, and what came of it: rows that are added alone, leaves of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.principals import Principal
from meibo.connectors import Received
from meibo.database.recording import record_instant
from meibo.errors import MessageRefused
from meibo.link.envelopes import Rejected
from meibo.link.states import Reason, Status
from meibo.link.tables import link_action, link_message
from meibo.register.leaves import RegisterChanges


class LinkChanges(RegisterChanges):
    """Actions of links in the order of their commits."""

    name = "link_action"
    table = link_action


async def requested(
    connection: AsyncConnection, principal: Principal, message: UUID, scope: int, licence: UUID, at: datetime
) -> None:
    """Note who asked; `at` is the instant that the transaction records."""
    who = {
        "account": principal.account,
        "institution": principal.institution,
        "terminal": principal.terminal,
    }
    await _add(connection, message, scope, licence, Status.REQUESTED, "", at, who)


async def answered(connection: AsyncConnection, connector: str, received: Received) -> None:
    """Note an answer, once; raises MessageRefused where nothing was asked or the answer is there already."""
    row = await _asked(connection, connector, received.answers)
    code = received.message.code if isinstance(received.message, Rejected) else ""
    status = Status.REJECTED if code else Status.ACCEPTED
    changed = await connection.execute(
        update(link_message)
        .where(link_message.c.id == row.id, link_message.c.status.in_([Status.REQUESTED, Status.SENT]))
        .values(status=status)
    )
    if changed.rowcount != 1:
        raise MessageRefused(Reason.ANSWERED_ALREADY)
    at = await record_instant(connection)
    who = {"account": f"link:{connector}", "institution": connector, "terminal": "link"}
    await _add(connection, row.id, row.scope, row.licence_id, status, code, at, who)


async def _asked(connection: AsyncConnection, connector: str, message: UUID | None) -> Row[Any, Any, Any]:
    row = link_message.c
    found = await connection.execute(
        select(row.id, row.scope, row.licence_id).where(row.id == message, row.connector == connector)
    )
    asked = found.one_or_none()
    if asked is None:
        raise MessageRefused(Reason.UNKNOWN_REQUEST)
    return asked


async def _add(
    connection: AsyncConnection,
    message: UUID,
    scope: int,
    licence: UUID,
    status: Status,
    code: str,
    at: datetime,
    who: dict[str, str],
) -> None:
    row = {
        "id": uuid4(), "scope": scope, "licence_id": licence, "message_id": message, "status": status,
        "code": code, "recorded_at": at,
    }  # fmt: skip
    await connection.execute(insert(link_action), row | who)
