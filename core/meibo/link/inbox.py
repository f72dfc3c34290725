"""What comes in: read, checked, and taken once. The receipt and the effect are one commit."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.connectors import Received
from meibo.database.inserting import insert_new
from meibo.database.stores import Database
from meibo.errors import MessageRefused, NotFound
from meibo.link import actions
from meibo.link.envelopes import ANSWERS, Reader
from meibo.link.tables import link_receipt

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes messages for all connectors of an installation; `refused` counts by (connector, reason)."""

    database: Database
    scopes: tuple[int, ...]
    readers: Mapping[str, Reader]
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def receive(self, connector: str, raw: bytes) -> bool:
        """Take a message as it came; False where it took effect before.

        Raises NotFound for no such connector, MessageRefused for one that is not believed: then nothing is stored.
        """
        received = self.read(connector, raw)
        async with self.database.write(self.scopes) as work:
            taken = await self.take(work.connection, connector, received)
            await work.commit()
        return taken

    def read(self, connector: str, raw: bytes, within: timedelta | None = None) -> Received:
        """A message, checked; raises as `receive` does. `within` is how old it may be where it comes by hand."""
        if connector not in self.readers:
            raise NotFound("connector")
        try:
            reader = self.readers[connector]
            return (reader.by_hand(within) if within else reader).read(raw, clock.now())
        except MessageRefused as refusal:
            self.refused[connector, refusal.reason] += 1
            _log.warning("A message was refused", extra={"operation": connector, "refusal": refusal.reason})
            raise

    async def take(self, connection: AsyncConnection, connector: str, received: Received) -> bool:
        """Let a message take effect within the caller's transaction, unless it did before."""
        if not await _noted(connection, connector, received):
            return False
        if received.answers is not None:
            await actions.answered(connection, connector, received)
        receive = self.readers[connector].connector.receive
        if receive is not None and received.type not in ANSWERS:
            await receive(connection, received)
        return True


async def _noted(connection: AsyncConnection, connector: str, received: Received) -> bool:
    """Whether the message's id is new; it is known from now on."""
    row = {"connector": connector, "message_id": received.id, "received_at": clock.now()}
    entered = await connection.execute(insert_new(link_receipt).values(row))
    return bool(entered.rowcount == 1)
