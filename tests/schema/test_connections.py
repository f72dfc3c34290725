"""Sockets that keep the server waiting are closed: headers that do not come, or do not end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from meibo_graphql.http.connections import HEADER_BYTES, BoundedProtocol

IN_TIME = 5


class Impatient(BoundedProtocol):
    """Waits a fifth of a second for headers."""

    header_seconds = 0.2


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server on this machine that says hi."""
    config = uvicorn.Config(
        hello, http=Impatient, ws="none", lifespan="off", log_config=None, timeout_keep_alive=1
    )
    config.load()
    loop, state = asyncio.get_running_loop(), ServerState()
    server = await loop.create_server(lambda: Impatient(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.close()


async def talk(port: int, *parts: bytes) -> bytes:
    """Everything that the server says until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = b""
    with suppress(ConnectionError):  # Closed while we were writing.
        async with asyncio.timeout(IN_TIME):
            for part in parts:
                writer.write(part)
                await asyncio.sleep(0.05)
            said = await reader.read()
    writer.close()
    return said


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"G",),
        (b"GET / HTTP/1.1\r\nHost: a\r\n",),
        (b"GET / HTTP/1.1\r\n", *(b"X-%d: 1\r\n" % n for n in range(8))),
    ],
)
async def test_headers_that_do_not_come_in_time_close_the_connection(
    port: int, parts: tuple[bytes, ...]
) -> None:
    assert await talk(port, *parts) == b""


async def test_the_time_runs_for_each_request(port: int) -> None:
    whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    said = await talk(port, whole, whole, b"GET / HT")
    assert said.count(b"HTTP/1.1 200 OK") == 2


async def test_an_idle_connection_is_closed(port: int) -> None:
    said = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert said.count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize(
    "request_", [b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nX: %s\r\n\r\n"]
)
async def test_headers_without_end_are_refused(port: int, request_: bytes) -> None:
    said = await talk(port, request_ % (b"a" * (HEADER_BYTES + 1)))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1
