"""What happens in the world is seen at every stand-in alike, and in the register once its office has found it out."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.exchange.masters import Master
from meibo.family import InquiryKind
from meibo.family.records import FamilyRequest
from meibo.linkage.residents.inquiries import Key
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from tests.core.family.conftest import family_replies
from tests.installed import principal
from tests.schema.stand_ins.conftest import Sandbox

OFFICER, ADMINISTRATOR = principal(Role.OFFICER), principal(Role.ADMINISTRATOR)
EXISTING = "licence_registration"
DEAD, MARRIED, MOVED = range(3)
NAME = {"family_name": "雛形", "family_name_kana": "ヒナガタ"}
PLACE = {"address": "東京都見本市本町一丁目1番1号", "municipality_code": "13901"}


async def residents(sandbox: Sandbox, number: str) -> dict[str, str]:
    """What the resident-record network tells about a number."""
    desk = sandbox.demo.residents.desk
    [found] = await desk.search(OFFICER, "doctor", Key.INDIVIDUAL_NUMBER, number)
    return dict(found.values)


async def family(sandbox: Sandbox, doctor: int) -> dict[str, Any]:
    """What the family register tells about a doctor."""
    [licence, _] = (await sandbox.licences())[doctor]
    for kind, items in (
        (InquiryKind.SYMBOL, ()),
        (InquiryKind.REGISTER, ("registered_domicile_code", "death_date")),
    ):
        request = FamilyRequest(
            kind=kind, profession="doctor", licences=(licence,), items=items, idempotency_key=str(uuid4())
        )
        await sandbox.demo.family.ask(OFFICER, request)
        await sandbox.work()
    return (await family_replies(sandbox.demo, licence))[-1]


@pytest.mark.slow
async def test_an_event_is_seen_at_every_stand_in(sandbox: Sandbox) -> None:
    today = clock.today().isoformat()
    before = [await sandbox.person(doctor) for doctor in range(3)]
    await sandbox.exchange()  # The existing system learns whose licences there are.
    await sandbox.happen(DEAD, "died")
    await sandbox.happen(MARRIED, "renamed", **NAME)
    await sandbox.happen(MOVED, "moved", **PLACE)
    after = await sandbox.happen(MOVED, "number_changed")

    told = [await residents(sandbox, before[doctor]["individual_number"]) for doctor in range(3)]
    assert (told[DEAD]["living_status"], told[DEAD]["movement_date"]) == ("1", today)
    assert told[MARRIED]["full_name_kanji"] == f"雛形　{before[MARRIED]['given_name']}"
    assert (told[MOVED]["address"], told[MOVED]["change_status"]) == (PLACE["address"], "1")
    assert after["individual_number"] != before[MOVED]["individual_number"]
    assert (await residents(sandbox, after["individual_number"]))["address"] == PLACE["address"]

    assert (await family(sandbox, DEAD))["death_date"][0] == today
    lives = await family(sandbox, MOVED)
    assert (lives["registered_domicile_code"], "death_date" in lives) == (PLACE["municipality_code"], False)

    pseudonyms = [pseudonym for _, pseudonym in await sandbox.licences()]
    entered = (await sandbox.holds(EXISTING))["changes"]["doctor"]
    assert {each["licence"]: each["items"] for each in entered} == {
        pseudonyms[DEAD]: {"register.deregistration_date": today},
        pseudonyms[MARRIED]: {f"register.{item}": value for item, value in NAME.items()},
        pseudonyms[MOVED]: {"practice_report.address": PLACE["address"]},
    }


@pytest.mark.slow
async def test_the_public_search_follows_when_the_register_has_been_told(sandbox: Sandbox) -> None:
    married, other = [await sandbox.person(doctor) for doctor in (MARRIED, MOVED)]
    office = sandbox.demo.exchange.office
    await sandbox.exchange()
    for item in NAME:
        await office.set_master(ADMINISTRATOR, EXISTING, "doctor", f"register.{item}", Master.THEIRS)
    await sandbox.happen(DEAD, "died")
    await sandbox.happen(MARRIED, "renamed", **NAME)
    [licence, _] = (await sandbox.licences())[DEAD]
    struck_off = ActRequest(
        idempotency_key="death", effective_date=clock.today(), reason="402", legal_basis=Verb.STRIKE_OFF,
        licence=licence, expected_version=1,
    )  # fmt: skip
    await sandbox.demo.office.act(OFFICER, Verb.STRIKE_OFF, struck_off)
    await sandbox.exchange()
    names = [name for _, name, _ in (await sandbox.holds("public_search"))["lists"]["doctor"]]
    assert sorted(names) == sorted(
        [f"雛形　{married['given_name']}", f"{other['family_name']}　{other['given_name']}"]
    )


@pytest.mark.slow
async def test_a_reply_that_is_late_is_taken_when_it_comes(sandbox: Sandbox) -> None:
    number = (await sandbox.person(MOVED))["individual_number"]
    await sandbox.post("systems/resident_records", fault="late")
    asked = asyncio.create_task(residents(sandbox, number))
    assert (await asyncio.wait([asked], timeout=0.5))[0] == set()
    async with sandbox.hurried():
        assert (await asked)["address"] == (await sandbox.person(MOVED))["address"]
    [network] = [
        each
        for each in (await sandbox.http.get("/api")).json()["systems"]
        if each["name"] == "resident_records"
    ]
    assert network["waiting"] == []
