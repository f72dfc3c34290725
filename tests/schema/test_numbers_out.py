"""Numbers that go to an existing system, at the registry's API: a basis by two people, and erasures with receipts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import strawberry

from meibo import clock
from meibo.access.permissions import Role
from meibo.host import Host
from meibo_graphql.app import create_app
from meibo_graphql.registry import registry_schema
from tests.core.exchange.numbers.conftest import ARTICLE, NAME, Handing
from tests.core.exchange.numbers.conftest import handing as handing
from tests.core.exchange.numbers.conftest import host as host
from tests.core.exchange.numbers.conftest import shared_database as shared_database
from tests.core.exchange.numbers.conftest import template as template
from tests.core.exchange.numbers.conftest import time as time
from tests.core.vault.numerals import ONE
from tests.schema.conftest import Api, Caller

SYSTEM = {"connector": NAME, "profession": "pharmacist"}
DECLARED, TOLD = "$connector: ID!, $profession: ID!", "connector: $connector, profession: $profession"
BASES = f"query({DECLARED}) {{ handedNumbers({TOLD}) numberBases({TOLD}) {{ id legalBasis approvedBy endedBy }} }}"
ERASURES = f"""
query({DECLARED}, $overdue: Boolean!) {{
  numberErasures({TOLD}, overdue: $overdue) {{ id licenceId answer confirmedAt overdue }}
}}"""
RECEIPT = f"query({DECLARED}, $id: ID!) {{ numberErasureReceipt({TOLD}, erasureId: $id) }}"


def verb(name: str, input: str, told: str = "basisId") -> str:
    return (
        f"mutation($input: {input}!) {{ {name}(input: $input) {{ {told} userErrors {{ code rule path }} }} }}"
    )


PROPOSE = verb("proposeNumberBasis", "ProposeNumberBasisInput")
APPROVE = verb("approveNumberBasis", "NumberBasisActInput")
END = verb("endNumberBasis", "NumberBasisActInput")
AGAIN = verb("handNumbersOverAgain", "FeedActInput", "begun")


@pytest.fixture(scope="session")
def schema(host: Host) -> strawberry.Schema:
    """The registry's schema for pharmacists alone."""
    return registry_schema(host)


@pytest.fixture
async def api(handing: Handing, schema: strawberry.Schema) -> AsyncIterator[Api]:
    app = create_app(handing.installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Api(handing.installation, app, http)


async def administrator(api: Api) -> Caller:
    return await api.caller(Role.ADMINISTRATOR, ("pharmacist",))


def given(**more: Any) -> dict[str, Any]:
    today = clock.today()
    days = {"startDate": today.isoformat(), "endDate": (today + timedelta(days=30)).isoformat()}
    return SYSTEM | {"legalBasis": ARTICLE} | days | more


def error(code: str, rule: str, path: str) -> list[dict[str, object]]:
    return [{"code": code, "rule": rule, "path": [path]}]


async def test_a_basis_takes_two_people_and_one_ends_it(handing: Handing, api: Api) -> None:
    await handing.pharmacists.enter(individual=ONE)
    first, second = await administrator(api), await administrator(api)
    tried = await first.ask(PROPOSE, {"input": given(validateOnly=True)})
    assert tried["proposeNumberBasis"] == {"basisId": None, "userErrors": []}
    id = (await first.ask(PROPOSE, {"input": given()}))["proposeNumberBasis"]["basisId"]
    basis = {"input": SYSTEM | {"basisId": id}}
    own = (await first.ask(APPROVE, basis))["approveNumberBasis"]
    assert own["userErrors"] == error("NEEDS_SECOND_PERSON", "exchange.second_person", "basisId")
    for more, told in (({"validateOnly": True}, None), ({}, id)):
        done = await second.ask(APPROVE, {"input": basis["input"] | more})
        assert done["approveNumberBasis"] == {"basisId": told, "userErrors": []}
    await handing.turn()
    [kept] = (found := await first.ask(BASES, SYSTEM))["numberBases"]
    assert (kept["id"], kept["legalBasis"], kept["endedBy"], found["handedNumbers"]) == (id, ARTICLE, None, 1)
    assert kept["approvedBy"] == "administrator-1"
    for more, begun in (({"validateOnly": True}, False), ({}, True)):
        again = await first.ask(AGAIN, {"input": SYSTEM | more})
        assert again["handNumbersOverAgain"] == {"begun": begun, "userErrors": []}
    assert (await first.ask(END, basis))["endNumberBasis"] == {"basisId": id, "userErrors": []}
    over = (await first.ask(END, basis))["endNumberBasis"]
    assert over == {"basisId": None, "userErrors": error("NOT_FOUND", "number_basis.unknown", "basisId")}


async def test_a_basis_that_cannot_hold_says_why(api: Api) -> None:
    chief = await administrator(api)
    for more, wanted in (
        ({"connector": "nobody"}, error("NOT_FOUND", "number_basis.unknown_feed", "connector")),
        ({"legalBasis": " "}, error("REQUIRED", "exchange.legal_basis", "legalBasis")),
        ({"startDate": "2020-01-01"}, error("INVALID_VALUE", "exchange.start_date", "startDate")),
        ({"legalBasis": "x" * 201}, error("INVALID_VALUE", "text.too_long", "legalBasis")),
    ):
        payload = (await chief.ask(PROPOSE, {"input": given(**more)}))["proposeNumberBasis"]
        assert payload == {"basisId": None, "userErrors": wanted}
    assert (await chief.ask(BASES, SYSTEM))["numberBases"] == []


async def test_an_erasure_is_followed_to_its_receipt(handing: Handing, api: Api) -> None:
    licence = await handing.pharmacists.enter(individual=ONE)
    await handing.allow()
    await handing.turn()
    chief = await administrator(api)
    await handing.give_up(licence)
    await handing.turn(later=timedelta(minutes=1))
    [erasure] = (await chief.ask(ERASURES, SYSTEM | {"overdue": False}))["numberErasures"]
    assert (erasure["answer"], erasure["overdue"]) == ("erased", False)
    assert erasure["confirmedAt"]
    assert (await chief.ask(ERASURES, SYSTEM | {"overdue": True}))["numberErasures"] == []
    receipt = (await chief.ask(RECEIPT, SYSTEM | {"id": erasure["id"]}))["numberErasureReceipt"]
    assert receipt.count(".") == 2
    assert await chief.refused(RECEIPT, SYSTEM | {"id": "x"}) == "NOT_FOUND"
