"""What comes in takes effect in the commit that notes its id: over the line or by hand, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.connectors import Message, Received
from meibo.database.inserting import insert_new
from meibo.errors import MessageRefused
from meibo.exchange.inbound.certificates import file_certificate
from meibo.exchange.inbound.lists import Lists
from meibo.exchange.inbound.messages import (
    CERTIFICATE,
    NUMBERS,
    PASS_LIST,
    Certificate,
    PaperNumbers,
    PassList,
)
from meibo.exchange.inbound.papers import TAKE, PaperBatch
from meibo.exchange.inbound.tables import paper_batch
from meibo.host import Host
from meibo.jobs import enqueue
from meibo.link.states import Reason
from meibo.linkage.papers import PaperDesk
from meibo.professions.plugin import ProfessionPlugin

Sends = Callable[[ProfessionPlugin, str], bool]


def sends_numbers(plugin: ProfessionPlugin, connector: str) -> bool:
    """Whether a profession is sent numbers from paper over this connector."""
    return plugin.paper_numbers is not None and plugin.paper_numbers.connector == connector


def sends_lists(plugin: ProfessionPlugin, connector: str) -> bool:
    """Whether a profession is sent pass lists over this connector."""
    return plugin.pass_lists is not None and plugin.pass_lists.connector == connector


@dataclass(frozen=True, slots=True)
class Receiving:
    """Takes what the senders of an installation's professions send; `scopes` gives each profession's number."""

    host: Host
    scopes: Mapping[str, int]
    desk: PaperDesk
    lists: Lists

    def receives(self, connector: str) -> dict[str, type[Message]]:
        """The messages that may come from a connector, by what the professions declare."""
        found: dict[str, type[Message]] = {}
        for profession in self.host.professions.values():
            if sends_numbers(profession.plugin, connector):
                found |= {NUMBERS: PaperNumbers, CERTIFICATE: Certificate}
            if sends_lists(profession.plugin, connector):
                found |= {PASS_LIST: PassList}
        return found

    def senders(self, connector: str) -> list[str]:
        """The professions for which anything may come from a connector."""
        return [
            code
            for code, profession in self.host.professions.items()
            if sends_numbers(profession.plugin, connector) or sends_lists(profession.plugin, connector)
        ]

    async def receive(self, connector: str, connection: AsyncConnection, received: Received) -> None:
        """Let a message take effect; raises MessageRefused, and then nothing is kept."""
        message = received.message
        match message:
            case PaperNumbers():
                self._demand(message.profession, sends_numbers, connector)
                await self._keep(connector, connection, message)
            case Certificate():
                self._demand(message.profession, sends_numbers, connector)
                await file_certificate(
                    connection, connector, self.scopes[message.profession], message, received.raw
                )
            case PassList():
                self._demand(message.profession, sends_lists, connector)
                await self.lists.take(connection, connector, message)
            case _:
                raise MessageRefused(Reason.UNKNOWN_REQUEST)

    async def _keep(self, connector: str, connection: AsyncConnection, message: PaperNumbers) -> None:
        """A batch waits, encrypted to the vault, for a worker; one that is known is nothing new."""
        self.desk.check(connector, message.encrypted, message.count)
        id, scope = uuid4(), self.scopes[message.profession]
        row = {
            "id": id, "scope": scope, "connector": connector, "batch": message.batch, "size": message.count,
            "on_paper": message.on_paper, "encrypted": message.encrypted.encode(), "received_at": clock.now(),
        }  # fmt: skip
        unique = (paper_batch.c.connector, paper_batch.c.scope, paper_batch.c.batch)
        if (await connection.execute(insert_new(paper_batch, *unique).values(row))).rowcount == 1:
            await enqueue(connection, TAKE, PaperBatch(scope, id))

    def _demand(self, code: str, sends: Sends, connector: str) -> None:
        profession = self.host.professions.get(code)
        if profession is None or not sends(profession.plugin, connector):
            raise MessageRefused(Reason.MISADDRESSED)
