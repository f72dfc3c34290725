"""An installation with two doctors whose numbers the vault holds, and a running stand-in of the intermediate server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from meibo import clock
from meibo.access.permissions import Role
from meibo.family import FamilyOffice, InquiryKind
from meibo.family.messages import CONNECTOR
from meibo.family.records import FamilyRequest
from meibo.family.tables import family_batch, family_inquiry, family_result
from meibo.host import Host
from meibo.identity import NumberKind
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.jobs.tables import job
from meibo.link.tables import link_message, link_state
from meibo.register import tables
from meibo.register.opening import open_licence
from meibo.register.sealing import open_json, place
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym
from meibo_sandbox.family import IntermediateServerStandIn, Wire
from tests.core.register.doctors import Doctors
from tests.installed import principal
from tests.sandbox.running import serving

OFFICER = principal(Role.OFFICER)
NUMBERS = ("123456789018", "987654321093")
SAYS: Mapping[str, str] = {
    "provision_base_date": "2024-05-27",
    "family_register_movement_date": "2026-04-01",
    "family_register_movement_reason": "1",
    "registered_domicile_code": "13101",
    "place_of_birth": "東京都カナリア区",
}
"""What the family register says of everybody here."""


@dataclass
class People:
    """Whom the stand-in knows."""

    by_number: dict[str, Mapping[str, str]] = field(default_factory=lambda: dict.fromkeys(NUMBERS, SAYS))

    def family_register(self, number: str) -> Mapping[str, str] | None:
        return self.by_number.get(number)


@dataclass(frozen=True)
class World:
    """What a test looks at."""

    installation: Installation
    stand_in: IntermediateServerStandIn
    licences: tuple[UUID, ...]

    @property
    def office(self) -> FamilyOffice:
        return self.installation.family

    @property
    def scope(self) -> int:
        return self.installation.scopes.of("doctor")

    def request(self, kind: InquiryKind = InquiryKind.REGISTER, **more: Any) -> FamilyRequest:
        """A sound request about the first doctor, some of it changed."""
        told: dict[str, Any] = {
            "kind": kind, "profession": "doctor", "licences": self.licences[:1], "idempotency_key": str(uuid4()),
            "items": tuple(SAYS) if kind is InquiryKind.REGISTER else (),
        }  # fmt: skip
        return FamilyRequest(**told | more)

    async def obtain(self) -> None:
        """The symbols of both doctors."""
        request = self.request(InquiryKind.SYMBOL, licences=self.licences)
        await self.office.ask(OFFICER, request)
        await self.work()

    async def work(self) -> int:
        """What a worker does now; gives how many jobs it took."""
        links = {"link.deliver", "family.deletions"}
        handlers = [each for each in self.installation.handlers if each.kind.name in links]
        worker, done = Worker(self.installation.register, handlers), 0
        while await worker.run_one():
            done += 1
        return done

    async def hurry(self) -> None:
        """Whatever waits is due, and the breaker has rested."""
        async with self.installation.register.write() as work:
            await work.connection.execute(update(job).where(job.c.state != "done").values(due_at=clock.now()))
            await work.connection.execute(update(link_state).values(open_until=None))
            await work.commit()

    async def rows(self, table: Any) -> list[Any]:
        async with self.installation.register.read([self.scope]) as connection:
            return list(await connection.execute(select(table)))

    async def replies(self) -> list[dict[str, Any]]:
        """The family-register replies of the first doctor, opened, as whoever may read them sees them."""
        return await family_replies(self.installation, self.licences[0])

    async def stored(self) -> list[int]:
        """How many batches, inquiries, results, messages, replies and jobs there are."""
        tables = (family_batch, family_inquiry, family_result, link_message, job)
        return [len(await self.rows(table)) for table in tables]

    async def holds_symbol(self, licence: UUID) -> bool:
        [row] = [each for each in await self.rows(tables.licence) if each.id == licence]
        pseudonym = LicencePseudonym(row.pseudonym)
        file = self.installation.host["doctor"].file
        found = await self.installation.identity.statuses([pseudonym], file, NumberKind.INSTITUTION_CODE)
        return found[pseudonym].held


async def family_replies(installation: Installation, licence: UUID) -> list[dict[str, Any]]:
    """Every reply, opened."""
    profession = installation.host["doctor"]
    table, scope = tables.profession_tables(profession)["family_register"], installation.scopes.of("doctor")
    async with installation.register.read([scope]) as connection:
        known = await open_licence(connection, profession, installation.keys, licence)
        assert known is not None
        rows = await connection.execute(select(table).where(table.c.licence_id == licence))
        return [
            open_json(known.secret, row.sealed, place(table.name, licence, row.id.hex, row.plugin_version))
            for row in rows
        ]


@pytest.fixture
def stand_in() -> Iterator[IntermediateServerStandIn]:
    made = IntermediateServerStandIn(People(), Wire("https://meibo.example"))
    with serving(made.app()) as address:
        made.address = address
        yield made


@pytest.fixture
async def world(settings: Settings, host: Host, stand_in: IntermediateServerStandIn) -> AsyncIterator[World]:
    folder = settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{CONNECTOR}.jwks.json").write_text(json.dumps(stand_in.wire.jwks()))
    linked = replace(settings, link_addresses=f"{CONNECTOR}={stand_in.address}/messages")
    async with open_installation(linked, host) as installation:
        administrator = principal(Role.ADMINISTRATOR)
        stand_in.wire.register_key = await installation.links.office.key(administrator, CONNECTOR)
        doctors = Doctors(installation)
        licences = [
            await doctors.enter(f"50000{n}", individual=number) for n, number in enumerate(NUMBERS, 1)
        ]
        yield World(installation, stand_in, tuple(licences))
