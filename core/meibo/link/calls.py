"""Questions to an outside system that are answered at once: signed, checked as all that comes in, and bound to the
question by its id. What comes of an answer is the asker's to write."""

from __future__ import annotations

from dataclasses import dataclass
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
        async with self.database.read() as connection:
            if await breaker.closed_until(connection, connector) is not None:
                raise SourceUnavailable
        try:
            received = await self._asked(connector, id, type, message)
        except (SourceUnavailable, MessageRefused):
            await breaker.failed(self.database, connector)
            raise
        await breaker.recovered(self.database, connector)
        return received

    async def _asked(self, connector: str, id: UUID, type: str, message: Message) -> Received:
        body, at = msgspec.Raw(msgspec.json.encode(message)), int(clock.now().timestamp())
        signed = write(signer_of(self.keys, connector), Envelope(id, self.us, connector, at, type, body))
        received = self.inbox.read(connector, await self.client.post(connector, id, signed))
        if received.answers != id:
            raise MessageRefused(Reason.UNKNOWN_REQUEST)
        return received
