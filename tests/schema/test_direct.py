"""The short way says what the long way says, byte for byte, and takes nothing that is not plain and whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import orjson
import pytest
import uvicorn
from graphql import build_schema
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from meibo.errors import Unauthenticated
from meibo_graphql.app import Server
from meibo_graphql.http import GraphQLEndpoint, GraphQLRequest, HttpLimits
from meibo_graphql.http.access import LINES, AccessLog
from meibo_graphql.http.answers import Answer
from meibo_graphql.http.direct import DirectProtocol
from meibo_graphql.http.heads import KEPT, LONGEST, Head, Heads
from meibo_graphql.http.negotiation import MediaType
from meibo_graphql.http.sharing import Turn

IN_TIME = 5
IDLE = 0.15
SCHEMA = build_schema("type Query { hello: String, slow: String }")
assert SCHEMA.query_type
GOOD = b'{"query": "{ hello }"}'


async def slow(*_: object) -> str:
    await asyncio.sleep(0.1)
    return "late"


SCHEMA.query_type.fields["slow"].resolve = slow


async def context(request: Request) -> None:
    if request.headers.get("authorization") == "Bearer wrong":
        raise Unauthenticated


class Counted(GraphQLEndpoint):
    """Counts what comes the short way."""

    short = 0

    def take(self, request: Request, body: bytes, media_type: MediaType, turn: Turn) -> None:
        self.short += 1
        super().take(request, body, media_type, turn)

    async def answer(self, asked: GraphQLRequest, request: Request, media_type: MediaType) -> Answer:
        if request.headers.get("x-break"):
            raise RuntimeError("broken")
        return await super().answer(asked, request, media_type)


class Impatient(DirectProtocol):
    """Closes idle connections soon."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive = IDLE  # type: ignore[assignment]


@asynccontextmanager
async def serving(app: ASGIApp, protocol: type[DirectProtocol] = DirectProtocol) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app, ws="none", lifespan="off", log_config=None, server_header=False, date_header=False
    )
    config.load()
    loop, state = asyncio.get_running_loop(), ServerState()
    server = await loop.create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.close()
    assert not state.tasks


@pytest.fixture
def endpoint() -> Counted:
    return Counted(
        SCHEMA, context, limits=HttpLimits(body_bytes=2_000), allowed_origins=frozenset({"https://a.jp"})
    )


@pytest.fixture
async def ports(endpoint: Counted) -> AsyncIterator[tuple[int, int]]:
    """A server that knows the short way, and one that does not."""
    app = Server(routes=[Route("/graphql", endpoint)])
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(serving(app)),
            await stack.enter_async_context(serving(AccessLog(app))),
        )


def post(
    body: bytes = GOOD,
    *headers: bytes,
    target: bytes = b"/graphql",
    version: bytes = b"1.1",
    last: bool = True,
) -> bytes:
    head = [
        b"POST %b HTTP/%b" % (target, version), b"Host: a", b"Content-Length: %d" % len(body), *headers,
        *([b"Connection: close"] if last else []),
    ]  # fmt: skip
    return b"\r\n".join([*head, b"", body])


JSON = b"Content-Type: application/json"


