"""What was asked, as an office reads it: statements over batches, inquiries, messages and results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Join, Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.database.walking import Order
from meibo.family.records import Batch, FamilyStatistics, Inquiry, InquiryKind
from meibo.family.tables import family_batch, family_inquiry, family_result
from meibo.link.states import Status
from meibo.link.tables import link_action, link_message
from meibo.register.tables import licence, of_offices

GRACE = timedelta(days=1)
"""After the time until which a result is kept elsewhere, before it is overdue."""

batch, inquiry, result = family_batch.c, family_inquiry.c, family_result.c
INQUIRIES = Order((batch.requested_at, inquiry.id), newest_first=True)
BATCHES = Order((batch.requested_at, batch.id), newest_first=True)


def inquiries(scope: int, offices: Iterable[str] | None, of: UUID | None) -> Select[Any]:
    """The inquiries of a profession, or those of a batch, as `inquiry_of` reads them."""
    return (
        select(
            inquiry.id, inquiry.batch_id, inquiry.licence_id, batch.kind, batch.legal_basis, batch.asked_items,
            batch.account, batch.institution, batch.requested_at, link_message.c.status,
            func.coalesce(link_action.c.code, "").label("code"), result.kept_until, result.deleted_at,
        )
        .select_from(_joined().join(licence, licence.c.id == inquiry.licence_id))
        .outerjoin(family_result, result.inquiry_id == inquiry.id)
        .outerjoin(link_action, and_(link_action.c.message_id == inquiry.id, link_action.c.status == Status.REJECTED))
        .where(inquiry.scope == scope, *of_offices(offices), *([inquiry.batch_id == of] if of else []))
    )  # fmt: skip


def batches(scope: int) -> Select[Any]:
    """The batches of a profession."""
    return select(family_batch).where(batch.scope == scope)


async def told_batches(connection: AsyncConnection, profession: str, rows: Sequence[Row[Any]]) -> list[Batch]:
    """Batches from their rows, with how many of their inquiries stand where."""
    counts: dict[UUID, dict[Status, int]] = defaultdict(dict)
    counted = _counted(inquiry.batch_id).where(inquiry.batch_id.in_([row.id for row in rows]))
    for id, status, count in await connection.execute(counted):
        counts[id][Status(status)] = count
    return [
        Batch(row.id, profession, InquiryKind(row.kind), row.account, row.requested_at, row.licences, counts[row.id])
        for row in rows
    ]  # fmt: skip


async def statistics(
    connection: AsyncConnection, scope: int, profession: str, since: datetime, until: datetime
) -> FamilyStatistics:
    """Of what was asked from one instant until before another."""
    asked = (batch.scope == scope) & (batch.requested_at >= since) & (batch.requested_at < until)
    counted = await connection.execute(_counted(batch.kind).where(asked))
    by_kind = {(InquiryKind(kind), Status(status)): count for kind, status, count in counted}
    gone, late = result.deleted_at.is_not(None), _overdue(clock.now())
    told = (
        select(func.count(), func.count().filter(gone), func.count().filter(late))
        .select_from(_joined().join(family_result, result.inquiry_id == inquiry.id))
        .where(asked)
    )
    came, deleted, overdue = (await connection.execute(told)).one()
    return FamilyStatistics(profession, by_kind, came - deleted - overdue, deleted, overdue)


async def overdue(connection: AsyncConnection, at: datetime) -> dict[int, int]:
    """How many results should have been deleted elsewhere, by the small number of the profession."""
    counted = select(result.scope, func.count().label("overdue")).where(_overdue(at)).group_by(result.scope)
    return {row.scope: row.overdue for row in await connection.execute(counted)}


def inquiry_of(row: Row[Any]) -> Inquiry:
    """An inquiry from its row."""
    return Inquiry(
        row.id, row.batch_id, row.licence_id, InquiryKind(row.kind), row.legal_basis, tuple(row.asked_items.split()),
        row.account, row.institution, row.requested_at, Status(row.status), row.code, row.kept_until, row.deleted_at,
    )  # fmt: skip


def _joined() -> Join:
    """Inquiries with their batches and messages."""
    with_batch = family_inquiry.join(family_batch, batch.id == inquiry.batch_id)
    return with_batch.join(link_message, link_message.c.id == inquiry.id)


def _counted(by: ColumnElement[Any]) -> Select[Any]:
    """Inquiries counted by something and by status."""
    status = link_message.c.status
    return select(by, status, func.count()).select_from(_joined()).group_by(by, status)


def _overdue(at: datetime) -> ColumnElement[bool]:
    return result.deleted_at.is_(None) & (result.kept_until < at - GRACE)
