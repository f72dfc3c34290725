"""A batch of inquiries is entered: its rows, the messages that ask, and their actions, in one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.connectors import Message
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import Refused
from meibo.family.messages import CONNECTOR, INQUIRE, OBTAIN_SYMBOL, Inquire, ObtainSymbol
from meibo.family.records import FamilyRequest, InquiryKind
from meibo.family.tables import family_batch, family_inquiry
from meibo.link.outbox import Outbox
from meibo.registry import refusals


@dataclass(frozen=True, slots=True)
class Entering:
    """Enters what was found to be in order."""

    database: Database
    outbox: Outbox

    async def enter(self, principal: Principal, scope: int, request: FamilyRequest, basis: str) -> None:
        """The batch and its messages; nothing where another request under the key was first."""
        batch = request.batch(principal)
        row = {
            "id": batch, "scope": scope, "kind": request.kind, "legal_basis": basis,
            "asked_items": " ".join(request.items), "licences": len(request.licences), "digest": request.digest(),
            "account": principal.account, "institution": principal.institution, "requested_at": clock.now(),
        }  # fmt: skip
        async with self.database.write([scope], principal.offices) as work:
            entered = await work.connection.execute(insert_new(family_batch).values(row))
            if entered.rowcount != 1:
                await is_known(work.connection, batch, request)
                return
            for each in request.licences:
                await self._send(work.connection, principal, scope, request, each, basis)
            await work.commit()

    async def _send(
        self,
        connection: AsyncConnection,
        principal: Principal,
        scope: int,
        request: FamilyRequest,
        about: UUID,
        basis: str,
    ) -> None:
        message: Message = ObtainSymbol()
        type = OBTAIN_SYMBOL
        if request.kind is InquiryKind.REGISTER:
            message, type = Inquire(legal_basis=basis, items=list(request.items)), INQUIRE
        # To send is this verb's own.
        sender = replace(principal, permissions=principal.permissions | {Permission.LINK_SEND})
        id = await self.outbox.request(
            connection, sender, request.profession, scope, about, CONNECTOR, type, message
        )
        batch = request.batch(principal)
        inquiry = {"id": id, "scope": scope, "licence_id": about, "batch_id": batch}
        await connection.execute(insert(family_inquiry), inquiry)


async def is_known(connection: AsyncConnection, batch: UUID, request: FamilyRequest) -> bool:
    """Whether the batch was asked before; raises Refused where its key stood for something else."""
    digest = await connection.scalar(select(family_batch.c.digest).where(family_batch.c.id == batch))
    if digest is not None and bytes(digest) != request.digest():
        raise Refused(refusals.key_reused())
    return digest is not None
