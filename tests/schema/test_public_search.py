"""The public search by HTTP: anybody asks, nobody learns more than the law has them know, nobody asks often."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from meibo.audit import tables
from meibo.audit.leaves import LeafKind, decode
from meibo.database.stores import Store
from meibo.installation import Installation
from meibo.verifying import verifying_of
from meibo_graphql.app import create_verify_app
from meibo_graphql.limits import Searches
from meibo_graphql.limits.addresses import REMEMBERED
from meibo_graphql.sanitizing import ErrorCode, SafeError
from meibo_graphql.verify.public import PublicLicence
from tests.core.register.doctors import Doctors

PATH = "/verify/graphql"
SEARCH = """
query($profession: ID!, $name: String!, $sex: String) {
  publicLicence(profession: $profession, name: $name, sex: $sex) {
    registered { fullName sex { code label } registrationYear } complete } }"""
WHOM = {"profession": "doctor", "name": "見本 花子", "sex": "2"}
FOUND = {
    "registered": [{"fullName": "見本　花子", "sex": {"code": "2", "label": "女"}, "registrationYear": 2016}],
    "complete": True,
}
NOBODY: Mapping[str, Any] = {"registered": [], "complete": True}


@dataclass
class Anybody:
    """Somebody without a token."""

    http: httpx.AsyncClient

    async def send(self, query: str = SEARCH, **changed: Any) -> httpx.Response:
        headers = {"accept": "application/graphql-response+json"}
        return await self.http.post(PATH, json={"query": query, "variables": WHOM | changed}, headers=headers)

    async def ask(self, **changed: Any) -> Any:
        answer = (await self.send(**changed)).json()
        assert "errors" not in answer, answer
        return answer["data"]["publicLicence"]

    async def refused(self, query: str = SEARCH, **changed: Any) -> tuple[int, str]:
        answer = await self.send(query, **changed)
        [error] = answer.json()["errors"]
        assert answer.json().get("data") is None
        return answer.status_code, error["extensions"]["code"]


@pytest.fixture
async def anybody(installation: Installation) -> AsyncIterator[Anybody]:
    app = create_verify_app(verifying_of(installation))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Anybody(http)


async def test_anybody_finds_a_full_name(installation: Installation, anybody: Anybody) -> None:
    await Doctors(installation).enter()
    assert await anybody.ask() == FOUND
    assert await anybody.ask(sex="1") == NOBODY
    assert await anybody.ask(name="見本 花代") == NOBODY
    assert [field.name for field in fields(PublicLicence)] == ["full_name", "sex", "registration_year"]


async def test_what_may_not_be_asked_is_a_bad_value(anybody: Anybody) -> None:
    for changed in ({"profession": "nurse"}, {"sex": None}, {"name": " "}):
        assert await anybody.refused(**changed) == (200, "INVALID_VALUE")


@pytest.mark.parametrize("literal", ['name: "見本 花子", sex: $sex', 'name: $name, sex: "2"'])
async def test_whom_one_looks_for_goes_in_as_variables(anybody: Anybody, literal: str) -> None:
    used = [name for name in ("name", "sex") if f"${name}" in literal]
    query = f"query({' '.join(f'${n}: String!' for n in used)})" + (
        f'{{ publicLicence(profession: "doctor", {literal}) {{ complete }} }}'
    )
    assert await anybody.refused(query) == (400, "VARIABLES_REQUIRED")


async def test_whom_one_looks_for_stands_in_no_address(anybody: Anybody) -> None:
    answer = await anybody.http.get(PATH, params={"query": SEARCH, "variables": '{"name": "見本"}'})
    [*_, error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "VARIABLES_REQUIRED"


async def test_who_asks_often_waits(installation: Installation) -> None:
    """One search a minute by setting, so that a slow machine gets none back meanwhile."""
    await Doctors(installation).enter()
    verifying = verifying_of(installation)
    app = create_verify_app(
        replace(verifying, settings=replace(verifying.settings, verify_searches_per_minute=1))
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        anybody = Anybody(http)
        for _ in range(10):
            assert await anybody.ask() == FOUND
        answer = await anybody.send()
        legacy = await http.post(PATH, json={"query": SEARCH, "variables": WHOM})
    told = answer.json()["errors"][0]["extensions"]
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(told["retryAfter"]))
    assert (told["code"], told["limit"], told["allowed"], 1 <= told["retryAfter"] <= 60) == (
        "RATE_LIMITED", "searches", 1, True,
    )  # fmt: skip
    assert (legacy.status_code, legacy.json().get("data")) == (429, None)


async def test_many_in_one_request_are_counted_each(anybody: Anybody) -> None:
    asked = " ".join(
        f'a{n}: publicLicence(profession: "doctor", name: $name, sex: $sex) {{ complete }}' for n in range(11)
    )
    query = f"query($name: String!, $sex: String!) {{ {asked} }}"
    answer = await anybody.send(query)
    assert (answer.status_code, answer.json().get("data")) == (429, None)


async def test_every_search_leaves_a_leaf(installation: Installation, anybody: Anybody) -> None:
    await anybody.ask()
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(tables.leaf.c.body))).all()
    [leaf] = [decode(body).leaf for body in bodies]
    assert (leaf.kind, leaf.surface, leaf.operation, leaf.account) == (
        LeafKind.READ, "verify", "public_search", "public",
    )  # fmt: skip


def test_an_address_is_nowhere_to_be_read() -> None:
    searches = Searches()
    searches.take(searches.mark("203.0.113.9"))
    assert ("203.0.113.9" in repr(searches), searches.mark("203.0.113.9") in searches.left) == (False, True)
    assert searches.mark("203.0.113.9") != Searches().mark("203.0.113.9")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("", "unix", True),
    ],
)
def test_one_household_is_one_address(one: str, other: str, same: bool) -> None:
    searches = Searches()
    assert (searches.mark(one) == searches.mark(other)) is same


def test_what_was_used_comes_back_with_time() -> None:
    now = 0.0
    searches = Searches(searches_per_minute=6, searches_at_once=2, clock=lambda: now)
    searches.take("a")
    searches.take("a")
    with pytest.raises(SafeError) as refused:
        searches.take("a")
    assert (refused.value.code, (refused.value.extensions or {})["retryAfter"]) == (
        ErrorCode.RATE_LIMITED,
        10,
    )
    searches.take("b")
    now = 10.0
    searches.take("a")
    with pytest.raises(SafeError):
        searches.take("a")


def test_addresses_are_forgotten_in_their_turn() -> None:
    searches = Searches()
    for number in range(REMEMBERED + 1):
        searches.take(str(number))
    assert (len(searches.left), "0" in searches.left, "1" in searches.left) == (REMEMBERED, False, True)
