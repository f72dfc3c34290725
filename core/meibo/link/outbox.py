"""What goes out: written, sealed, in the transaction of the change that asks for it, and delivered by a job.

A message may be sent again where its delivery was cut off. Its id, which is the idempotency key, is the same then,
and what comes of it is noted once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.connectors import Connector, Message, Outgoing
from meibo.crypto.keys import KeyProvider, derive, seal, unseal
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import InvalidValue, NotFound, SourceUnavailable
from meibo.jobs import JobKind, Lease, Payload, enqueue
from meibo.jobs.payloads import Scope
from meibo.link import actions, breaker
from meibo.link.client import LinkClient
from meibo.link.envelopes import KEY, Envelope, signer_of, write
from meibo.link.inbox import Inbox
from meibo.link.states import Status
from meibo.link.tables import link_message
from meibo.values.numbers import parse_individual_number


class Delivery(Payload, frozen=True):
    """A message of the outbox."""

    message: UUID
    scope: Scope


DELIVER = JobKind("link.deliver", Delivery, most_attempts=150, lease=timedelta(minutes=2))
"""Tried for three days and longer: outside systems are down over a weekend."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes and delivers the messages of one installation; `us` is the name by which it signs."""

    database: Database
    connectors: Mapping[str, Connector]
    keys: KeyProvider
    client: LinkClient
    inbox: Inbox
    us: str

    async def request(
        self,
        connection: AsyncConnection,
        principal: Principal,
        profession: str,
        scope: int,
        licence: UUID,
        connector: str,
        type: str,
        message: Message,
    ) -> UUID:
        """Ask an outside system about a licence, in the caller's transaction; gives the request's id.

        Raises Forbidden without `registry:link:send`, NotFound where the connector has no such message, InvalidValue
        where the message is mistyped or an individual number stands in it. The instant of the record stays locked
        from here to the commit.
        """
        principal.demand(Permission.LINK_SEND, profession)
        body, id = self._body(connector, type, message), uuid4()
        key = self.keys.newest(KEY)
        at = await record_instant(connection)
        row = {
            "id": id, "scope": scope, "licence_id": licence, "connector": connector, "type": type,
            "status": Status.REQUESTED, "requested_at": at, "key_version": key.version,
            "sealed": seal(derive(key, "link:outbox").secret, body, id.bytes),
        }  # fmt: skip
        await connection.execute(insert(link_message), row)
        await actions.requested(connection, principal, id, scope, licence, at)
        await enqueue(connection, DELIVER, Delivery(id, scope))
        return id

    async def deliver(self, lease: Lease, delivery: Delivery) -> None:
        """Send a message, and take the answer that comes at once in the commit that ends the job.

        Raises SourceUnavailable, after counting the failure, and MessageRefused for an answer that is not believed.
        """
        async with self.database.read([delivery.scope]) as connection:
            found = await connection.execute(
                select(link_message).where(link_message.c.id == delivery.message)
            )
            row = found.one()
            until = await breaker.closed_until(connection, row.connector)
        if row.status != Status.REQUESTED:
            return
        if until is not None:
            await lease.postpone(until)
            return
        try:
            answer = await self.client.post(row.connector, row.id, await self._signed(row))
        except SourceUnavailable:
            await breaker.failed(self.database, row.connector)
            raise
        await self._sent(lease, delivery, row.connector, answer)

    async def _sent(self, lease: Lease, delivery: Delivery, connector: str, answer: bytes) -> None:
        received = self.inbox.read(connector, answer) if answer else None
        async with lease.write(self.inbox.scopes) as work:
            await work.connection.execute(
                update(link_message)
                .where(link_message.c.id == delivery.message, link_message.c.status == Status.REQUESTED)
                .values(status=Status.SENT, sent_at=clock.now())
            )
            await breaker.succeeded(work.connection, connector)
            if received is not None:
                await self.inbox.take(work.connection, connector, received)
            await work.commit()

    def _body(self, connector: str, type: str, message: Message) -> bytes:
        """The message in JSON, as strictly as it would be read."""
        known = self.connectors.get(connector)
        schema = known.sends.get(type) if known else None
        if schema is None:
            raise NotFound("message of this connector")
        try:
            body = msgspec.json.encode(message)
            msgspec.json.decode(body, type=schema, strict=True)
        except msgspec.MsgspecError:
            raise _refused() from None
        if any(map(_is_number, _texts(msgspec.json.decode(body)))):
            raise _refused()
        return body

    async def _signed(self, row: Any) -> bytes:
        secret = derive(self.keys.version(KEY, row.key_version), "link:outbox").secret
        body = msgspec.Raw(await self._completed(row, unseal(secret, row.sealed, row.id.bytes)))
        at = int(clock.now().timestamp())
        envelope = Envelope(row.id, self.us, row.connector, at, row.type, body)
        return write(signer_of(self.keys, row.connector), envelope)

    async def _completed(self, row: Any, body: bytes) -> bytes:
        """The body with what may not be kept, for this attempt alone."""
        connector = self.connectors[row.connector]
        if connector.complete is None:
            return body
        message = msgspec.json.decode(body, type=connector.sends[row.type])
        outgoing = Outgoing(row.id, row.scope, row.licence_id, message)
        return msgspec.json.encode(await connector.complete(outgoing))


def _texts(value: Any) -> list[str]:
    """Every scalar within a value, as text."""
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


def _is_number(text: str) -> bool:
    try:
        parse_individual_number(text.strip().replace("-", "").replace(" ", ""))
    except InvalidValue:
        return False
    return True


def _refused() -> InvalidValue:
    return InvalidValue(
        "link.message",
        "送信内容が定められた形式でないか、個人番号を含んでいます。",
        "The message is not of its declared form, or an individual number stands in it.",
    )
