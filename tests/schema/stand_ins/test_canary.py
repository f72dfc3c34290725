"""A planted name, address and numbers go through every link, into success and each failure, and stand nowhere in the
clear: in no log, no error, no row and no file of ours, nor on a medium."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text

from meibo import clock
from meibo.access.permissions import Role
from meibo.checking.plans import Plan
from meibo.checking.states import RunVerb
from meibo.database.stores import Store
from meibo.errors import MeiboError
from meibo.family import InquiryKind
from meibo.family.records import FamilyRequest
from meibo.linkage.residents.inquiries import Facts, Key
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from meibo_graphql.stand_ins import StandIns
from meibo_sandbox.serving import DemoSandbox
from tests.core.family.conftest import family_replies
from tests.installed import principal
from tests.schema.stand_ins.conftest import Sandbox
from tests.security.test_secrets import encoded

OFFICER = principal(Role.OFFICER, account="officer")
ADMINISTRATOR = principal(Role.ADMINISTRATOR, account="administrator")
RESIDENTS, FAMILY = "resident_records", "intermediate_server"
EXISTING, PUBLIC = "licence_registration", "public_search"
FAULTS = ("garbled", "late", "lost", "truncated", "twice")
NAME = {"family_name": "鸞鳳麒麟院", "family_name_kana": "ランポウキリンイン"}
PLACE = {"address": "佐渡市鶴亀字蓬莱八百八十八", "municipality_code": "15901"}


@dataclass
class Canary:
    """The first doctor: renamed, moved and given another number before anybody is asked."""

    sandbox: Sandbox
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    errors: list[MeiboError] = field(default_factory=list)

    @property
    def texts(self) -> tuple[str, ...]:
        numbers = (self.before["individual_number"], self.after["individual_number"])
        return (*NAME.values(), PLACE["address"], *numbers, self.after["resident_code"])

    @property
    def facts(self) -> Facts:
        """The four facts, by which somebody looks for the doctor."""
        told = self.after
        name, kana = (f"{told[f'family_name{of}']}　{told[f'given_name{of}']}" for of in ("", "_kana"))
        return Facts(name, kana, told["address"], told["sex"], told["birth_date"])

    async def plant(self) -> None:
        await self.sandbox.exchange()  # The existing system knows the licence by the name before.
        self.before = await self.sandbox.person(0)
        await self.sandbox.happen(0, "renamed", **NAME)
        await self.sandbox.happen(0, "moved", **PLACE)
        self.after = await self.sandbox.happen(0, "number_changed")

    async def in_every_state(self, system: str) -> AsyncIterator[None]:
        """A system answers wrongly in each way, then not at all, and then well."""
        for fault in FAULTS:
            await self.sandbox.post(f"systems/{system}", fault=fault)
            async with self.sandbox.hurried():
                yield
            await self.sandbox.rest()
        await self.sandbox.post(f"systems/{system}", down_seconds=600)
        yield
        await self.sandbox.post(f"systems/{system}", mend=True)
        await self.sandbox.rest()
        yield

    async def attempt(self, act: Awaitable[Any]) -> Any:
        """What an act gives; None where it fails, and the error is kept."""
        try:
            return await act
        except MeiboError as error:
            self.errors.append(error)
            return None

    # The links

    async def search(self) -> None:
        """The interactive search, by number and by facts."""
        desk = self.sandbox.demo.residents.desk
        found: Any = None
        async for _ in self.in_every_state(RESIDENTS):
            number = self.after["individual_number"]
            await self.attempt(desk.search(OFFICER, "doctor", Key.INDIVIDUAL_NUMBER, number))
            found = await self.attempt(desk.search(OFFICER, "doctor", Key.FACTS, facts=self.facts))
        assert [each.values["address"] for each in found] == [PLACE["address"]]

    async def check(self) -> None:
        """The exchange of files, on behalf of a check of all holders."""
        checks = self.sandbox.demo.checks
        planned = await checks.runs.plan(OFFICER, Plan(source="residents", professions=("doctor",)))
        await checks.runs.act(ADMINISTRATOR, RunVerb.APPROVE, planned.id)
        async for _ in self.in_every_state(RESIDENTS):
            await self.sandbox.work()
        await self.sandbox.work()
        [found] = (await checks.queue.listed(OFFICER)).nodes
        _, evidence, _ = await checks.queue.opened(OFFICER, found.id)
        assert [(each.name, each.address) for each in evidence.told] == [(self.facts.name, PLACE["address"])]

    async def ask_family(self) -> None:
        """The symbol by number, and then the family register's items."""
        [licence, _] = (await self.sandbox.licences())[0]
        for kind, items in ((InquiryKind.SYMBOL, ()), (InquiryKind.REGISTER, ("place_of_birth",))):
            request = FamilyRequest(
                kind=kind, profession="doctor", licences=(licence,), items=items, idempotency_key=str(uuid4())
            )  # fmt: skip
            await self.sandbox.demo.family.ask(OFFICER, request)
            async for _ in self.in_every_state(FAMILY):
                await self.sandbox.work()
        assert {"place_of_birth": PLACE["address"]} in await family_replies(self.sandbox.demo, licence)

    async def exchange(self) -> None:
        """What the existing system changed, and then the register's own correction told to both sides."""
        async for _ in self.in_every_state(EXISTING):
            await self.attempt(self.sandbox.exchange())
        office = self.sandbox.demo.exchange.office
        conflicts = await office.conflicts(ADMINISTRATOR, EXISTING, "doctor")
        told = [await office.conflict(ADMINISTRATOR, EXISTING, "doctor", each.change) for each in conflicts]
        assert [dict(each.change.items) for each in told] == [
            {f"register.{item}": value for item, value in NAME.items()},
            {"practice_report.address": PLACE["address"]},
        ]
        await self.correct()
        for system in (EXISTING, PUBLIC):
            async for _ in self.in_every_state(system):
                await self.attempt(self.sandbox.exchange())
        names = [name for _, name, _ in (await self.sandbox.holds(PUBLIC))["lists"]["doctor"]]
        assert self.facts.name in names

    async def correct(self) -> None:
        """What the office has found out stands in the register too."""
        [licence, _] = (await self.sandbox.licences())[0]
        values = {"register": NAME, "practice_report": {"address": PLACE["address"]}}
        request = ActRequest(
            idempotency_key="canary", effective_date=clock.today(), reason="201", legal_basis=Verb.CORRECT,
            licence=licence, expected_version=1, values=values,
        )  # fmt: skip
        await self.sandbox.demo.office.act(OFFICER, Verb.CORRECT, request)

    async def carry(self) -> bytes:
        """A medium with everything, and receipts that are not the other side's; gives the file on it."""
        exchange = self.sandbox.demo.exchange
        await exchange.office.begin_anew(ADMINISTRATOR, EXISTING, "doctor")
        written = await exchange.media.write(ADMINISTRATOR, EXISTING, "doctor", "USB 1")
        assert written is not None
        medium, file = written
        for receipt in (b"garbled", file, self.facts.name.encode()):
            act = exchange.media.receive(ADMINISTRATOR, EXISTING, "doctor", medium.id, receipt)
            assert await self.attempt(act) is None
        return file


