"""Provision to others does not exist: no message, hook, connector, surface or route lets anybody have what the family
register says, but the office's own register and the holder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from meibo import clock
from meibo.connectors import Connector, Direction, Message, by_name
from meibo.errors import PluginError
from meibo.family.grants import ITEMS
from meibo.family.messages import RECEIVES, SENDS
from meibo.family.receiving import GROUP
from meibo.host import Host
from meibo_graphql.app import create_app
from meibo_sandbox.family import Answer
from tests.core.family.conftest import OFFICER, World

ROOT = Path(__file__).parents[3]


def fields_of(messages: Mapping[str, type[Message]]) -> dict[str, set[str]]:
    return {name: {each.name for each in msgspec.structs.fields(type)} for name, type in messages.items()}


def test_what_is_sent_asks_and_tells_nothing() -> None:
    """Nothing that leaves has a place for a value of the family register."""
    assert fields_of(SENDS) == {
        "obtain_symbol": {"number"},
        "inquire": {"legal_basis", "items", "symbol"},
        "ask_deletion": {"inquiry"},
    }


def test_what_comes_in_answers_and_asks_nothing() -> None:
    assert fields_of(RECEIVES) == {
        "symbol": {"symbol"},
        "result": {"items", "kept_until"},
        "deleted": {"inquiry", "at"},
    }


@pytest.mark.parametrize("name", ["death_date", "family_register", "place_of_birth"])
def test_a_plugin_s_connector_that_would_send_it_is_refused(name: str) -> None:
    leaky = msgspec.defstruct("Leaky", [(name, str)], bases=(Message,), frozen=True)
    inner = msgspec.defstruct("Inner", [(name, str)], frozen=True)
    nested = msgspec.defstruct("Nested", [("who", list[inner])], bases=(Message,), frozen=True)  # type: ignore[valid-type]
    made: list[Any] = [leaky, nested]
    for each in made:
        connector = Connector(name="leaky", direction=Direction.OUT, sends={"tell": each})
        with pytest.raises(PluginError, match="family register"):
            by_name([("stranger", connector)])


def test_installed_connectors_send_none_of_it(all_professions: Host) -> None:
    for _, connectors in all_professions.answers("meibo_connectors"):
        for connector in connectors:
            for fields in fields_of(connector.sends).values():
                assert not fields & {*ITEMS, GROUP}


def test_partners_and_the_public_have_no_field_for_it() -> None:
    """The holder sees their own, at the portal; nobody else's surface has a place for it."""
    sdl = (ROOT / "schema/verify.graphql").read_text("utf-8")
    names = {re.sub("_(.)", lambda found: found[1].upper(), item) for item in (*ITEMS, GROUP)}
    assert {name for name in names if re.search(rf"\b{name}\b", sdl)} == set()


async def test_a_stranger_s_question_is_answered_nowhere(world: World) -> None:
    """Not even under the server's own signature: the route of links has no answer with a body but a refusal's code."""
    await world.obtain()
    await world.office.ask(OFFICER, world.request())
    await world.work()
    asked = Answer("inquire", {"legal_basis": "番号法 19条8号", "items": ["place_of_birth"], "symbol": "x"})
    message = world.stand_in.wire.write(asked, clock.now())
    app = create_app(world.installation)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        headers = {"content-type": "application/jose"}
        answer = await client.post("/link/intermediate_server", content=message, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {"error": "UNKNOWN_TYPE"})
        assert (await client.get("/link/intermediate_server")).status_code == 405
