"""The family register at the registry's API: an officer asks, the stand-in answers, the record is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import strawberry

from meibo.access.permissions import Role
from meibo_graphql.app import create_app
from meibo_graphql.types import camel
from tests.core.family.conftest import SAYS, World
from tests.core.family.conftest import stand_in as stand_in
from tests.core.family.conftest import world as world
from tests.schema.conftest import Api

OBTAIN = """
mutation($input: ObtainFamilySymbolsInput!) {
  obtainFamilySymbols(input: $input) {
    batch { id kind count ended byStatus { status count } }
    userErrors { rule path }
  }
}"""
INQUIRE = OBTAIN.replace("obtainFamilySymbols", "inquireFamilyRegister").replace(
    "ObtainFamilySymbolsInput", "InquireFamilyRegisterInput"
)
LICENCES = "{ doctorLicences { nodes { id } } }"
RECORD = """
query($batch: ID) {
  familyInquiries(profession: "doctor", batchId: $batch) {
    nodes { batchId licenceId kind legalBasis items account institution status code erasedAt }
  }
  familyBatches(profession: "doctor") { nodes { kind count ended } }
  familyStatistics(profession: "doctor", since: "0001-01-01", until: "9999-12-31") {
    inquiries { kind status count } kept erased overdue
  }
}"""
REPLIES = """
query($id: ID!) {
  licence(by: { id: $id }) { ... on DoctorLicence { familyRegisters { placeOfBirth provisionBaseDate } } }
}"""
ITEMS = [camel(item) for item in SAYS]


@pytest.fixture
async def api(world: World, schema: strawberry.Schema) -> AsyncIterator[Api]:
    """The registry over the world's installation."""
    app = create_app(world.installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Api(world.installation, app, http)


async def asked(api: Api, document: str, ids: list[str], **more: Any) -> tuple[Any, list[Any]]:
    """(batch, refusals) of an officer's mutation."""
    officer = await api.caller(Role.OFFICER)
    given = {"idempotencyKey": api.key(), "profession": "doctor", "licenceIds": ids} | more
    [told] = (await officer.ask(document, {"input": given})).values()
    return told["batch"], [(each["rule"], each["path"]) for each in told["userErrors"]]


async def licences(api: Api) -> list[str]:
    officer = await api.caller(Role.OFFICER)
    return [each["id"] for each in (await officer.ask(LICENCES))["doctorLicences"]["nodes"]]


async def test_an_officer_asks_and_reads_what_came(world: World, api: Api) -> None:
    officer, ids = await api.caller(Role.OFFICER), await licences(api)
    batch, refusals = await asked(api, OBTAIN, ids)
    assert refusals == []
    assert (batch["kind"], batch["count"], batch["ended"]) == ("SYMBOL", 2, False)
    assert batch["byStatus"] == [{"status": "REQUESTED", "count": 2}]
    await world.work()
    batch, refusals = await asked(api, INQUIRE, ids[:1], items=ITEMS)
    assert refusals == []
    await world.work()
    told = await officer.ask(RECORD, {"batch": batch["id"]})
    assert told["familyInquiries"]["nodes"] == [
        {
            "batchId": batch["id"], "licenceId": ids[0], "kind": "REGISTER",
            "legalBasis": "番号法 19条8号 別表第二の27", "items": ITEMS, "account": "officer-0",
            "institution": "Test office", "status": "ACCEPTED", "code": None, "erasedAt": None,
        }
    ]  # fmt: skip
    assert [(each["kind"], each["ended"]) for each in told["familyBatches"]["nodes"]] == [
        ("REGISTER", True), ("SYMBOL", True),
    ]  # fmt: skip
    assert told["familyStatistics"] == {
        "inquiries": [
            {"kind": "REGISTER", "status": "ACCEPTED", "count": 1},
            {"kind": "SYMBOL", "status": "ACCEPTED", "count": 2},
        ],
        "kept": 1, "erased": 0, "overdue": 0,
    }  # fmt: skip
    read = (await officer.ask(REPLIES, {"id": ids[0]}))["licence"]["familyRegisters"]
    assert read == [
        {"placeOfBirth": SAYS["place_of_birth"], "provisionBaseDate": SAYS["provision_base_date"]}
    ]


async def test_the_same_key_leads_to_the_same_batch(world: World, api: Api) -> None:
    ids = await licences(api)
    first = await asked(api, OBTAIN, ids, idempotencyKey="key")
    assert await asked(api, OBTAIN, ids, idempotencyKey="key") == first
    assert await asked(api, OBTAIN, ids[:1], idempotencyKey="key") == (
        None,
        [("act.key_reused", ["idempotencyKey"])],
    )


@pytest.mark.parametrize(
    ("given", "refusals"),
    [
        ({"items": ["familyName"]}, [("item.unknown", ["items", "familyName"])]),
        ({"items": []}, [("family.items", ["items"])]),
        ({"licenceIds": ["nonsense"]}, [("licence.unknown", ["licenceId"])]),
        ({"licenceIds": []}, [("family.licences", ["licences"])]),
        ({"legalBasis": "hearsay"}, [("family.legal_basis", ["legalBasis"])]),
        ({}, [("family.no_symbol", ["licences"])]),
        ({"validateOnly": True}, [("family.no_symbol", ["licences"])]),
    ],
)
async def test_what_may_not_be_asked_is_told(
    world: World, api: Api, given: dict[str, Any], refusals: list[Any]
) -> None:
    ids = await licences(api)
    assert await asked(api, INQUIRE, ids, **({"items": ITEMS[:1]} | given)) == (None, refusals)
    assert await world.stored() == [0] * 5


async def test_what_is_only_validated_leaves_nothing(world: World, api: Api) -> None:
    assert await asked(api, OBTAIN, await licences(api), validateOnly=True) == (None, [])
    assert await world.stored() == [0] * 5


async def test_a_batch_that_is_none_is_not_found(api: Api) -> None:
    officer = await api.caller(Role.OFFICER)
    assert await officer.refused(RECORD, {"batch": "nonsense"}) == "NOT_FOUND"
