"""Where outside systems post, and the figures of jobs and links."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
import strawberry

from meibo.errors import Refused
from meibo.link.client import JOSE
from meibo_graphql.app import create_app
from meibo_graphql.links import exchange_lines
from tests.core.link.conftest import ADMINISTRATOR, World
from tests.core.link.conftest import stand_in as stand_in
from tests.core.link.conftest import world as world
from tests.core.link.stand_in import NAME
from tests.operator import operator_get

HEADERS = {"content-type": JOSE}
MOST = 4_000


@pytest.fixture
async def http(world: World, schema: strawberry.Schema) -> AsyncIterator[httpx.AsyncClient]:
    """The registry's process, with the inspector's link."""
    settings = replace(world.installation.settings, link_max_bytes=MOST)
    app = create_app(replace(world.installation, settings=settings, links=world.links), schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def post(http: httpx.AsyncClient, message: Any, to: str = NAME, **headers: str) -> tuple[int, Any]:
    answer = await http.post(f"/link/{to}", content=message, headers=HEADERS | headers)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json() if answer.content else None


async def test_a_message_is_taken_once_and_answered_alike_each_time(
    world: World, http: httpx.AsyncClient
) -> None:
    message = world.stand_in.message("moved", {"to": "東京都"})
    assert [await post(http, message) for _ in range(2)] == [(204, None)] * 2
    assert (await world.effects(), await world.receipts()) == (1, 1)


async def test_a_late_answer_is_taken(world: World, http: httpx.AsyncClient) -> None:
    id = await world.ask()
    await world.work()
    assert await post(http, world.stand_in.message("accepted", {}, re=str(id))) == (204, None)
    assert await world.statuses() == ["accepted"]


async def test_what_is_not_believed_is_refused_by_code_alone(world: World, http: httpx.AsyncClient) -> None:
    tries = {
        "MALFORMED": b"",
        "OVERSIZED": b"x" * (MOST + 1),
        "STALE": world.stand_in.message("moved", {"to": "a"}, iat=0),
        "UNKNOWN_REQUEST": world.stand_in.message("accepted", {}, re=str(uuid4())),
    }
    for reason, message in tries.items():
        assert (reason, await post(http, message)) == (reason, (400, {"error": reason}))
    good = world.stand_in.message("moved", {"to": "a"})
    assert await post(http, good, to="nobody") == (404, {"error": "NOT_FOUND"})
    told = await http.post(f"/link/{NAME}", content=good, headers={"content-type": "application/json"})
    assert (told.status_code, told.json()) == (415, {"error": "UNSUPPORTED_MEDIA_TYPE"})
    assert (await http.get(f"/link/{NAME}")).status_code == 405
    assert (await world.effects(), await world.receipts()) == (0, 0)


async def test_a_body_without_end_is_not_read_to_it(world: World, http: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1_000:
            sent += 1
            yield b"x" * 1_000

    assert await post(http, endless()) == (400, {"error": "OVERSIZED"})
    assert sent <= 6


async def test_a_message_that_does_not_come_is_not_waited_for(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield world.stand_in.message("moved", {"to": "a"})[:9]
        await asyncio.sleep(60)

    monkeypatch.setattr("meibo_graphql.links.routes.BODY_SECONDS", 0.05)
    assert await post(http, slow()) == (408, {"error": "TIMEOUT"})
    assert await world.receipts() == 0


async def test_an_effect_that_is_refused_leaves_no_receipt(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise Refused

    with monkeypatch.context() as patched:
        patched.setattr("tests.core.link.conftest.uuid4", refuse)
        message = world.stand_in.message("moved", {"to": "a"})
        assert await post(http, message) == (422, {"error": "REFUSED"})
    assert (await world.effects(), await world.receipts()) == (0, 0)
    assert await post(http, message) == (204, None)


async def test_metrics_tell_how_jobs_and_links_stand(world: World, http: httpx.AsyncClient) -> None:
    await world.ask()
    await post(http, b"")
    await world.links.office.switch(ADMINISTRATOR, NAME, paused=True)
    lines = (await operator_get(http, "/metrics")).text.splitlines()
    assert {
        line
        for line in lines
        if line.startswith(("meibo_jobs", "meibo_link", "meibo_family", "meibo_exchange"))
    } == {
        'meibo_jobs{kind="link.deliver",state="waiting"} 1',
        f'meibo_link_requests{{connector="{NAME}",status="requested"}} 1',
        f'meibo_link_failures{{connector="{NAME}"}} 0',
        f'meibo_link_closed{{connector="{NAME}"}} 1',
        f'meibo_link_refused_total{{connector="{NAME}",reason="MALFORMED"}} 1',
        'meibo_exchange_overdue_erasures{connector="licence_registration",profession="doctor"} 0',
        'meibo_family_overdue_results{profession="doctor"} 0',
    }
    assert lines[-1] == "# EOF"


def test_a_metric_tells_of_overdue_certificates() -> None:
    assert list(exchange_lines({("centre", "careworker"): 2}))[2:] == [
        'meibo_exchange_overdue_certificates{connector="centre",profession="careworker"} 2'
    ]
