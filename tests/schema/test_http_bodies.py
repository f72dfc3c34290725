"""Bodies that are no request, that are too large, too deep or too slow, and their types."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from meibo_graphql.http import GraphQLEndpoint, HttpLimits
from meibo_graphql.limits import OperationLimits
from tests.schema.toy import GRAPHQL_RESPONSE, JSON, SCHEMA, code_of, context
from tests.schema.toy import client as client

BAD_BODIES = [
    (b"", 400, "BAD_REQUEST"),
    (b"null", 400, "BAD_REQUEST"),
    (b'"query"', 400, "BAD_REQUEST"),
    (b"{", 400, "BAD_REQUEST"),
    (b'{"query": "\xff"}', 400, "BAD_REQUEST"),
    (b'{"query": "\\ud800"}', 400, "BAD_REQUEST"),
    (b'{"query": NaN}', 400, "BAD_REQUEST"),
    (b'[{"query": "{ hello }"}]', 400, "BAD_REQUEST"),
    (b"{}", 400, "BAD_REQUEST"),
    (b'{"query": null}', 400, "BAD_REQUEST"),
    (b'{"query": ["{ hello }"]}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "variables": []}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "variables": "{}"}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "operationName": 1}', 400, "BAD_REQUEST"),
    (b'{"query": "{ hello }", "extensions": false}', 400, "BAD_REQUEST"),
    (b'{"documentId": 1}', 400, "BAD_REQUEST"),
    (b'{"query": "' + b"x" * 2_000 + b'"}', 413, "TOO_LARGE"),
]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
@pytest.mark.parametrize(("content", "status", "code"), BAD_BODIES)
async def test_bad_bodies(
    client: httpx.AsyncClient, content: bytes, status: int, code: str, accept: str
) -> None:
    headers = {"content-type": JSON, "accept": accept}
    response = await client.post("/graphql", content=content, headers=headers)
    assert (response.status_code, code_of(response)) == (status, code)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b'{"query":"{a}","variables":{"a":' + b"[" * 100_000]
)
async def test_deep_json_is_refused(content: bytes) -> None:
    endpoint = GraphQLEndpoint(SCHEMA, context)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        response = await client.post("/graphql", content=content, headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("depth", [101, 1_000, 100_000])
async def test_deep_documents_are_refused(depth: int) -> None:
    endpoint = GraphQLEndpoint(
        SCHEMA, context, limits=HttpLimits(operation=OperationLimits(tokens=1_000_000))
    )
    query = "query($k: Key!) { licence(by: " + "[" * depth + "]" * depth + ") }"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=endpoint), base_url="http://testserver"
    ) as client:
        response = await client.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL_RESPONSE})
    assert (response.status_code, code_of(response)) == (400, "TOO_COMPLEX")


async def test_a_body_without_length_is_cut_off(client: httpx.AsyncClient) -> None:
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield b"[" * 1_000

    response = await client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (413, "TOO_LARGE")
    assert taken <= 4


async def test_a_slow_body_is_given_up(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    response = await client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert (response.status_code, code_of(response)) == (408, "TOO_SLOW")


CONTENT_TYPES = [
    ("application/json", 200),
    ("application/json; charset=utf-8", 200),
    ('Application/JSON;Charset="UTF-8"', 200),
    ("application/json; charset=utf-16", 415),
    ("application/graphql", 415),
    ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415),
    ("", 415),
]


@pytest.mark.parametrize(("content_type", "status"), CONTENT_TYPES)
async def test_content_types(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.post("/graphql", content=b'{"query":"{ hello }"}', headers=headers)
    assert response.status_code == status
    if status == 415:
        assert code_of(response) == "UNSUPPORTED_MEDIA_TYPE"


async def test_compressed_bodies_are_refused(client: httpx.AsyncClient) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    response = await client.post("/graphql", content=b"x", headers=headers)
    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")