async def talk(port: int, *parts: bytes) -> bytes:
    """Everything that the server says until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(IN_TIME):
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.05)
        said = await reader.read()
    writer.close()
    return said


PLAIN = {
    "an operation": post(GOOD, JSON),
    "in another case": post(GOOD, b'content-TYPE: Application/JSON; charset="UTF-8"'),
    "for the newer type": post(GOOD, JSON, b"Accept: application/graphql-response+json"),
    "of nobody known": post(GOOD, JSON, b"Authorization: Bearer wrong"),
    "no JSON": post(b"{", JSON),
    "nothing": post(b"", JSON),
    "null": post(b"null", JSON),
    "a batch": post(b"[]", JSON),
    "over the limit": post(b"1" * 2_001, JSON),
    "refused": post(b'{"query": "{ nothing }"}', JSON, b"Accept: application/graphql-response+json"),
    "no document": post(b"{}", JSON),
    "of HTTP/1.0": post(GOOD, JSON, version=b"1.0", last=False),
}
CHUNKED = post(b"", JSON).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
OTHERS = {
    "of a page": post(GOOD, JSON, b"Origin: https://a.jp"),
    "with a cookie": post(GOOD, JSON, b"Cookie: a=b"),
    "with a coding": post(GOOD, JSON, b"Content-Encoding: gzip"),
    "that expects a word": post(GOOD, JSON, b"Expect: 100-continue"),
    "in chunks": CHUNKED + b"16\r\n%b\r\n0\r\n\r\n" % GOOD,
    "that repeats a header": post(GOOD, JSON, b"Accept: application/json", b"Accept: text/html"),
    "of no type": post(GOOD),
    "of another type": post(GOOD, b"Content-Type: text/plain"),
    "of another charset": post(GOOD, b"Content-Type: application/json; charset=cp932"),
    "for another type": post(GOOD, JSON, b"Accept: text/html"),
    "with a query": post(GOOD, JSON, target=b"/graphql?a=b"),
    "elsewhere": post(GOOD, JSON, target=b"/graphqlx"),
    "by another method": post(GOOD, JSON).replace(b"POST", b"PUT", 1),
    "with large headers": post(GOOD, JSON, b"X: " + b"x" * 66_000),
}  # fmt: skip


@pytest.mark.parametrize("sent", PLAIN.values(), ids=PLAIN)
async def test_plain_requests_are_answered_alike(
    endpoint: Counted, ports: tuple[int, int], sent: bytes
) -> None:
    said = await talk(ports[0], sent)
    assert endpoint.short == 1
    assert said == await talk(ports[1], sent)
    assert said.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("sent", OTHERS.values(), ids=OTHERS)
async def test_others_go_the_long_way(endpoint: Counted, ports: tuple[int, int], sent: bytes) -> None:
    said = await talk(ports[0], sent)
    assert endpoint.short == 0
    assert said == await talk(ports[1], sent)
    assert said.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("cut", [10, 60, -10, -1])
async def test_what_comes_in_parts_is_answered(endpoint: Counted, ports: tuple[int, int], cut: int) -> None:
    sent = post(GOOD, JSON)
    said = await talk(ports[0], sent[:cut], sent[cut:])
    assert said == await talk(ports[1], sent)
    assert endpoint.short == (1 if 0 < cut < 60 else endpoint.short)


async def test_a_connection_serves_one_request_after_the_other(
    endpoint: Counted, ports: tuple[int, int]
) -> None:
    said = await talk(ports[0], *[post(GOOD, JSON, last=False)] * 3, post(GOOD, JSON))
    assert said.count(b'{"data":{"hello":null}}') == 4
    assert endpoint.short == 4


async def test_an_idle_connection_is_closed_and_no_other(endpoint: Counted) -> None:
    again, loop = post(GOOD, JSON, last=False), asyncio.get_running_loop()
    async with serving(Server(routes=[Route("/graphql", endpoint)]), Impatient) as port:
        begun = loop.time()
        said = await talk(
            port, *[again] * 5
        )  # One each 0.05 s: longer together than a connection may be idle.
        took = loop.time() - begun
    assert said.count(b'{"data":{"hello":null}}') == 5
    assert took >= 0.2 + IDLE


def known(endpoint: Counted, sent: bytes) -> Heads:
    """Heads of which that of a request is known."""
    heads = Heads({b"/graphql": endpoint})
    head = Head("/graphql", endpoint, Request({"type": "http", "headers": []}), MediaType.JSON, len(GOOD))
    heads.learn(sent, head)
    return heads


def test_a_head_that_came_before_is_known_again(endpoint: Counted) -> None:
    sent = post(GOOD, JSON, last=False)
    found = known(endpoint, sent).find(sent)
    assert found
    assert (found[0].path, found[1]) == ("/graphql", GOOD)


@pytest.mark.parametrize(
    "other",
    [
        post(GOOD, JSON, b"Accept: application/json", last=False),
        post(GOOD, JSON, last=False)[:-1],
        post(GOOD, JSON, last=False) + post(GOOD, JSON, last=False),
        post(GOOD + b" ", JSON, last=False),
        b"",
        GOOD,
    ],
)
def test_anything_else_is_parsed(endpoint: Counted, other: bytes) -> None:
    assert known(endpoint, post(GOOD, JSON, last=False)).find(other) is None


def test_known_heads_are_bounded(endpoint: Counted) -> None:
    heads = known(endpoint, post(GOOD, JSON, b"X: " + b"x" * LONGEST, last=False))
    assert not heads._known
    first, *_, last = sent = [post(GOOD, JSON, b"X: %d" % each, last=False) for each in range(KEPT + 1)]
    head = Head("/graphql", endpoint, Request({"type": "http", "headers": []}), MediaType.JSON, len(GOOD))
    for each in sent:
        heads.learn(each, head)
    assert len(heads._known) == KEPT
    assert heads.find(first) is None
    assert heads.find(last)


async def test_a_known_head_is_answered_whatever_follows_it(
    endpoint: Counted, ports: tuple[int, int]
) -> None:
    again = post(GOOD, JSON, last=False)
    said = await talk(
        ports[0],
        again,
        again[:-3],
        again[-3:],
        again + again,
        post(b"[]", JSON, last=False),
        post(GOOD, JSON),
    )
    assert said.count(b'{"data":{"hello":null}}') == 5
    assert said.count(b"BAD_REQUEST") == 1


async def test_requests_that_do_not_wait_are_answered_in_order(
    endpoint: Counted, ports: tuple[int, int]
) -> None:
    first = post(b'{"query": "{ slow }"}', JSON, last=False)
    said = await talk(ports[0], first + post(GOOD, JSON, last=False) + post(b"null", JSON))
    assert said.index(b"late") < said.index(b'"hello":null') < said.index(b"must be a JSON object")
    assert said.count(b"HTTP/1.1 ") == 3
    assert endpoint.short == 1


async def test_a_client_that_has_gone_gets_nothing(endpoint: Counted, ports: tuple[int, int]) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", ports[0])
    writer.write(post(b'{"query": "{ slow }"}', JSON))
    await asyncio.sleep(0.05)
    writer.transport.abort()
    await asyncio.sleep(0.15)
    assert endpoint.short == 1
    assert (await talk(ports[0], post(GOOD, JSON))).endswith(b'{"data":{"hello":null}}')


async def test_a_fault_of_ours_closes_the_connection(
    ports: tuple[int, int], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "meibo_graphql.access")
    assert await talk(ports[0], post(GOOD, JSON, b"X-Break: 1", last=False)) == b""
    LINES.flush()
    assert orjson.loads(capsys.readouterr().err)["status"] == 500
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [RuntimeError]


async def test_the_log_knows_what_came_the_short_way(
    ports: tuple[int, int], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "meibo_graphql.access")
    for port in ports:
        await talk(port, post(GOOD, JSON, b"Authorization: Bearer wrong"))
    LINES.flush()
    lines = [orjson.loads(line) for line in capsys.readouterr().err.splitlines()]
    for line in lines:
        del line["at"], line["duration_ms"]
    assert lines[0] == lines[1] == {
        "level": "info", "logger": "meibo_graphql.access", "event": "request",
        "method": "POST", "path": "/graphql", "status": 401,
    }  # fmt: skip


def test_who_asks_whence_a_request_comes_is_asked_the_long_way(endpoint: Counted) -> None:
    asking = Counted(SCHEMA, context, asks_whence=True)
    app = Server(routes=[Route("/graphql", endpoint), Route("/whence", asking), Route("/other", context)])
    assert app.direct.endpoints == {b"/graphql": endpoint}
