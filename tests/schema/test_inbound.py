"""Numbers from paper and pass lists at the registry's API: batches, lines, proofs, media, and who passed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import strawberry

from meibo import clock
from meibo.access.permissions import Role
from meibo.host import Host
from meibo.installation import Installation
from meibo_graphql.app import create_app
from meibo_graphql.registry import registry_schema
from tests.core.exchange.conftest import time as time
from tests.core.exchange.inbound.conftest import ABOUT, NAME, OTHER, PROFESSION, Centre, line, passed
from tests.core.exchange.inbound.conftest import centre as centre
from tests.core.exchange.inbound.conftest import host as host
from tests.core.exchange.inbound.conftest import shared_database as shared_database
from tests.core.exchange.inbound.conftest import template as template
from tests.schema.conftest import Api, Caller

SENDER = {"connector": NAME, "profession": PROFESSION}
DECLARED, TOLD = "$connector: ID!, $profession: ID!", "connector: $connector, profession: $profession"
BATCH = "{ batchId count takenAt answeredAt proved lacking overdue }"
BATCHES = f"query({DECLARED}) {{ paperBatches({TOLD}) {BATCH} overduePaperBatches {BATCH} }}"
LINES = f"query({DECLARED}, $id: ID!) {{ paperBatchLines({TOLD}, batchId: $id) {{ reference outcome pseudonym }} }}"
PROOF = f"query({DECLARED}, $id: ID!) {{ paperCertificate({TOLD}, batchId: $id, proof: ERASURE) }}"
MEDIA = f"query({DECLARED}) {{ carriedMedia({TOLD}) {{ way content label sha256 destroyedAt overdue }} }}"
LISTS = "query($profession: ID!) { passLists(profession: $profession) { listId year count replacedAt } }"
CANDIDATE = "query($candidate: PassCandidate!) { candidatePass(candidate: $candidate) { standing listIds } }"
HOLDER = "query($id: ID!) { holderPass(licenceId: $id) { standing listIds } }"


@pytest.fixture(scope="session")
def schema(host: Host) -> strawberry.Schema:
    """The registry's schema for care workers alone."""
    return registry_schema(host)


@pytest.fixture
async def api(centre: Centre, schema: strawberry.Schema) -> AsyncIterator[Api]:
    installation: Installation = centre.installation
    app = create_app(installation, schema)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield Api(installation, app, http)


async def caller(api: Api, role: Role) -> Caller:
    return await api.caller(role, (PROFESSION,))


async def test_a_batch_is_followed_to_the_proof_of_its_destruction(centre: Centre, api: Api) -> None:
    licence, reference = await centre.enter(), str(uuid4())
    centre.time.ahead = -timedelta(days=31)
    batch = await centre.send(line(reference=reference), line(OTHER, registration_number="9"), on_paper=True)
    centre.time.ahead = timedelta()
    chief, named = await caller(api, Role.ADMINISTRATOR), SENDER | {"id": str(batch)}
    found = await chief.ask(BATCHES, SENDER)
    [state] = found["paperBatches"]
    assert (state["batchId"], state["count"], state["proved"]) == (str(batch), 2, [])
    assert (state["lacking"], state["overdue"]) == (["DISPOSAL", "ERASURE"], True)
    assert found["overduePaperBatches"] == [state]
    lines = (await chief.ask(LINES, named))["paperBatchLines"]
    assert {each["outcome"]: each["pseudonym"] for each in lines} == {
        "ENTERED": await centre.pseudonym(licence),
        "NO_SUCH_LICENCE": None,
    }
    assert next(each for each in lines if each["reference"] == reference)["outcome"] == "ENTERED"
    assert await chief.refused(PROOF, named) == "NOT_FOUND"
    centre.system.destroy(batch)
    signed = centre.system.certificate(PROFESSION, batch, clock.today().isoformat(), count=2)
    await centre.receive(signed)
    assert await chief.ask(PROOF, named) == {"paperCertificate": signed.decode()}
    [state] = (await chief.ask(BATCHES, SENDER))["paperBatches"]
    assert (state["proved"], state["lacking"], state["overdue"]) == (["ERASURE"], ["DISPOSAL"], True)


async def test_media_that_came_are_in_the_book(centre: Centre, api: Api) -> None:
    file = centre.system.numbers(PROFESSION, [line()], batch=uuid4())
    medium = await centre.inbound.media.read(*ABOUT, "USB 1", file)
    [shown] = (await (await caller(api, Role.ADMINISTRATOR)).ask(MEDIA, SENDER))["carriedMedia"]
    assert shown == {
        "way": "IN", "content": "numbers", "label": "USB 1", "sha256": medium.digest, "destroyedAt": None,
        "overdue": False,
    }  # fmt: skip


async def test_the_lists_say_who_passed(centre: Centre, api: Api) -> None:
    licence, list_ = await centre.enter(), uuid4()
    await centre.receive(centre.system.pass_list(PROFESSION, 2020, [passed()], list=list_))
    clerk = await caller(api, Role.CLERK)
    assert (await clerk.ask(LISTS, {"profession": PROFESSION}))["passLists"] == [
        {"listId": str(list_), "year": 2020, "count": 1, "replacedAt": None}
    ]
    said = {"profession": PROFESSION, "year": 2020, "fullName": "見本花子", "birthDate": "1995-01-15"}
    for number, standing, lists in (("K000001", "PASSED", [str(list_)]), ("", "PASSED", [str(list_)])):
        found = await clerk.ask(CANDIDATE, {"candidate": said | {"number": number}})
        assert found["candidatePass"] == {"standing": standing, "listIds": lists}
    unknown = await clerk.ask(
        CANDIDATE, {"candidate": said | {"fullName": "手本太郎", "birthDate": "1995-02-01"}}
    )
    assert unknown["candidatePass"] == {"standing": "NOT_ON_THE_LIST", "listIds": []}
    listed = "{ careworkerLicences { nodes { id } } }"
    [node] = (await clerk.ask(listed))["careworkerLicences"]["nodes"]
    assert await clerk.ask(HOLDER, node) == {"holderPass": {"standing": "PASSED", "listIds": [str(list_)]}}
    assert await clerk.ask(HOLDER, {"id": str(licence)}) == {"holderPass": None}


@pytest.mark.parametrize("field", ["fullName", "birthDate", "number"])
async def test_what_is_personal_is_no_literal(api: Api, field: str) -> None:
    said = {"fullName": "$a", "birthDate": "$a", "number": "$a"} | {field: '"秘密"'}
    given = "".join(f", {name}: {value}" for name, value in said.items())
    candidate = f'{{ profession: "careworker", year: 2020{given} }}'
    document = f'query($a: String! = "a") {{ candidatePass(candidate: {candidate}) {{ standing }} }}'
    answer = await (await caller(api, Role.CLERK)).send(document)
    assert "VARIABLES_REQUIRED" in [each["extensions"]["code"] for each in answer.json()["errors"]]
    assert "秘密" not in answer.text
