"""What the intermediate server's messages do: a symbol goes to the vault, a result becomes a sealed row, a deletion is
noted. Each happens in the transaction that notes the message, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.principals import Principal
from meibo.connectors import Received
from meibo.errors import MessageRefused
from meibo.family.messages import Deleted, Result, Symbol
from meibo.family.records import InquiryKind
from meibo.family.tables import family_batch, family_inquiry, family_result
from meibo.identity import NumberKind
from meibo.link.states import Reason
from meibo.linkage import Replies
from meibo.professions.compiled import Profession
from meibo.register.erasures import forgotten

GROUP = "family_register"
"""The group of a profession whose rows are the replies."""
Asked = Row[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Receiving:
    """Files what comes in; `professions` by the small number of their rows."""

    professions: Mapping[int, Profession]
    replies: Replies
    machine: Principal

    async def receive(self, connection: AsyncConnection, received: Received) -> None:
        """Let one message take effect.

        Raises MessageRefused where it answers nothing that was asked, or more; Refused for a value that its item does
        not allow.
        """
        message = received.message
        if isinstance(message, Symbol):
            await self._keep(connection, await _asked(connection, received, InquiryKind.SYMBOL), message)
        elif isinstance(message, Result):
            await self._file(connection, await _asked(connection, received, InquiryKind.REGISTER), message)
        elif isinstance(message, Deleted):
            await _deleted(connection, message)

    async def _keep(self, connection: AsyncConnection, asked: Asked, message: Symbol) -> None:
        """The symbol is a number like others: the vault keeps it, under the file's own key."""
        if await forgotten(connection, asked.licence_id):
            return
        profession = self.professions[asked.scope]
        known = await self.replies.opened(connection, profession, [asked.licence_id])
        pseudonym, numbers = known[asked.licence_id].pseudonym, {NumberKind.INSTITUTION_CODE: message.symbol}
        await self.replies.enrol(self.machine, profession, pseudonym, numbers, "family.symbol")

    async def _file(self, connection: AsyncConnection, asked: Asked, message: Result) -> None:
        profession, about = self.professions[asked.scope], asked.licence_id
        if message.items.keys() - set(asked.asked_items.split()):
            raise MessageRefused(Reason.UNASKED)
        reply = self.replies.read(profession, GROUP, about, message.items)
        known = await self.replies.opened(connection, profession, [about])
        await self.replies.add(connection, profession, GROUP, known, [reply])
        told = {"inquiry_id": asked.id, "scope": asked.scope, "row_id": reply.row}
        kept = {"received_at": clock.now(), "kept_until": message.kept_until}
        await connection.execute(insert(family_result), told | kept)


async def _asked(connection: AsyncConnection, received: Received, kind: InquiryKind) -> Asked:
    """The inquiry that a message answers; raises MessageRefused where there is none of this kind."""
    row = family_inquiry.c
    statement = (
        select(row.id, row.scope, row.licence_id, family_batch.c.asked_items)
        .join(family_batch, family_batch.c.id == row.batch_id)
        .where(row.id == received.answers, family_batch.c.kind == kind)
    )
    found = (await connection.execute(statement)).one_or_none()
    if found is None:
        raise MessageRefused(Reason.UNKNOWN_REQUEST)
    return found


async def _deleted(connection: AsyncConnection, message: Deleted) -> None:
    """Note the first instant that is told; raises MessageRefused for a result that never came."""
    if not await _has_result(connection, message.inquiry):
        raise MessageRefused(Reason.UNKNOWN_REQUEST)
    first = (family_result.c.inquiry_id == message.inquiry) & family_result.c.deleted_at.is_(None)
    await connection.execute(update(family_result).where(first).values(deleted_at=message.at))


async def _has_result(connection: AsyncConnection, inquiry: UUID) -> bool:
    found = select(family_result.c.inquiry_id).where(family_result.c.inquiry_id == inquiry)
    return (await connection.execute(found)).first() is not None
