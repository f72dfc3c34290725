"""The sink keeps what is posted to it, by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from meibo_sandbox.webhooks import LONGEST_BODY, MOST_KEPT, WebhookSink

AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=WebhookSink(lambda: AT).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://sink.test") as client:
        yield client


async def test_calls_are_listed_under_their_name(http: httpx.AsyncClient) -> None:
    answer = await http.post("/partner", content='{"licence": "…"}', headers={"x-signature": "s"})
    await http.post("/other", content=b"\xff")
    assert (answer.status_code, answer.content) == (204, b"")
    [call] = (await http.get("/partner")).json()
    assert (call["at"], call["body"], call["headers"]["x-signature"]) == (
        AT.isoformat(),
        '{"licence": "…"}',
        "s",
    )
    assert [call["body"] for call in (await http.get("/other")).json()] == ["\ufffd"]
    assert (await http.get("/nobody")).json() == []


async def test_a_call_without_end_is_refused_and_old_ones_are_forgotten(http: httpx.AsyncClient) -> None:
    assert (await http.post("/partner", content=b"x" * (LONGEST_BODY + 1))).status_code == 413
    for number in range(MOST_KEPT + 1):
        await http.post("/partner", content=str(number))
    kept = (await http.get("/partner")).json()
    assert (len(kept), kept[0]["body"]) == (MOST_KEPT, "1")
