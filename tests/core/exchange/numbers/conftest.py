"""An installation with pharmacists, whose numbers the existing system may have, and that system's stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, decode
from meibo.database.stores import Store
from meibo.exchange.beats import Side, Turn
from meibo.exchange.numbers import Basis, NumberFeed, NumberOffice
from meibo.host import Host
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation, open_installation
from meibo.link.tables import link_state
from meibo.register.fold import Verb
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym
from meibo_sandbox.existing import RegistrationStandIn
from tests.core.exchange.conftest import US, WEEK, Clock
from tests.core.exchange.conftest import time as time
from tests.core.exchange.serving import serving
from tests.installed import principal
from tests.plugins.pharmacist.conftest import OFFICER, Pharmacists
from tests.plugins.pharmacist.conftest import host as host
from tests.plugins.pharmacist.conftest import shared_database as shared_database
from tests.plugins.pharmacist.conftest import template as template

NAME = "licence_registration"
PROPOSER = principal(Role.ADMINISTRATOR, {"pharmacist"}, "proposer")
APPROVER = principal(Role.ADMINISTRATOR, {"pharmacist"}, "approver")
ABOUT = (NAME, "pharmacist")
SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""For tables of cases that every store would answer alike."""
ARTICLE = "番号法第19条第8号"


@dataclass
class Handing:
    """What a test looks at."""

    installation: Installation
    pharmacists: Pharmacists
    system: RegistrationStandIn
    time: Clock

    @property
    def office(self) -> NumberOffice:
        return self.installation.exchange.numbers

    @property
    def feed(self) -> NumberFeed:
        numbers = self.installation.exchange.beats.numbers
        return numbers[Turn(Side.EXISTING_SYSTEM, self.installation.scopes.of("pharmacist"))]

    @property
    def numbers(self) -> dict[str, str]:
        """What the system has, by pseudonym."""
        return self.system.handed.kept.get("pharmacist", {})

    async def allow(self, days: int = 30) -> UUID:
        """A basis that holds from today on."""
        today = clock.today()
        basis = Basis(legal_basis=ARTICLE, start_date=today, end_date=today + timedelta(days=days))
        id = await self.office.propose(PROPOSER, *ABOUT, basis)
        await self.office.approve(APPROVER, *ABOUT, id)
        return id

    async def turn(self, *, later: timedelta = timedelta(hours=1, minutes=1)) -> None:
        """The feed's turn when the next round is due, whatever the breaker knows."""
        self.time.ahead += later
        async with self.installation.register.write() as work:
            await work.connection.execute(update(link_state).values(failures=0, open_until=None))
            await work.commit()
        await self.feed.turn()

    async def pseudonym(self, licence: UUID) -> LicencePseudonym:
        return LicencePseudonym((await self.pharmacists.head(licence)).pseudonym)

    async def enrol(self, licence: UUID, number: str) -> None:
        """Another number of the same holder."""
        await self.installation.identity.enrol_for(
            OFFICER, profession="pharmacist", file="pharmacist", pseudonym=await self.pseudonym(licence),
            numbers={NumberKind.INDIVIDUAL_NUMBER: number}, verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="test",
        )  # fmt: skip

    async def give_up(self, licence: UUID) -> None:
        """The holder lives, and returns the licence: the number is destroyed."""
        await self.pharmacists.act(licence, Verb.REVOKE, "792")
        assert (await self.pharmacists.number(licence)).held is False

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read(self.installation.scopes.numbers.values()) as connection:
            return list(await connection.execute(select(table)))

    async def leaves(self, *operations: str) -> list[Leaf]:
        """The leaves of some operations, in order."""
        async with self.installation.databases[Store.AUDIT].read() as connection:
            bodies = await connection.scalars(
                select(audit_tables.leaf.c.body).order_by(audit_tables.leaf.c.number)
            )
            found = [decode(body).leaf for body in bodies]
        return [leaf for leaf in found if leaf.operation in operations]

    def came(self, type: str) -> list[str]:
        """The ids of the messages of a type that the system has read."""
        return [id for each, id in self.system.came if each == type]


@pytest.fixture
async def handing(settings: Settings, host: Host, time: Clock) -> AsyncIterator[Handing]:
    system = RegistrationStandIn(NAME, US)
    system.now = lambda: time.now().timestamp()
    folder = settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{NAME}.jwks.json").write_bytes(system.jwks())
    with ExitStack() as stack:
        address = f"{NAME}={stack.enter_context(serving(system))}"
        settings = replace(settings, public_url=US, link_addresses=address, link_skew_seconds=WEEK)
        async with open_installation(settings, host) as opened:
            system.ours = await opened.links.office.key(PROPOSER, NAME)
            yield Handing(opened, Pharmacists(opened), system, time)


WITHOUT_APPROVAL = principal(
    Role.ADMINISTRATOR, {"pharmacist"}, without=frozenset({Permission.EXCHANGE_APPROVE})
)
WITHOUT_MANAGING = principal(
    Role.ADMINISTRATOR, {"pharmacist"}, without=frozenset({Permission.EXCHANGE_MANAGE})
)
