"""Pages of other sites: what they may send, and what their browsers are told."""

from __future__ import annotations

import httpx
import pytest

from tests.schema.toy import JSON, ORIGIN, code_of
from tests.schema.toy import client as client

MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"cookie": "session=1"}, 403, "PREFLIGHT_REQUIRED"),
        (MULTIPART, 403, "PREFLIGHT_REQUIRED"),
        (MULTIPART | {"x-meibo-preflight": "1"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
async def test_cookies_and_forms_need_a_preflight(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, code: str
) -> None:
    headers = {"content-type": JSON} | headers
    response = await client.post("/graphql", content=b'{"query":"mutation { write }"}', headers=headers)
    assert (response.status_code, code_of(response)) == (status, code)


@pytest.mark.parametrize("header", ["x-meibo-preflight", "apollo-require-preflight"])
async def test_cookies_with_the_preflight_header(client: httpx.AsyncClient, header: str) -> None:
    headers = {"cookie": "session=1", header: "1"}
    assert (await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)).status_code == 200
    assert (await client.get("/graphql?query={hello}", headers={"cookie": "a=1"})).status_code == 403


async def test_cors_is_denied_by_default(client: httpx.AsyncClient) -> None:
    foreign = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert (await client.options("/graphql", headers=foreign)).status_code == 400
    response = await client.post(
        "/graphql", json={"query": "{ hello }"}, headers={"origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in response.headers


async def test_cors_for_an_allowed_origin(client: httpx.AsyncClient) -> None:
    headers = {"origin": ORIGIN, "access-control-request-method": "POST"}
    headers["access-control-request-headers"] = "authorization,content-type,x-meibo-preflight"
    preflight = await client.options("/graphql", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in preflight.headers
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": ORIGIN})
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["vary"] == "Origin"
