"""The server around the API: health, who may call from a browser, what it logs, and who is nobody."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
import strawberry

from meibo.access.permissions import Role
from meibo.database.stores import Store
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.settings import Settings
from meibo_graphql.app import PATH, create_app
from meibo_graphql.http.access import LINES
from tests.schema.conftest import Api, Caller

ORIGIN = "https://staff.example.jp"
VIEWER = {"query": "{ viewer { account } }"}


async def test_alive_and_ready(api: Api) -> None:
    alive, ready = await api.http.get("/healthz"), await api.http.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("down", Store)
async def test_a_store_that_is_down_is_named(api: Api, down: Store) -> None:
    api.silence(down)
    ready = await api.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable", "store": down.value})
    assert (await api.http.get("/healthz")).status_code == 200


async def test_origins_by_setting(settings: Settings, host: Host, schema: strawberry.Schema) -> None:
    allowed = replace(settings, registry_origins=f" {ORIGIN} , https://other.example.jp")
    async with open_installation(allowed, host) as installation:
        transport = httpx.ASGITransport(app=create_app(installation, schema))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            for origin, expected in ((ORIGIN, ORIGIN), ("https://evil.example", None)):
                asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
                preflight = await http.options(PATH, headers=asks)
                assert preflight.headers.get("access-control-allow-origin") == expected
                answer = await http.post(PATH, json=VIEWER, headers={"Origin": origin})
                assert answer.headers.get("access-control-allow-origin") == expected


async def test_no_origin_by_default(api: Api) -> None:
    answer = await api.http.post(PATH, json=VIEWER, headers={"Origin": ORIGIN})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_log_has_no_query_strings(
    api: Api, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "meibo_graphql.access")
    await api.http.get("/healthz?name=山田太郎")
    LINES.flush()
    [written] = capsys.readouterr().err.splitlines()
    line = orjson.loads(written)
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("at")) < timedelta(minutes=1)
    assert isinstance(line.pop("duration_ms"), float)
    assert line == {
        "level": "info", "logger": "meibo_graphql.access", "event": "request",
        "method": "GET", "path": "/healthz", "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "Bearer meibo_x", "Bearer " + "y" * 500])
async def test_nobody_without_a_token(api: Api, header: str | None) -> None:
    headers = {"accept": "application/graphql-response+json"} | ({"authorization": header} if header else {})
    answer = await api.http.post(PATH, json=VIEWER, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["UNAUTHENTICATED"]


async def test_a_withdrawn_token_is_none(api: Api, officer: Caller) -> None:
    account = (await officer.ask(VIEWER["query"]))["viewer"]["account"]
    await api.installation.tokens.withdraw(account)
    assert await officer.refused(VIEWER["query"]) == "UNAUTHENTICATED"


async def test_no_answer_is_kept_by_a_cache(officer: Caller) -> None:
    response = await officer.send(VIEWER["query"])
    assert (response.headers["cache-control"], response.status_code) == ("no-store", 200)


async def test_demo_sign_in_exists_on_a_demo_alone(api: Api, installation: Installation) -> None:
    assert (await api.http.get("/registry/demo/accounts")).status_code == 404
    assert (await api.http.post("/registry/demo/sign-in", json={"account": "x"})).status_code == 404


async def test_introspection_by_setting(settings: Settings, host: Host, schema: strawberry.Schema) -> None:
    async with open_installation(replace(settings, introspection=False), host) as installation:
        transport = httpx.ASGITransport(app=create_app(installation, schema))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            caller = await Api(installation, create_app(installation, schema), http).caller(Role.VIEWER)
            answer = (await caller.send("{ __schema { queryType { name } } }")).json()
            assert {error["extensions"]["code"] for error in answer["errors"]} == {"VALIDATION_FAILED"}
            assert "data" not in answer


async def test_a_caller_sends_so_many_new_documents(
    settings: Settings, host: Host, schema: strawberry.Schema
) -> None:
    """What was prepared before stays free; another caller has an allowance of its own."""
    async with open_installation(replace(settings, documents_per_second=0), host) as installation:
        app = create_app(installation, schema)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t") as http:
            api = Api(installation, app, http)
            one, other = await api.caller(Role.OFFICER), await api.caller(Role.VIEWER)
            asked = [await one.send(f"{{ viewer {{ a{i}: account }} }}") for i in range(102)]
            assert [r.status_code for r in asked] == [200] * 100 + [429] * 2
            assert asked[-1].headers["retry-after"] == "1"
            [error] = asked[-1].json()["errors"]
            assert error["extensions"] == {
                "code": "RATE_LIMITED", "limit": "documents", "allowed": 100, "retryAfter": 1,
            }  # fmt: skip
            assert (await one.send("{ viewer { a0: account } }")).status_code == 200
            assert (await other.send("{ viewer { b: account } }")).status_code == 200