@pytest.mark.slow
async def test_nothing_planted_is_told_anywhere(
    sandbox: Sandbox,
    stand_ins: StandIns,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    canary = Canary(sandbox)
    await canary.plant()
    await canary.search()
    await canary.check()
    await canary.ask_family()
    await canary.exchange()
    file = await canary.carry()

    world = stand_ins.world
    assert isinstance(world, DemoSandbox)
    told = {
        "logs": "\n".join([caplog.text, *(repr(vars(record)) for record in caplog.records)]).encode(),
        "errors": "\n".join(f"{error!r} {error} {error.ja}" for error in canary.errors).encode(),
        "rows": await rows(sandbox),
        "resident files": b"".join(raw for _, raw in world.residents.came),
        "medium": file,
        **{path.name: path.read_bytes() for path in temporary.rglob("*") if path.is_file()},
        **{path.name: path.read_bytes() for path in ours(sandbox)},
    }
    assert {error.code for error in canary.errors} == {"MESSAGE_REFUSED", "SOURCE_UNAVAILABLE"}
    assert len(canary.errors) > 12
    assert min(len(told[place]) for place in ("logs", "rows", "resident files", "medium")) > 1_000
    assert found(canary.texts, told) == []
    over_there = {"the world": (await sandbox.http.get(f"/api/people/{sandbox.FIRST}")).content}
    assert [planted for planted, form, _ in found(canary.texts, over_there) if form == "utf-8"] == [
        *canary.texts
    ]


def found(texts: tuple[str, ...], told: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """(text, form, place) of whatever stands anywhere, in any encoding that a log, a row or a file may have."""
    return [
        (planted, form, place)
        for planted in texts
        for form, needle in encoded(planted).items()
        for place, raw in told.items()
        if needle in raw
    ]


def ours(sandbox: Sandbox) -> list[Path]:
    """Every file of the installation: of SQLite the databases too, free pages and logs included."""
    folder = Path(sandbox.demo.settings.data)
    return [path for path in folder.rglob("*") if path.is_file()]


async def rows(sandbox: Sandbox) -> bytes:
    """Every value of every row of every store."""
    kept: list[bytes] = []
    scope = sandbox.demo.scopes.of("doctor")
    for store in Store:
        async with sandbox.demo.databases[store].read([scope]) as connection:
            for name in await connection.run_sync(lambda c: inspect(c).get_table_names()):
                for row in await connection.execute(text(f'SELECT * FROM "{name}"')):
                    kept += (bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
    return b"\n".join(kept)
