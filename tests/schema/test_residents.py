"""The resident-record network at the registry's API: runs by two people, a search, a number obtained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
import strawberry

from meibo.access.permissions import Role
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.linkage.residents import Key
from meibo.linkage.residents.exchange import CONNECTOR
from meibo_graphql.app import create_app
from meibo_sandbox.residents import ResidentList, ResidentNetwork
from tests.core.linkage.residents.conftest import ADMINISTRATOR, HANAKO, OFFICER, TARO, TWINS, serving
from tests.core.register.doctors import Doctors
from tests.schema.conftest import Api

RUN = "id profession key state size waiting requestedBy decidedBy outcomes { outcome count }"
ERRORS = "userErrors { code rule path }"
START = f"mutation($input: StartResidentRunInput!) {{ startResidentRun(input: $input) {{ run {{ {RUN} }} {ERRORS} }} }}"
SEARCH = (
    "mutation($input: SearchResidentsInput!) { searchResidents(input: $input) { candidates {"
    " fullName fullNameKana birthDate sexCode address livingStatus movementDate hasNumber"
    f" glyphs {{ item position name }} }} {ERRORS} }} }}"
)
OBTAIN = f"mutation($input: ObtainNumberInput!) {{ obtainNumber(input: $input) {{ outcome {ERRORS} }} }}"


def decision(verb: str) -> str:
    input = "mutation($input: ResidentRunActInput!)"
    return f"{input} {{ {verb}(input: $input) {{ run {{ {RUN} }} {ERRORS} }} }}"


@pytest.fixture
async def linked(installation: Installation, host: Host) -> AsyncIterator[Installation]:
    """The installation, linked to a stand-in of the network."""
    network = ResidentNetwork(ResidentList([HANAKO, TARO, *TWINS]), installation.residents.keys)
    folder = installation.settings.path("link")
    folder.mkdir(exist_ok=True)
    (folder / f"{CONNECTOR}.jwks.json").write_bytes(orjson.dumps(network.jwks()))
    with serving(network) as address:
        settings = replace(installation.settings, link_addresses=f"{CONNECTOR}={address}")
        async with open_installation(settings, host) as opened:
            yield opened


@pytest.fixture
async def api(linked: Installation, schema: strawberry.Schema) -> AsyncIterator[Api]:
    """The server over it."""
    app = create_app(linked, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Api(linked, app, http)


async def test_a_run_from_its_start_to_its_outcomes(api: Api, linked: Installation) -> None:
    await Doctors(linked).enter(individual=HANAKO.individual_number)
    officer, chief = await api.caller(Role.OFFICER), await api.caller(Role.ADMINISTRATOR)
    asked: dict[str, Any] = {"profession": "doctor", "key": "INDIVIDUAL_NUMBER"}
    payload = (await officer.ask(START, {"input": asked}))["startResidentRun"]
    assert payload["userErrors"] == []
    run = payload["run"]
    assert (run["state"], run["size"], run["waiting"], run["decidedBy"]) == ("REQUESTED", 1, 1, None)
    named = {"input": {"profession": "doctor", "runId": run["id"]}}
    approved = (await chief.ask(decision("approveResidentRun"), named))["approveResidentRun"]
    assert (approved["run"]["state"], approved["userErrors"]) == ("APPROVED", [])
    again = (await chief.ask(decision("withdrawResidentRun"), named))["withdrawResidentRun"]
    assert (again["run"], again["userErrors"]) == (
        None,
        [{"code": "WRONG_STATE", "rule": "resident_run.state", "path": ["runId"]}],
    )
    worker = Worker(linked.register, linked.handlers)
    while await worker.run_one():
        pass
    document = f'query($id: ID!) {{ residentRun(profession: "doctor", id: $id) {{ {RUN} }} }}'
    done = (await officer.ask(document, {"id": run["id"]}))["residentRun"]
    assert (done["waiting"], done["outcomes"]) == (0, [{"outcome": "FOUND", "count": 1}])
    document = f'{{ residentRuns(profession: "doctor") {{ nodes {{ {RUN} }} }} }}'
    [listed] = (await officer.ask(document))["residentRuns"]["nodes"]
    assert listed == done


@pytest.mark.parametrize("id", ["", "x", "00000000-0000-4000-8000-000000000000"])
async def test_an_unknown_run_is_null_and_a_user_error(api: Api, id: str) -> None:
    chief = await api.caller(Role.ADMINISTRATOR)
    document = 'query($id: ID!) { residentRun(profession: "doctor", id: $id) { id } }'
    assert await chief.ask(document, {"id": id}) == {"residentRun": None}
    named = {"input": {"profession": "doctor", "runId": id}}
    payload = (await chief.ask(decision("approveResidentRun"), named))["approveResidentRun"]
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "rule": "resident_run.unknown", "path": ["runId"]}]


async def test_a_resident_is_searched_for_without_any_number_in_the_answer(api: Api) -> None:
    clerk = await api.caller(Role.CLERK)
    asked = {"profession": "doctor", "key": "INDIVIDUAL_NUMBER", "number": TARO.individual_number}
    [found] = (await clerk.ask(SEARCH, {"input": asked}))["searchResidents"]["candidates"]
    assert found == {
        "fullName": "見本　太〓", "fullNameKana": "ミホン　タロウ", "birthDate": "1950-05-03", "sexCode": "1",
        "address": TARO.address, "livingStatus": "1", "movementDate": "2026-11-01", "hasNumber": True,
        "glyphs": [{"item": "full_name_kanji", "position": 4, "name": "MJ012345"}],
    }  # fmt: skip


async def test_what_is_no_number_or_too_little_is_a_user_error(api: Api) -> None:
    clerk = await api.caller(Role.CLERK)
    for key, given, rule in (
        ("INDIVIDUAL_NUMBER", {"number": "123456789012"}, "number.check_digit"),
        ("FACTS", {"fullName": "見本　花子"}, "resident.facts"),
    ):
        asked = {"profession": "doctor", "key": key} | given
        payload = (await clerk.ask(SEARCH, {"input": asked}))["searchResidents"]
        assert (payload["candidates"], [e["rule"] for e in payload["userErrors"]]) == ([], [rule])


@pytest.mark.parametrize("field", ["number", "fullName", "fullNameKana", "address", "birthDate"])
async def test_what_is_personal_is_no_literal(api: Api, field: str) -> None:
    clerk = await api.caller(Role.CLERK)
    input = f'{{ profession: "doctor", key: FACTS, {field}: "見本" }}'
    answer = await clerk.send(f"mutation {{ searchResidents(input: {input}) {{ userErrors {{ rule }} }} }}")
    assert [e["extensions"]["code"] for e in answer.json()["errors"]] == ["VARIABLES_REQUIRED"]
    assert "見本" not in answer.text


async def test_a_number_is_obtained_for_a_holder(api: Api, linked: Installation) -> None:
    await Doctors(linked).enter()
    clerk = await api.caller(Role.CLERK)
    page = "{ doctorLicences { nodes { id individualNumber { held } residentRecords { fullNameKanji } } } }"
    [before] = (await clerk.ask(page))["doctorLicences"]["nodes"]
    assert (before["individualNumber"]["held"], before["residentRecords"]) == (False, [])
    payload = (await clerk.ask(OBTAIN, {"input": {"licenceId": before["id"]}}))["obtainNumber"]
    assert payload == {"outcome": "FOUND", "userErrors": []}
    [after] = (await clerk.ask(page))["doctorLicences"]["nodes"]
    assert (after["individualNumber"]["held"], after["residentRecords"]) == (
        True,
        [{"fullNameKanji": "見本　花子"}],
    )


async def test_what_a_name_lacks_is_told_beside_its_reply(api: Api, linked: Installation) -> None:
    await Doctors(linked).enter(individual=TARO.individual_number)
    runs = linked.residents.runs
    made = await runs.start(OFFICER, "doctor", Key.INDIVIDUAL_NUMBER)
    assert made is not None
    await runs.approve(ADMINISTRATOR, "doctor", made.id)
    worker = Worker(linked.register, linked.residents.handlers)
    while await worker.run_one():
        pass
    clerk = await api.caller(Role.CLERK)
    page = "{ doctorLicences { nodes { id residentRecords { subjectIdentification fullNameKanji } } } }"
    [licence] = (await clerk.ask(page))["doctorLicences"]["nodes"]
    [reply] = licence["residentRecords"]
    assert reply["fullNameKanji"] == "見本　太〓"
    asked = (
        "query($id: ID!) { residentGlyphs(id: $id) { subjectIdentification glyphs { item position name } } }"
    )
    assert (await clerk.ask(asked, {"id": licence["id"]}))["residentGlyphs"] == [
        {
            "subjectIdentification": reply["subjectIdentification"],
            "glyphs": [{"item": "full_name_kanji", "position": 4, "name": "MJ012345"}],
        }
    ]
    assert (await clerk.ask(asked, {"id": "x"}))["residentGlyphs"] == []
