"""An installation with doctors, and stand-ins of the public search and of the existing system beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.access.permissions import Role
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.link.tables import link_state
from meibo.settings import Settings
from meibo_sandbox.existing import PublicSearchStandIn, RegistrationStandIn
from tests.core.exchange.serving import serving
from tests.core.register.doctors import Doctors
from tests.installed import principal

US = "https://meibo.example"
ADMINISTRATOR = principal(Role.ADMINISTRATOR)
WEEK = 7 * 86_400
KINDS = frozenset({"exchange.beat", "exchange.turn"})


class Clock:
    """An instant that a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.real = clock.now

    def now(self) -> datetime:
        return self.real() + self.ahead


@dataclass
class World:
    """What a test looks at."""

    installation: Installation
    doctors: Doctors
    public: PublicSearchStandIn
    system: RegistrationStandIn
    time: Clock

    @property
    def scope(self) -> int:
        return self.installation.scopes.numbers["doctor"]

    async def beat(self) -> int:
        """The next minute of a worker, whatever waits being due; gives how many jobs it took."""
        self.time.ahead += timedelta(minutes=1)
        async with self.installation.register.write() as work:
            await work.connection.execute(update(job).values(due_at=clock.now() - timedelta(seconds=1)))
            await work.connection.execute(update(link_state).values(open_until=None))
            await work.commit()
        handlers = [each for each in self.installation.handlers if each.kind.name in KINDS]
        return await drained(Worker(self.installation.register, handlers))

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read([self.scope]) as connection:
            return list(await connection.execute(select(table)))

    async def pseudonym(self, licence: UUID) -> str:
        return (await self.doctors.head(licence)).pseudonym

    def batches(self) -> list[str]:
        """The ids of the batches that the existing system has read, in order."""
        return [id for type, id in self.system.came if type == "tell"]

    async def told(self, licence: UUID) -> dict[str, Any]:
        """What the existing system has of a licence."""
        return self.system.records["doctor"][await self.pseudonym(licence)]


async def drained(worker: Worker) -> int:
    """Let a worker do all that is due."""
    done = 0
    while await worker.run_one():
        done += 1
    return done


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture
async def world(settings: Settings, host: Host, time: Clock) -> AsyncIterator[World]:
    public, system = PublicSearchStandIn("public_search", US), RegistrationStandIn("licence_registration", US)
    public.now = system.now = lambda: time.now().timestamp()
    folder = settings.path("link")
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        addresses = []
        for each in (public, system):
            addresses.append(f"{each.name}={stack.enter_context(serving(each))}")
            (folder / f"{each.name}.jwks.json").write_bytes(each.jwks())
        # Other processes of a test do not know of its clock.
        settings = replace(
            settings, public_url=US, link_addresses=", ".join(addresses), link_skew_seconds=WEEK
        )
        async with open_installation(settings, host) as opened:
            for each in (public, system):
                each.ours = await opened.links.office.key(ADMINISTRATOR, each.name)
            yield World(opened, Doctors(opened), public, system, time)
