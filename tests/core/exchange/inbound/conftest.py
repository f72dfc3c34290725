"""An installation that keeps care workers alone, and their centre beside it.

It has a database of its own on PostgreSQL: one that knows other professions would refuse this host.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meibo.access.permissions import Permission, Role
from meibo.exchange.inbound import Inbound
from meibo.exchange.inbound.tables import paper_batch
from meibo.host import Host, load_host
from meibo.identity import NumberKind, NumberStatus, VerifiedBy
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym
from meibo_sandbox.existing import CentreStandIn
from tests.core.exchange.conftest import US, WEEK, Clock, drained
from tests.core.exchange.serving import serving
from tests.installed import Template, principal
from tests.postgres import PostgresDatabase, PostgresServer

NAME, PROFESSION = "care_worker_registration", "careworker"
ADMINISTRATOR = principal(Role.ADMINISTRATOR, {PROFESSION})
OFFICER = principal(
    professions={PROFESSION}, plus=frozenset({Permission.NUMBER_REVEAL, Permission.NUMBER_FIND})
)
ABOUT = (ADMINISTRATOR, NAME, PROFESSION)
NUMBER, OTHER = "123456789018", "111111111118"
KINDS = frozenset({"exchange.numbers", "exchange.answers"})
SOUND: Mapping[str, Any] = {
    "registration_number": "1000001",
    "registration_date_wareki": "2020-05-01",
    "family_name": "見本",
    "given_name": "花子",
    "family_name_kana": "ミホン",
    "given_name_kana": "ハナコ",
    "birth_date_wareki": "1995-01-15",
    "sex": "2",
    "domicile_code": "13",
    "pass_certificate_number": "K000001",
    "pass_month_wareki": "2020-03",
}


@pytest.fixture(scope="session")
def host() -> Host:
    """Care workers alone."""
    return load_host(only={PROFESSION})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Stores that know care workers."""
    return Template(tmp_path_factory.mktemp("careworkers"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL for care workers."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


def line(number: str = NUMBER, **changed: Any) -> dict[str, Any]:
    """What the centre has on paper of the sound care worker."""
    sound = {
        "registration_number": "1000001", "family_name": "見本", "given_name": "花子",
        "birth_date": "1995-01-15", "individual_number": number,
    }  # fmt: skip
    return sound | changed


def passed(number: str = "K000001", **changed: Any) -> dict[str, Any]:
    """A row of a pass list that says what the sound care worker's entry does."""
    return {
        "number": number,
        "family_name": "見本",
        "given_name": "花子",
        "birth_date": "1995-01-15",
        **changed,
    }


@dataclass
class Centre:
    """The installation and its centre."""

    installation: Installation
    system: CentreStandIn
    time: Clock

    @property
    def inbound(self) -> Inbound:
        return self.installation.exchange.inbound

    @property
    def scope(self) -> int:
        return self.installation.scopes.numbers[PROFESSION]

    async def enter(self, number: str = "1000001", *, individual: str = "", **changed: Any) -> UUID:
        """Enter a care worker; gives the licence's id."""
        request = ActRequest(
            idempotency_key=str(uuid4()), effective_date=date(2020, 5, 1), reason="101",
            legal_basis="register",
            values={"register": {**SOUND, "registration_number": number, **changed}},
            numbers={NumberKind.INDIVIDUAL_NUMBER: individual} if individual else {},
            verified_by=VerifiedBy.MY_NUMBER_CARD if individual else None,
        )  # fmt: skip
        made = await self.installation.office.register(OFFICER, PROFESSION, request)
        assert made.licence is not None
        return made.licence

    async def correct(self, licence: UUID, **items: Any) -> None:
        """Correct items of an entry."""
        await self.act(licence, Verb.CORRECT, "201", values={"register": items}, delay_reason="海外")

    async def strike_off(self, licence: UUID) -> None:
        """Strike an entry off."""
        await self.act(licence, Verb.STRIKE_OFF, "401")

    async def act(self, licence: UUID, verb: Verb, reason: str, **changed: Any) -> None:
        """One act of the office upon a licence, in 2024."""
        [head] = await self.installation.reader(OFFICER, "test").heads([licence])
        assert head is not None
        request = ActRequest(
            idempotency_key=str(uuid4()), effective_date=date(2024, 5, 1), reason=reason, legal_basis=verb,
            licence=licence, expected_version=head.version, **changed,
        )  # fmt: skip
        await self.installation.office.act(OFFICER, verb, request)

    async def pseudonym(self, licence: UUID) -> LicencePseudonym:
        [head] = await self.installation.reader(OFFICER, "test").heads([licence])
        assert head is not None
        return LicencePseudonym(head.pseudonym)

    async def held(self, licence: UUID) -> bool:
        """Whether the vault holds the number of a licence's holder."""
        pseudonym = await self.pseudonym(licence)
        found = await self.installation.identity.statuses([pseudonym], PROFESSION)
        return found[pseudonym] == NumberStatus(held=True)

    async def number(self, licence: UUID) -> str:
        """The number that the vault holds."""
        return await self.installation.identity.reveal(
            OFFICER, profession=PROFESSION, file=PROFESSION, pseudonym=await self.pseudonym(licence),
            kind=NumberKind.INDIVIDUAL_NUMBER, purpose="test", legal_basis="test",
        )  # fmt: skip

    async def receive(self, raw: bytes) -> bool:
        """A message over the line."""
        return await self.installation.links.inbox.receive(NAME, raw)

    async def send(self, *lines: Mapping[str, Any], **how: Any) -> UUID:
        """The centre sends numbers, and a worker does what there is to do; gives the batch's id."""
        batch = uuid4()
        await self.receive(self.system.numbers(PROFESSION, lines, batch=batch, **how))
        await self.work()
        return batch

    async def work(self) -> int:
        """A worker does what is due in the next minute."""
        self.time.ahead += timedelta(minutes=1)
        handlers = [each for each in self.installation.handlers if each.kind.name in KINDS]
        return await drained(Worker(self.installation.register, handlers))

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read([self.scope]) as connection:
            return list(await connection.execute(select(table)))

    async def batch(self) -> Any:
        [row] = await self.rows(paper_batch)
        return row


@pytest.fixture
async def centre(settings: Settings, host: Host, time: Clock) -> AsyncIterator[Centre]:
    system = CentreStandIn(NAME, US)
    system.now = lambda: time.now().timestamp()
    folder = settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{NAME}.jwks.json").write_bytes(system.jwks())
    with serving(system) as address:
        settings = replace(
            settings, public_url=US, link_addresses=f"{NAME}={address}", link_skew_seconds=WEEK
        )
        async with open_installation(settings, host) as opened:
            system.ours = await opened.links.office.key(ADMINISTRATOR, NAME)
            keys = await opened.exchange.inbound.office.keys(ADMINISTRATOR, NAME)
            system.vault, system.register = keys["numbers"], keys["pass_list"]
            yield Centre(opened, system, time)
