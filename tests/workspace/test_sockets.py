"""The guard that keeps tests on this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.conftest import OutsideConnection

OUTSIDE = ("192.0.2.1", 443)


@pytest.mark.parametrize("address", [OUTSIDE, ("2001:db8::1", 443)])
def test_connecting_outside_is_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outgoing, pytest.raises(OutsideConnection):
        outgoing.connect(address)


def test_sending_outside_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outgoing, pytest.raises(OutsideConnection):
        outgoing.sendto(b"x", OUTSIDE)


def test_looking_up_a_name_is_refused() -> None:
    with pytest.raises(OutsideConnection):
        socket.getaddrinfo("register.example", 443)


async def test_asyncio_is_refused_too() -> None:
    with pytest.raises(OutsideConnection):
        await asyncio.open_connection(*OUTSIDE)


async def test_loopback_is_open() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    async with await asyncio.start_server(answer, "localhost", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        assert await reader.read() == b"here"
        writer.close()
        await writer.wait_closed()
