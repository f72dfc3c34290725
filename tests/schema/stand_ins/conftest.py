"""A demo of three doctors beside the sandbox's stand-ins, all of which listen on ports of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.demo.filling import fill
from meibo.exchange.beats import Side, Turn
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.link.tables import link_state
from meibo.register.tables import licence
from meibo.settings import Settings
from meibo_graphql.listening import url_of
from meibo_graphql.stand_ins import StandIns

ADDRESS = "http://127.0.0.1:8470"
HURRY_SECONDS = 0.2


@pytest.fixture
def stand_ins(settings: Settings) -> Iterator[StandIns]:
    bound = StandIns.bound(replace(settings, port=0))
    assert bound is not None
    with bound.provider, bound.sandbox, bound.mail:
        yield bound


@pytest.fixture
async def demo(settings: Settings, host: Host, stand_ins: StandIns) -> AsyncIterator[Installation]:
    people = await fill(settings, host, 3, lambda _: None)
    known = stand_ins.known_to(settings, ADDRESS)
    async with open_installation(known, host) as opened, stand_ins.serving(people, opened):
        yield opened


@dataclass(frozen=True)
class Sandbox:
    """The sandbox as a frontend team's test drives it, and the demo's worker."""

    http: httpx.AsyncClient
    demo: Installation

    FIRST: ClassVar = 1_220_001
    """The person who is the first doctor; the others follow."""

    async def post(self, path: str, **asked: Any) -> Any:
        """What the control API answers."""
        answer = await self.http.post(f"/api/{path}", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def person(self, doctor: int) -> Any:
        """A doctor as the world has them today, from 0."""
        return (await self.http.get(f"/api/people/{self.FIRST + doctor}")).json()

    async def happen(self, doctor: int, happening: str, **how: str) -> Any:
        """Let something happen to a doctor; gives the person after it."""
        return await self.post(f"people/{self.FIRST + doctor}", happening=happening, **how)

    async def holds(self, system: str) -> Any:
        """What an existing system or the public search holds."""
        return (await self.http.get(f"/{system}/state")).json()

    async def licences(self) -> list[tuple[UUID, str]]:
        """(id, pseudonym) of the doctors, in their order."""
        scope = self.demo.scopes.of("doctor")
        async with self.demo.register.read([scope]) as connection:
            found = await connection.execute(
                select(licence.c.id, licence.c.pseudonym).order_by(licence.c.number_key)
            )
            return [(id, pseudonym) for id, pseudonym in found]

    async def rest(self) -> None:
        """Nothing waits for its time, and no breaker is open."""
        async with self.demo.register.write() as work:
            open_ = job.c.state.in_(("waiting", "running"))
            await work.connection.execute(update(job).where(open_).values(due_at=clock.now()))
            await work.connection.execute(update(link_state).values(open_until=None))
            await work.commit()

    @asynccontextmanager
    async def hurried(self) -> AsyncIterator[None]:
        """Time goes by over there, so that nobody waits long for who is late."""

        async def hurry() -> None:
            while True:
                await asyncio.sleep(HURRY_SECONDS)
                await self.post("clock", advance_seconds=30)

        hurrying = asyncio.create_task(hurry())
        try:
            yield
        finally:
            hurrying.cancel()
            await asyncio.wait([hurrying])

    async def work(self) -> None:
        """All that waits is done now."""
        await self.rest()
        worker = Worker(self.demo.register, self.demo.handlers)
        while await worker.run_one():
            pass

    async def exchange(self) -> None:
        """The next turn of the existing system and of the public search."""
        scope, beats = self.demo.scopes.of("doctor"), self.demo.exchange.beats
        await beats.hearings[Turn(Side.EXISTING_SYSTEM, scope)].hear()
        for side in Side:
            await beats.feeds[Turn(side, scope)].tell()


@pytest.fixture
async def sandbox(demo: Installation, stand_ins: StandIns) -> AsyncIterator[Sandbox]:
    transport = httpx.AsyncHTTPTransport(retries=5)
    async with httpx.AsyncClient(base_url=url_of(stand_ins.sandbox), transport=transport) as http:
        yield Sandbox(http, demo)
