"""A demo's worker speaks to the sandbox's systems, and they believe one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from meibo.exchange.views import views_of
from meibo.family.messages import CONNECTOR
from meibo.host import Host
from meibo.linkage.residents.exchange import CONNECTOR as RESIDENT_RECORDS
from meibo.settings import Settings
from meibo_graphql.listening import url_of
from meibo_graphql.stand_ins import StandIns
from meibo_sandbox.serving import LABELS, DemoSandbox
from tests.schema.stand_ins.conftest import ADDRESS, Sandbox


def test_the_sandbox_has_every_system_that_our_professions_speak_to(all_professions: Host) -> None:
    views = {view.connector for each in all_professions.professions.values() for view in views_of(each)}
    assert set(LABELS) == views | {RESIDENT_RECORDS, CONNECTOR}


@pytest.mark.slow
async def test_a_worker_tells_the_existing_systems(sandbox: Sandbox, stand_ins: StandIns) -> None:
    await sandbox.work()
    world = stand_ins.world
    assert isinstance(world, DemoSandbox)
    held = {name: await sandbox.holds(name) for name in world.existing}
    assert {name: set(each["came"]) for name, each in held.items()} == {
        "licence_registration": {"ask", "tell"},
        "care_worker_registration": set(),
        "public_search": {"publish"},
    }
    assert len(held["licence_registration"]["records"]["doctor"]) == 3
    assert len(held["public_search"]["lists"]["doctor"]) == 3


async def test_systems_with_an_address_of_their_own_keep_it(settings: Settings, stand_ins: StandIns) -> None:
    theirs = "https://network.example.jp/files"
    known = stand_ins.known_to(replace(settings, link_addresses=f"{RESIDENT_RECORDS}={theirs}"), ADDRESS)
    assert f"{RESIDENT_RECORDS}={theirs}" in known.link_addresses.split(",")
    assert f"{CONNECTOR}={url_of(stand_ins.sandbox)}/{CONNECTOR}/messages" in known.link_addresses.split(",")
    folder = Path(settings.path("link"))
    assert not (folder / f"{RESIDENT_RECORDS}.jwks.json").exists()
    assert len(orjson.loads((folder / f"{CONNECTOR}.jwks.json").read_bytes())["keys"]) == 2
