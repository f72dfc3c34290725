"""Whatever a stand-in is, the world's faults reach whoever posts to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meibo_sandbox.control import Spoiled
from meibo_sandbox.world import LATE, Fault, World


class Echo:
    """Answers what it was sent, and counts."""

    def __init__(self) -> None:
        self.came: list[bytes] = []

    async def __call__(self, request: Request) -> Response:
        self.came.append(await request.body())
        return Response(self.came[-1], 201, {"x-count": str(len(self.came))})


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def http(echo: Echo, world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/", echo.__call__, methods=["GET", "POST"])])
    transport = httpx.ASGITransport(app=Spoiled(app, world, "echo"))
    async with httpx.AsyncClient(transport=transport, base_url="http://echo.test") as client:
        yield client


@pytest.mark.parametrize(
    ("fault", "status", "body", "times"),
    [
        (Fault.GARBLED, 201, b"ab\x62d", 1),
        (Fault.LOST, 504, b"", 1),
        (Fault.TRUNCATED, 201, b"ab", 1),
        (Fault.TWICE, 201, b"abcd", 2),
    ],
)
async def test_one_answer_goes_wrong_and_the_next_is_well(
    http: httpx.AsyncClient, echo: Echo, world: World, fault: Fault, status: int, body: bytes, times: int
) -> None:
    world.faults.arm("echo", fault)
    answer = await http.post("/", content=b"abcd")
    assert (answer.status_code, answer.content, echo.came) == (status, body, [b"abcd"] * times)
    after = await http.post("/", content=b"efgh")
    assert (after.status_code, after.content, after.headers["x-count"]) == (201, b"efgh", str(times + 1))


async def test_what_only_looks_is_never_spoilt(http: httpx.AsyncClient, world: World) -> None:
    world.faults.arm("echo", Fault.LOST)
    assert (await http.get("/")).status_code == 201
    assert world.faults.waiting("echo") == (Fault.LOST,)


async def test_another_systems_faults_are_its_own(http: httpx.AsyncClient, world: World) -> None:
    world.faults.arm("other", Fault.LOST)
    world.faults.down_until("other", world.now() + timedelta(days=1))
    assert (await http.post("/", content=b"abcd")).status_code == 201


async def test_who_is_down_answers_nothing_until_the_clock_says_so(
    http: httpx.AsyncClient, echo: Echo, world: World
) -> None:
    world.faults.down_until("echo", world.now() + timedelta(days=2))
    assert (await http.post("/", content=b"abcd")).status_code == 503
    assert (await http.get("/")).status_code == 503
    assert echo.came == []
    world.advance(timedelta(days=2))
    assert (await http.post("/", content=b"abcd")).status_code == 201


async def test_who_is_late_answers_when_the_clock_says_so(
    http: httpx.AsyncClient, echo: Echo, world: World
) -> None:
    world.faults.arm("echo", Fault.LATE)
    asked = asyncio.create_task(http.post("/", content=b"abcd"))
    for ahead in (LATE - timedelta(seconds=10), timedelta(0)):
        done, _ = await asyncio.wait([asked], timeout=0.2)
        assert (done, echo.came) == (set(), [b"abcd"])
        world.advance(ahead)
    assert (await http.post("/", content=b"efgh")).content == b"efgh"  # Nobody else waits.
    world.advance(timedelta(seconds=10))
    answer = await asked
    assert (answer.status_code, answer.content, echo.came) == (201, b"abcd", [b"abcd", b"efgh"])
