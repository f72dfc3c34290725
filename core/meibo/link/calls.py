"""Questions to an outside system that are answered at once: signed, checked as all that comes in, and bound to the
question by its id. What comes of an answer is the asker's to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from meibo import clock
from meibo.connectors import Message, Received
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import MessageRefused, SourceUnavailable
from meibo.link import breaker
from meibo.link.client import LinkClient
from meibo.link.envelopes import Envelope, signer_of, write
from meibo.link.inbox import Inbox
from meibo.link.states import Reason


@dataclass(frozen=True, slots=True)
class Calls:
    """Asks, as the installation that signs as `us`; pause and breaker hold here as they do for the outbox."""

    database: Database
    keys: KeyProvider
    client: LinkClient
    inbox: Inbox
    us: str

    async def call(self, connector: str, id: UUID, type: str, message: Message) -> Received:
        """The answer to a message under an id of the asker's, which stays the same when it is asked again.

        Raises SourceUnavailable, also while the connector is paused or left alone, and MessageRefused.
        """
        return (await self.answered(connector, id, type, message))[0]

    async def answered(self, connector: str, id: UUID, type: str, message: Message) -> tuple[Received, bytes]:
        """`call`, and the answer as it came: signed, for whoever has to file it."""
        async with self.database.read() as connection:
            if await breaker.closed_until(connection, connector) is not None:
                raise SourceUnavailable
        try:
            signed = self.signed(connector, id, type, message)
            raw = await self.client.post(connector, id, signed)
            received = self.answer(connector, id, raw)
        except (SourceUnavailable, MessageRefused):
            await breaker.failed(self.database, connector)
            raise
        await breaker.recovered(self.database, connector)
        return received, raw

    def signed(self, connector: str, id: UUID, type: str, message: Message) -> bytes:
        """A message as it travels, under an id of the asker's."""
        body, at = msgspec.Raw(msgspec.json.encode(message)), int(clock.now().timestamp())
        return write(signer_of(self.keys, connector), Envelope(id, self.us, connector, at, type, body))

    def answer(self, connector: str, id: UUID, raw: bytes, within: timedelta | None = None) -> Received:
        """The answer to the message with this id, checked; `within` is how old it may be, if longer than on the line.

        Raises MessageRefused.
        """
        received = self.inbox.read(connector, raw, within)
        if received.answers != id:
            raise MessageRefused(Reason.UNKNOWN_REQUEST)
        return received

    def reaches(self, connector: str) -> bool:
        """Whether the operator has named an address of the connector."""
        return connector in self.client.addresses
