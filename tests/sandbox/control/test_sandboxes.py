"""What the API and the page make happen happens in the world, and what they refuse does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from meibo_sandbox.control import Sandbox, System
from meibo_sandbox.world import Fault, World


async def test_the_api_tells_how_the_world_stands(http: httpx.AsyncClient, world: World) -> None:
    world.faults.arm("webhooks", Fault.LATE)
    told = (await http.get("/api")).json()
    assert (told["people"], told["told"]) == (200, [])
    assert told["since"] == world.since.isoformat()
    mail, webhooks = told["systems"]
    assert mail == {
        "name": "mail",
        "label": {"ja": "メール", "en": "Mail"},
        "faults": ["late", "lost", "twice"],
        "down": False,
        "waiting": [],
    }
    assert (webhooks["name"], webhooks["waiting"]) == ("webhooks", ["late"])


@pytest.mark.parametrize("find", ["6", "999900000062", "99000000066", "安田　典子"])
async def test_people_are_found_by_index_number_code_and_name(http: httpx.AsyncClient, find: str) -> None:
    found = (await http.get("/api/people", params={"find": find})).json()
    assert found[0]["index"] == 6
    assert (found[0]["family_name"], found[0]["individual_number"]) == ("安田", "999900000062")
    assert (await http.get("/api/people/6")).json() == found[0]


async def test_nobody_is_found_by_what_is_nobodys(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/people", params={"find": "200"})).json() == []
    assert (await http.get("/api/people/200")).status_code == 404
    assert len((await http.get("/api/people")).json()) == 50


@pytest.mark.parametrize(
    ("asked", "changed"),
    [
        ({"happening": "died"}, "died_date"),
        ({"happening": "left"}, "left_date"),
        ({"happening": "moved"}, "address"),
        ({"happening": "renamed"}, "family_name"),
        ({"happening": "number_changed"}, "individual_number"),
    ],
)
async def test_what_is_asked_happens(http: httpx.AsyncClient, asked: dict[str, str], changed: str) -> None:
    before = (await http.get("/api/people/8")).json()
    told = (await http.post("/api/people/8", json=asked)).json()
    assert told[changed] != before[changed]
    assert (await http.get("/api/people/8")).json() == told
    events = (await http.get("/api")).json()["told"]
    assert [(event["index"], event["kind"]) for event in events] == [(8, asked["happening"])]


async def test_one_moves_and_is_renamed_as_is_said(http: httpx.AsyncClient) -> None:
    place = {"address": "東京都見本市本町一丁目1番1号", "municipality_code": "13901"}
    await http.post("/api/people/8", json={"happening": "moved", **place})
    name = {"family_name": "試", "family_name_kana": "タメシ"}
    told = (await http.post("/api/people/8", json={"happening": "renamed", **name})).json()
    assert {**told, **place, **name} == told


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/people/8", {"happening": "resurrected"}),
        ("/api/people/8", {}),
        ("/api/people/8", {"happening": "moved", "address": 1}),
        ("/api/people/8", {"happening": "renamed", "family_name": "長" * 201}),
        ("/api/people/200", {"happening": "died"}),
        ("/api/clock", {}),
        ("/api/clock", {"now": "tomorrow"}),
        ("/api/clock", {"now": "9999-12-31T23:59:59-12:00"}),
        ("/api/clock", {"now": "0001-01-01T00:00:00+09:00"}),
        ("/api/clock", {"advance_seconds": -1}),
        ("/api/clock", {"advance_seconds": 10**30}),
        ("/api/systems/webhooks", {}),
        ("/api/systems/webhooks", {"fault": "unknown"}),
        ("/api/systems/webhooks", {"fault": "late", "times": 10**6}),
        ("/api/systems/webhooks", {"down_seconds": "soon"}),
        ("/api/systems/mail", {"fault": "garbled"}),
        ("/api/systems/unknown", {"fault": "late"}),
    ],
)
async def test_what_makes_no_sense_is_refused_and_nothing_happens(
    http: httpx.AsyncClient, world: World, path: str, asked: dict[str, Any]
) -> None:
    answer = await http.post(path, json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert world.told == ()
    assert abs(world.now() - datetime.now(UTC)) < timedelta(minutes=5)
    assert world.faults.waiting("webhooks") == world.faults.waiting("mail") == ()


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"1", b'{"now": "' + b"9" * 10_000 + b'"}'])
async def test_no_object_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    assert (await http.post("/api/clock", content=body)).status_code == 400


async def test_another_sites_page_makes_nothing_happen(http: httpx.AsyncClient, world: World) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    for body in ({"json": {"happening": "died"}}, {"data": {"happening": "died"}}):
        assert (await http.post("/api/people/8", headers=headers, **body)).status_code == 403  # type: ignore[arg-type]
    assert world.told == ()


async def test_the_clock_is_set_and_goes_on(http: httpx.AsyncClient, world: World) -> None:
    await http.post("/api/clock", json={"now": "2030-01-01T00:00:00"})
    assert world.today().isoformat() == "2030-01-01"
    told = (await http.post("/api/clock", json={"advance_seconds": 86_400})).json()
    assert told["now"].startswith("2030-01-01T15:00")


async def test_a_system_is_spoilt_put_down_and_mended(http: httpx.AsyncClient, world: World) -> None:
    await http.post("/api/systems/webhooks", json={"fault": "twice", "times": 2})
    assert world.faults.waiting("webhooks") == (Fault.TWICE, Fault.TWICE)
    told = (await http.post("/api/systems/webhooks", json={"down_seconds": 600})).json()
    assert told["systems"][1]["down"] is True
    await http.post("/api/clock", json={"advance_seconds": 600})
    assert (await http.get("/api")).json()["systems"][1]["down"] is False
    await http.post("/api/systems/webhooks", json={"mend": True})
    assert world.faults.waiting("webhooks") == ()


async def test_reset_forgets_all(http: httpx.AsyncClient, sandbox: Sandbox, world: World) -> None:
    await http.post("/webhooks/any", content=b"x")
    await http.post("/api/people/8", json={"happening": "died"})
    await http.post("/api/systems/webhooks", json={"fault": "late"})
    told = (await http.post("/api/reset", json={})).json()
    assert told["told"] == []
    assert list(sandbox.webhooks.calls) == []
    assert world.person(8) == world.people[8]
    assert world.faults.waiting("webhooks") == ()


async def test_the_page_shows_it_and_its_forms_lead_back(http: httpx.AsyncClient, world: World) -> None:
    answer = await http.post("/api/people/6?find=安田", data={"happening": "died"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "http://127.0.0.1:8472/?find=%E5%AE%89%E7%94%B0",
    )
    shown = (await http.get(answer.headers["location"])).text
    assert f"死亡 Died<small>{world.today()}</small>" in shown
    assert 'action="api/people/7?find=安田"' in shown
    assert "水野" not in shown.partition('id="told"')[0]


async def test_the_page_asks_for_nothing_and_lets_nothing_in(
    http: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    await http.post("/webhooks/<b>", content=b"<script>alert(1)</script>")
    answer = await http.get("/", params={"find": '"><script>'})
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline';"
    )
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "http" not in answer.text.replace("http-", "").partition("</style>")[2]


@pytest.mark.parametrize(
    ("happened", "left"),
    [
        (None, ["moved", "renamed", "number_changed", "left", "died"]),
        ("left", ["died"]),
        ("died", []),
    ],
)
async def test_the_page_offers_what_can_still_happen(
    http: httpx.AsyncClient, happened: str | None, left: list[str]
) -> None:
    if happened:
        await http.post("/api/people/6", json={"happening": happened})
    form = (await http.get("/", params={"find": "999900000062"})).text.partition('action="api/people/6')[2]
    assert re.findall(r'name="happening" value="(\w+)"', form) == left


async def test_the_page_leads_to_what_a_system_holds(world: World) -> None:
    systems = [System("public_search", ("検索", "Search"), Starlette(), tells_state=True)]
    transport = httpx.ASGITransport(app=Sandbox(world, systems).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8472") as http:
        shown = (await http.get("/")).text
    assert re.findall(r'href="(\w+/state)"', shown) == ["public_search/state"]
