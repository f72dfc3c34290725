"""The centre's stand-in hands out what it would send, over HTTP, and a register takes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from meibo.errors import MessageRefused
from meibo.exchange.inbound.messages import Proof
from tests.core.exchange.inbound.conftest import ABOUT, PROFESSION, Centre, line, passed

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
async def http(centre: Centre) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(centre.system.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
        yield client


async def handed(http: httpx.AsyncClient, what: str, **asked: Any) -> bytes:
    answer = await http.post(what, json={"profession": PROFESSION, **asked})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jose")
    return answer.content


async def test_files_are_handed_out_and_taken(centre: Centre, http: httpx.AsyncClient) -> None:
    licence, batch, reference = await centre.enter(), uuid4(), str(uuid4())
    lines = [line(reference=reference)]
    await centre.receive(await handed(http, "numbers", lines=lines, batch=str(batch), on_paper=True))
    await centre.work()
    state = (await http.get("state")).json()
    assert (state["papers"], state["known"]) == (
        {str(batch): 1},
        {reference: await centre.pseudonym(licence)},
    )
    for proof, method in (("erasure", "overwritten"), ("disposal", "shredded")):
        await centre.receive(await handed(http, "certificates", batch=str(batch), proof=proof, method=method))
    [told] = await centre.inbound.office.batches(*ABOUT)
    assert told.proved == frozenset(Proof)
    assert (await http.get("state")).json()["papers"] == {str(batch): 0}
    assert await centre.receive(await handed(http, "pass-lists", year=2020, rows=[passed()])) is True


async def test_a_spoilt_file_is_handed_out_as_asked(centre: Centre, http: httpx.AsyncClient) -> None:
    raw = await handed(http, "numbers", lines=[line()], spoilt="wrong_encoding")
    with pytest.raises(MessageRefused, match="WRONG_ENCODING"):
        await centre.receive(raw)


async def test_what_cannot_be_handed_out_is_said(http: httpx.AsyncClient) -> None:
    for what, asked in (
        ("numbers", {}),
        ("numbers", {"profession": PROFESSION, "lines": [line()], "spoilt": "rotten"}),
        ("certificates", {"profession": PROFESSION, "batch": str(uuid4())}),
        ("pass-lists", {"profession": PROFESSION, "year": "x", "rows": []}),
        ("letters", {}),
    ):
        answer = await http.post(what, json=asked)
        assert (answer.status_code, list(answer.json())) == (400, ["error"])
    other = {"sec-fetch-site": "cross-site"}
    assert (await http.post("numbers", json={}, headers=other)).status_code == 403
