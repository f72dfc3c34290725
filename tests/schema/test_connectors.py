"""Outside systems at the registry's API: an administrator looks, pauses, resumes and sends again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
import strawberry

from meibo.access.permissions import Role
from meibo_graphql.app import create_app
from tests.core.link.conftest import World
from tests.core.link.conftest import stand_in as stand_in
from tests.core.link.conftest import world as world
from tests.core.link.stand_in import NAME
from tests.schema.conftest import Api, Caller

LIST = "{ connectors { name direction paused failures openUntil requests { status count } } }"
EVIDENCE = """
query($connector: ID!) {
  connectorEvidence(connector: $connector, since: "0001-01-01", until: "9999-12-31") {
    nodes { requestId type status code account }
  }
}"""
PAUSE = "mutation($connector: ID!) { pauseConnector(connector: $connector) { paused } }"
RESUME = "mutation($connector: ID!) { resumeConnector(connector: $connector) { paused } }"
REQUESTS = """
query($connector: ID!, $status: InquiryStatus!) {
  connectorRequests(connector: $connector, status: $status) { nodes { requestId type status sentAt } }
}"""
RETRY = "mutation($id: ID!) { retryRequest(requestId: $id) }"
INSPECTOR = {"connector": NAME}


@pytest.fixture
async def administrator(world: World, schema: strawberry.Schema) -> AsyncIterator[Caller]:
    installation = replace(world.installation, links=world.links)
    app = create_app(installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield await Api(installation, app, http).caller(Role.ADMINISTRATOR)


async def listed(administrator: Caller) -> dict[str, Any]:
    [found] = (await administrator.ask(LIST))["connectors"]
    return dict(found)


async def test_an_administrator_pauses_and_resumes(world: World, administrator: Caller) -> None:
    id = await world.ask()
    assert await administrator.ask(PAUSE, INSPECTOR) == {"pauseConnector": {"paused": True}}
    assert await listed(administrator) == {
        "name": NAME, "direction": "BOTH", "paused": True, "failures": 0, "openUntil": None,
        "requests": [{"status": "REQUESTED", "count": 1}],
    }  # fmt: skip
    await world.work()
    assert world.stand_in.came == []
    for status, ids in (("REQUESTED", [str(id)]), ("SENT", [])):
        queue = (await administrator.ask(REQUESTS, INSPECTOR | {"status": status}))["connectorRequests"]
        assert queue["nodes"] == [
            {"requestId": id, "type": "ask", "status": status, "sentAt": None} for id in ids
        ]
    assert await administrator.ask(RESUME, INSPECTOR) == {"resumeConnector": {"paused": False}}
    assert await administrator.ask(RETRY, {"id": str(id)}) == {"retryRequest": True}
    await world.work()
    assert world.stand_in.came == [(str(id), str(id))]
    assert (await listed(administrator))["requests"] == [{"status": "SENT", "count": 1}]
    assert (await administrator.ask(EVIDENCE, INSPECTOR))["connectorEvidence"]["nodes"] == [
        {"requestId": str(id), "type": "ask", "status": "REQUESTED", "code": None, "account": "tester"}
    ]


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (PAUSE, {"connector": "nobody"}),
        (RESUME, {"connector": "nobody"}),
        (EVIDENCE, {"connector": "nobody"}),
        (REQUESTS, {"connector": "nobody", "status": "REQUESTED"}),
        (RETRY, {"id": str(uuid4())}),
        (RETRY, {"id": "nonsense"}),
    ],
)
async def test_what_is_not_there_is_not_found(
    administrator: Caller, document: str, variables: dict[str, str]
) -> None:
    assert await administrator.refused(document, variables) == "NOT_FOUND"
