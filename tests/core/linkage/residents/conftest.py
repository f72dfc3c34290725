"""An installation with doctors, linked to a stand-in of the resident-record network that listens on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
import pytest
import uvicorn
from sqlalchemy import select, update

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import Leaf, decode
from meibo.audit.tables import leaf as leaf_table
from meibo.database.stores import Store
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.link.tables import link_state
from meibo.linkage.residents.codec import Glyph
from meibo.linkage.residents.exchange import CONNECTOR
from meibo.linkage.residents.inquiries import Key
from meibo.linkage.residents.rows import Run
from meibo.linkage.residents.tables import resident_batch, resident_request
from meibo_sandbox.residents import Resident, ResidentList, ResidentNetwork
from tests.core.register.doctors import Doctors
from tests.installed import principal

OFFICER = principal(Role.OFFICER, account="officer")
ADMINISTRATOR = principal(Role.ADMINISTRATOR, account="administrator")
CLERK = principal(Role.CLERK, account="clerk")
HANAKO = Resident(
    "見本　花子",
    "ミホン　ハナコ",
    "1990-01-15",
    "2",
    "東京都千代田区霞が関1-2-2",
    "123456789018",
    "12345678903",
)
TARO = Resident(
    "見本　太〓", "ミホン　タロウ", "1950-05-03", "1", "東京都千代田区永田町1-7-1", "111111111118", "11111111113",
    dead_since="2026-11-01", glyphs=(Glyph("full_name_kanji", 4, "MJ012345"),),
)  # fmt: skip
TWINS = [
    Resident("並木　実", "ナミキ　ミノル", "1980-03-03", "1", f"札幌市中央区{n}", number, code)
    for n, number, code in (("1", "987654321093", "00000000060"), ("2", "999999999996", "99999999995"))
]


@dataclass(frozen=True)
class World:
    """What a test looks at."""

    installation: Installation
    network: ResidentNetwork
    doctors: Doctors

    @property
    def scope(self) -> int:
        return self.installation.scopes.numbers["doctor"]

    async def start(self, key: Key = Key.INDIVIDUAL_NUMBER, licences: Sequence[UUID] | None = None) -> Run:
        made = await self.installation.residents.runs.start(OFFICER, "doctor", key, licences)
        assert made is not None
        return made

    async def begin(self, key: Key = Key.INDIVIDUAL_NUMBER, licences: Sequence[UUID] | None = None) -> Run:
        """A run that two people wanted."""
        asked = await self.start(key, licences)
        begun = await self.installation.residents.runs.approve(ADMINISTRATOR, "doctor", asked.id)
        assert begun is not None
        return begun

    async def work(self) -> int:
        """What a worker does now; gives how many steps it took."""
        worker, done = Worker(self.installation.register, self.installation.residents.handlers), 0
        while await worker.run_one():
            done += 1
        return done

    async def hurry(self) -> int:
        """Whatever waits is due, the breaker has rested, and a worker works."""
        async with self.installation.register.write() as work:
            is_open = job.c.state.in_(("waiting", "running"))
            await work.connection.execute(update(job).where(is_open).values(due_at=clock.now()))
            await work.connection.execute(update(link_state).values(open_until=None))
            await work.commit()
        return await self.work()

    async def run(self, id: UUID) -> Run:
        return await self.installation.residents.runs.run(OFFICER, "doctor", id)

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read([self.scope]) as connection:
            return list(await connection.execute(select(table)))

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows(resident_batch)]

    async def outcomes(self) -> dict[UUID, str | None]:
        """licence -> outcome."""
        return {row.licence_id: row.outcome for row in await self.rows(resident_request)}

    async def replies(self, licence: UUID) -> list[dict[str, Any]]:
        """The values of the replies that a clerk sees."""
        reader = self.installation.reader(CLERK, "test")
        [head] = await reader.heads([licence])
        assert head is not None
        [rows] = await reader.replies("resident_record", [head])
        return [{n: v for n, v in view.values.items() if v is not None} for _, view in rows]

    async def leaves(self) -> list[Leaf]:
        async with self.installation.databases[Store.AUDIT].read() as connection:
            bodies = await connection.scalars(select(leaf_table.c.body).order_by(leaf_table.c.number))
            return [decode(body).leaf for body in bodies]


@contextmanager
def serving(network: ResidentNetwork) -> Iterator[str]:
    """The network's address while it listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(network.app(), log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/files"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
async def world(installation: Installation, host: Host) -> AsyncIterator[World]:
    network = ResidentNetwork(ResidentList([HANAKO, TARO, *TWINS]), installation.residents.keys)
    folder = installation.settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{CONNECTOR}.jwks.json").write_bytes(orjson.dumps(network.jwks()))
    with serving(network) as address:
        settings = replace(installation.settings, link_addresses=f"{CONNECTOR}={address}")
        async with open_installation(settings, host) as linked:
            yield World(linked, network, Doctors(linked))
