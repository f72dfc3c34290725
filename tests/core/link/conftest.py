"""An installation with one doctor, linked to a stand-in of an inspector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.permissions import Role
from meibo.connectors import Connector, Direction, Message, Received
from meibo.hooks import hookimpl
from meibo.host import load_host
from meibo.installation import Installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.link import Links, link_action, open_links
from meibo.link.tables import link_message, link_receipt, link_state
from meibo.register.tables import installation as facts
from tests.core.link.stand_in import NAME, StandIn, serving
from tests.core.register.doctors import Doctors
from tests.installed import principal

ADMINISTRATOR = principal(Role.ADMINISTRATOR)


class Ask(Message, frozen=True):
    name: str
    address: str


class Moved(Message, frozen=True):
    to: str


async def receive(connection: AsyncConnection, received: Received) -> None:
    """Each effect is a row, so that doing it twice shows."""
    await connection.execute(insert(facts), {"name": f"moved-{uuid4()}", "value": received.type})


INSPECTOR = Connector(
    name=NAME, direction=Direction.BOTH, sends={"ask": Ask}, receives={"moved": Moved}, receive=receive
)


@dataclass(frozen=True)
class World:
    """What a test looks at."""

    installation: Installation
    links: Links
    stand_in: StandIn
    licence: UUID
    requests: list[UUID] = field(default_factory=list)

    @property
    def scope(self) -> int:
        return self.installation.scopes.numbers["doctor"]

    async def ask(self, name: str = "見本　太郎", **more: Any) -> UUID:
        """A request in a transaction of its own."""
        given: dict[str, Any] = {"principal": ADMINISTRATOR, "connector": NAME, "type": "ask"} | more
        async with self.installation.register.write([self.scope]) as work:
            id = await self.links.outbox.request(
                work.connection, profession="doctor", scope=self.scope, licence=self.licence,
                message=given.pop("message", Ask(name, "東京都千代田区霞が関1-2-2")), **given,
            )  # fmt: skip
            await work.commit()
        return id

    async def work(self) -> int:
        """What a worker does now; gives how many jobs it took."""
        worker, done = Worker(self.installation.register, self.links.handlers), 0
        while await worker.run_one():
            done += 1
        return done

    async def hurry(self) -> None:
        """Whatever waits is due, and the breaker has rested."""
        async with self.installation.register.write() as work:
            await work.connection.execute(update(job).values(due_at=clock.now()))
            await work.connection.execute(update(link_state).values(open_until=None))
            await work.commit()

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read([self.scope]) as connection:
            return list(await connection.execute(select(table)))

    async def statuses(self) -> list[str]:
        return [row.status for row in await self.rows(link_message)]

    async def actions(self) -> list[tuple[str, str, str]]:
        found = sorted(await self.rows(link_action), key=lambda row: row.recorded_at)
        return [(row.status, row.code, row.account) for row in found]

    async def effects(self) -> int:
        return len([row for row in await self.rows(facts) if row.name.startswith("moved-")])

    async def receipts(self) -> int:
        return len(await self.rows(link_receipt))


def inspected(installation: Installation, address: str) -> Links:
    """The links of an installation whose doctor's plugin declares the inspector."""
    settings = replace(installation.settings, link_addresses=f"{NAME}={address}", link_max_bytes=4_000)
    host = load_host(only={"doctor"})
    plugin = ModuleType("meibo_doctor")  # As the doctor's own package would declare it.
    vars(plugin)["meibo_connectors"] = hookimpl(lambda: [INSPECTOR], specname="meibo_connectors")
    host.manager.register(plugin, "inspected")
    parts = installation.register, installation.scopes.known.values(), installation.keys, installation.guard
    return open_links(settings, host, *parts)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving(StandIn()) as made:
        yield made


@pytest.fixture
async def world(installation: Installation, stand_in: StandIn) -> Any:
    folder = installation.settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{NAME}.jwks.json").write_bytes(stand_in.jwks())
    links = inspected(installation, stand_in.address)
    stand_in.ours = await links.office.key(ADMINISTRATOR, NAME)
    yield World(installation, links, stand_in, await Doctors(installation).enter())
    async with installation.register.write() as work:  # Facts outlive a test on PostgreSQL.
        await work.connection.execute(facts.delete().where(facts.c.name.startswith("moved-")))
        await work.commit()
