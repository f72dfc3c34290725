"""What is meant to break a server, over real sockets: a 4xx or a closed connection, in bounded time and memory."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

import pytest
import uvicorn
from graphql import build_schema
from starlette.requests import Request
from starlette.routing import Route
from uvicorn.server import ServerState

from meibo_graphql.app import Server
from meibo_graphql.http import GraphQLEndpoint, HttpLimits
from meibo_graphql.http.direct import DirectProtocol

SECONDS = 4
"""In which every connection is answered or closed; the server below waits a fifth of a second for what is late."""
MIB = 1 << 20
MEMORY_MIB = 16
"""More than the whole test may take."""
BOUNDARY = b"----meibo"


class Impatient(DirectProtocol):
    """Waits a fifth of a second for headers, and for the rest of a body that is answered already."""

    header_seconds = 0.2


async def context(_request: Request) -> None:
    """Nobody."""


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server with small limits on this machine."""
    endpoint = GraphQLEndpoint(
        build_schema("type Query { hello: String }"), context, limits=HttpLimits(MIB, body_seconds=0.2)
    )
    app = Server(routes=[Route("/graphql", endpoint)])
    config = uvicorn.Config(
        app, http=Impatient, ws="none", lifespan="off", log_config=None, timeout_keep_alive=1
    )
    config.load()
    loop, state = asyncio.get_running_loop(), ServerState()
    server = await loop.create_server(lambda: Impatient(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.close()


def post(body: bytes, *headers: bytes, length: int | None = None, kind: bytes = b"application/json") -> bytes:
    """A POST that says that it is of some length."""
    said = b"Content-Length: %d" % (len(body) if length is None else length)
    head = [
        b"POST /graphql HTTP/1.1",
        b"Host: a",
        b"Content-Type: " + kind,
        said,
        b"Connection: close",
        *headers,
    ]
    return b"\r\n".join([*head, b"", body])


def form(operations: bytes, places: bytes, *headers: bytes) -> bytes:
    """A multipart request as file uploads are sent."""
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (BOUNDARY, name, value)
        for name, value in ((b"operations", operations), (b"map", places))
    ]
    body = b"".join(parts) + b"--%s--\r\n" % BOUNDARY
    return post(body, *headers, kind=b"multipart/form-data; boundary=" + BOUNDARY)


async def talk(port: int, parts: Iterable[bytes], pause: float = 0) -> bytes:
    """Everything that the server says until it closes the connection, while the parts are sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    said = b""
    try:
        async with asyncio.timeout(SECONDS):
            with suppress(ConnectionError):
                while more := await reader.read(65_536):
                    said += more
    finally:
        sending.cancel()
        with suppress(ConnectionError, asyncio.CancelledError):
            await sending
        writer.close()
    return said


PREFLIGHT = b"X-Meibo-Preflight: 1"
OPERATION = b'{"query": "{ hello }"}'
HOSTILE: tuple[tuple[str, list[bytes], int | None], ...] = (
    # what it is, what is sent, the status (None: closed without a word)
    ("null", [post(b"null")], 400),
    ("JSON 100,000 deep", [post(b"[" * 100_000)], 400),
    ("JSON 100,000 deep, closed", [post(b"[" * 100_000 + b"]" * 100_000)], 400),
    ("variables 100,000 deep", [post(b'{"query":"{hello}","variables":{"a":' + b"[" * 100_000)], 400),
    ("a number without end", [post(b"1" * 900_000)], 400),
    ("map=[]", [form(OPERATION, b"[]", PREFLIGHT)], 415),
    ("operations=null", [form(b"null", b"{}", PREFLIGHT)], 415),
    ("multipart without preflight header", [form(OPERATION, b"{}")], 403),
    ("a length without end", [post(b"", length=10**30)], 400),
    ("a length that is none", [post(b"").replace(b"Length: 0", b"Length: -1")], 400),
    ("64 MiB that say so", [post(b"", length=64 * MIB), *[b"x" * MIB] * 64], 413),
    ("64 MiB in chunks", [
        post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"),
        *[b"%x\r\n%b\r\n" % (MIB, b"x" * MIB)] * 64, b"0\r\n\r\n",
    ], 413),
    ("no request", [b"\x16\x03\x01\x02\x00\x01" * 10], 400),
)  # fmt: skip
SLOW: tuple[tuple[str, list[bytes], int | None], ...] = (
    ("slow headers", [b"POST /graphql HTTP/1.1\r\n", *[b"X: 1\r\n"] * 40], None),
    ("slow bodies", [post(b"", length=1_000), *[b"x"] * 40], 408),
    ("slow bodies that are refused at once", [post(b"", length=64 * MIB), *[b"x"] * 40], 413),
    ("idle sockets", [], None),
)  # fmt: skip


@pytest.mark.parametrize(("parts", "status"), [each[1:] for each in HOSTILE], ids=[e[0] for e in HOSTILE])
async def test_hostile_requests(port: int, parts: list[bytes], status: int) -> None:
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    said = await talk(port, parts)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    # A client that is still writing when the connection closes may lose what was said.
    assert said.startswith(b"HTTP/1.1 %d " % status) or (len(parts) > 1 and not said), said[:200]
    assert time.monotonic() - start < SECONDS
    assert grown < MEMORY_MIB


@pytest.mark.parametrize(("parts", "status"), [each[1:] for each in SLOW], ids=[e[0] for e in SLOW])
async def test_slow_connections(port: int, parts: list[bytes], status: int | None) -> None:
    """They are closed while the client would go on for two more seconds, also where they were answered before."""
    keeping = [part.replace(b"Connection: close\r\n", b"") for part in parts]
    start = time.monotonic()
    said = await talk(port, keeping, pause=0.1)
    assert said == b"" if status is None else said.startswith(b"HTTP/1.1 %d " % status)
    assert time.monotonic() - start < SECONDS / 2


async def test_the_server_still_answers(port: int) -> None:
    for _, parts, _ in HOSTILE[:10]:
        await talk(port, parts)
    said = await talk(port, [post(OPERATION)])
    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.endswith(b'{"data":{"hello":null}}')
