"""What is carried by hand: read as it would be from the line, and entered in a book until the medium is destroyed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from meibo import clock
from meibo.access.guard import Guard
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.database.stores import Database
from meibo.errors import MessageRefused, NotFound
from meibo.exchange.inbound.messages import PSEUDONYMS
from meibo.exchange.inbound.office import PaperOffice
from meibo.exchange.inbound.papers import Papers
from meibo.exchange.inbound.tables import carried_medium, paper_batch
from meibo.exchange.media import DUE, KEPT, LABEL_LENGTH
from meibo.exchange.sides import of_side
from meibo.link.calls import Calls
from meibo.link.encryption import Recipient
from meibo.link.states import Reason
from meibo.values.names import validate_text


class Way(StrEnum):
    """Which way a medium went."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class CarriedMedium:
    """A medium in the book; `content` is the type of the message on it, `digest` the SHA-256 of the file."""

    id: UUID
    way: Way
    content: str
    label: str
    digest: str
    entered_at: datetime
    destroyed_at: datetime | None

    @property
    def overdue(self) -> bool:
        """Whether it ought to be destroyed by now, and nobody says that it is."""
        return self.destroyed_at is None and clock.now() - self.entered_at > DUE


@dataclass(frozen=True, slots=True)
class InboundMedia:
    """The verbs; each needs `registry:exchange:carry` for the profession, and changes leave a leaf first."""

    database: Database
    office: PaperOffice
    calls: Calls
    guard: Guard

    async def read(
        self, principal: Principal, connector: str, profession: str, label: str, file: bytes
    ) -> CarriedMedium:
        """Take what is on a medium, and enter it under a label. The same once more is entered again, and does nothing.

        Raises Forbidden, NotFound for no such sender, InvalidValue for a label, MessageRefused for a file that is not
        believed: then nothing is stored or entered.
        """
        scope = await self._scope(principal, "inbound.read", connector, profession)
        validate_text(label, LABEL_LENGTH)
        id, received = uuid4(), self.calls.inbox.read(connector, file, KEPT)
        if getattr(received.message, "profession", None) != profession:
            raise MessageRefused(Reason.MISADDRESSED)
        row = _row(principal, scope, connector, Way.IN, received.type, received.id, label, file)
        acting = self.guard.acting(principal, "inbound.read", str(id))
        async with acting, self.database.write([scope]) as work:
            await self.calls.inbox.take(work.connection, connector, received)
            await work.connection.execute(insert(carried_medium), row | {"id": id})
            await work.commit()
        return await self._medium(scope, connector, id)

    async def answer(
        self, principal: Principal, connector: str, profession: str, batch: UUID, label: str
    ) -> tuple[CarriedMedium, bytes]:
        """The pseudonyms of a batch as a file that only the sender opens, entered under a label. From now on its
        certificates are due; a medium that was lost is written again.

        Raises Forbidden, NotFound for no such batch or one that was not taken yet, InvalidValue for a label, and
        SettingsError where the sender gave no key.
        """
        scope = await self._scope(principal, "inbound.answer", connector, profession)
        validate_text(label, LABEL_LENGTH)
        papers = self._papers(connector, scope)
        found = await papers.batch((paper_batch.c.batch == batch) & paper_batch.c.taken_at.is_not(None))
        signed = self.calls.signed(connector, found.id, PSEUDONYMS, await papers.pseudonyms(found))
        file = Recipient(connector, self.calls.client.folder).encrypt(signed.decode()).encode()
        id, row = uuid4(), _row(principal, scope, connector, Way.OUT, PSEUDONYMS, found.id, label, file)
        async with self.guard.acting(principal, "inbound.answer", str(id)):
            async with self.database.write([scope]) as work:
                await work.connection.execute(insert(carried_medium), row | {"id": id})
                await work.commit()
            await papers.answered(found.id)
        return await self._medium(scope, connector, id), file

    async def destroyed(self, principal: Principal, connector: str, profession: str, medium: UUID) -> None:
        """A medium was destroyed; raises Forbidden, NotFound."""
        scope = await self._scope(principal, "inbound.destroyed", connector, profession)
        await self._medium(scope, connector, medium)
        fresh = update(carried_medium).where(
            carried_medium.c.id == medium, carried_medium.c.destroyed_at.is_(None)
        )
        acting = self.guard.acting(principal, "inbound.destroyed", str(medium))
        async with acting, self.database.write([scope]) as work:
            await work.connection.execute(fresh.values(destroyed_at=clock.now()))
            await work.commit()

    async def listed(self, principal: Principal, connector: str, profession: str) -> list[CarriedMedium]:
        """The book, oldest first; raises Forbidden, NotFound."""
        scope = await self._scope(principal, "inbound.media", connector, profession)
        row = carried_medium.c
        mine = select(carried_medium).where(of_side(carried_medium, connector, scope))
        async with self.database.read([scope]) as connection:
            return [_medium(each) for each in await connection.execute(mine.order_by(row.entered_at))]

    async def _scope(self, principal: Principal, operation: str, connector: str, profession: str) -> int:
        """The number of a profession to which the connector sends; raises Forbidden, NotFound."""
        await self.guard.demand(principal, Permission.EXCHANGE_CARRY, operation, profession)
        if profession not in self.office.receiving.senders(connector):
            await self.guard.refused(principal, operation, profession, NotFound.code)
            raise NotFound("sender")
        return self.office.receiving.scopes[profession]

    def _papers(self, connector: str, scope: int) -> Papers:
        for each in self.office.papers:
            if (each.connector, each.scope) == (connector, scope):
                return each
        raise NotFound("sender of numbers")

    async def _medium(self, scope: int, connector: str, id: UUID) -> CarriedMedium:
        row = carried_medium.c
        mine = select(carried_medium).where(of_side(carried_medium, connector, scope), row.id == id)
        async with self.database.read([scope]) as connection:
            found = (await connection.execute(mine)).one_or_none()
        if found is None:
            raise NotFound("medium")
        return _medium(found)


def _row(
    principal: Principal, scope: int, connector: str, way: Way, content: str, message: UUID, label: str,
    file: bytes,
) -> dict[str, Any]:  # fmt: skip
    return {
        "scope": scope, "connector": connector, "way": way, "content": content, "message_id": message,
        "label": label, "digest": hashlib.sha256(file).digest(), "account": principal.account,
        "entered_at": clock.now(),
    }  # fmt: skip


def _medium(row: Any) -> CarriedMedium:
    return CarriedMedium(
        row.id, Way(row.way), row.content, row.label, row.digest.hex(), row.entered_at, row.destroyed_at
    )
