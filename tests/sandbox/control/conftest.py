"""A sandbox of two hundred people, asked without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from meibo_sandbox.control import Sandbox
from meibo_sandbox.world import PersonList, World, population

ADDRESS = "http://127.0.0.1:8472"


@pytest.fixture
def world() -> World:
    return World(PersonList(population(1, 200)))


@pytest.fixture
def sandbox(world: World) -> Sandbox:
    return Sandbox(world)


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=sandbox.app())
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield client
