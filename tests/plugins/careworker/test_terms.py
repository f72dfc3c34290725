"""An entry for a term through the API: it ends by itself, leave moves its end, work lifts it; and who the holder is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from meibo.access.permissions import Role
from meibo.database.stores import Store
from meibo.host import Host, load_host
from meibo.installation import Installation
from meibo.register import tables
from tests.databases import EVERYWHERE
from tests.installed import Template
from tests.postgres import PostgresDatabase, PostgresServer
from tests.security.api import Api

REGISTER = """mutation Register($input: RegisterCareworkerLicenceInput!) {
  registerCareworkerLicence(input: $input) { licence { id version } userErrors { code rule path } }
}"""
CORRECT = """mutation Correct($input: CorrectCareworkerLicenceInput!) {
  correctCareworkerLicence(input: $input) { licence { id version } userErrors { code rule path } }
}"""
REISSUE = """mutation Reissue($input: LicenceActInput!) {
  reissueLicence(input: $input) { licence { id version } userErrors { code rule path } }
}"""
STANDING = """query Standing($id: ID!) { node(id: $id) { ... on CareworkerLicence {
  state version viewerMay
  lastDay: state(on: "2023-03-31") after: state(on: "2023-04-01")
  withLeave: state(on: "2023-06-29") afterLeave: state(on: "2023-06-30") later: state(on: "2023-07-10")
  register {
    expiryDateWareki { value text } expiryReleaseDateWareki { value } correctionDateWareki { value era verbatim }
  }
} } }"""
EXPIRED = """{ careworkerLicences(filter: {stateIn: [EXPIRED], expiryDateWareki: {to: "2023-12-31"}}) {
  nodes { registrationNumber state } } }"""
FOUND = """query Found($name: String!, $birth: EDTF!) {
  careworkerLicences(filter: {name: {full: $name}, birthDate: $birth}) { nodes {
    registrationNumber registrationDate
    holder { fullName fullNameKana birthDate { value } sex { label } redacted { item reason } }
    register { birthDateEra birthDateWareki { value era verbatim text } passMonthWareki { value } }
} } }"""
HEADS = """{ careworkerLicences { nodes { registrationNumber
  holder { fullName birthDate { value } sex { code } redacted { item reason } }
  register { birthDateWareki { value } redacted { item reason } }
} } }"""
ENTRY = {
    "registrationNumber": "E000123",
    "registrationDateEra": "平成",
    "registrationDateWareki": "300410",
    "familyName": "見本",
    "givenName": "花子",
    "familyNameKana": "ミホン",
    "givenNameKana": "ハナコ",
    "birthDateEra": "H",
    "birthDateWareki": "090115",
    "sex": "2",
    "domicileCode": "13",
    "fixedTermRegistration": True,
    "trainingFacilityCode": "000001",
    "expiryDateWareki": "2023-03-31",
    "availableLeaveDays": 1826,
}
DAYS = ("lastDay", "after", "withLeave", "afterLeave", "later", "state")


@pytest.fixture(scope="session")
def host() -> Host:
    """Care workers alone."""
    return load_host(only={"careworker"})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    return Template(tmp_path_factory.mktemp("careworkers"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """A database of its own on each PostgreSQL: one that knows other professions would refuse this host."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


class Centre:
    """The centre's officer, and the one entry."""

    def __init__(self, api: Api, token: str) -> None:
        self.api, self.token, self.licence = api, token, {"id": "", "version": 0}

    async def act(self, mutation: str, day: str, basis: str, reason: str, **given: Any) -> list[Any]:
        """One act on the entry; the rules that refuse it."""
        named = {"licenceId": self.licence["id"], "expectedVersion": self.licence["version"]}
        input = {
            "idempotencyKey": f"{basis}-{day}", "effectiveDate": day, "legalBasis": basis, "reason": reason,
            **(named if self.licence["id"] else {}), **given,
        }  # fmt: skip
        payload = (await self.api.call(self.token, mutation, {"input": input})).payload
        self.licence = payload["licence"] if not payload["userErrors"] else self.licence
        return [error["rule"] for error in payload["userErrors"]]

    async def standing(self) -> list[str]:
        """The state on each of the days asked for, today last."""
        answer = await self.api.call(self.token, STANDING, {"id": self.licence["id"]})
        return [answer.data["node"][day] for day in DAYS]


@pytest.fixture
async def centre(installation: Installation) -> AsyncIterator[Centre]:
    async with Api(installation) as api:
        made = Centre(api, await api.sign_in(Role.OFFICER, "careworker"))
        assert await made.act(REGISTER, "2018-04-10", "register_for_a_term", "171", register=ENTRY) == []
        yield made


R, E = "REGISTERED", "EXPIRED"


@pytest.mark.parametrize("store", EVERYWHERE, indirect=True)
async def test_a_term_ends_by_itself_is_extended_by_leave_and_lifted_by_work(centre: Centre) -> None:
    assert centre.licence["version"] == 2  # The entry, and the end that it comes to.
    assert await centre.standing() == [R, E, E, E, E, E]
    assert (await centre.api.call(centre.token, EXPIRED)).data["careworkerLicences"]["nodes"] == [
        {"registrationNumber": "E000123", "state": E}
    ]
    assert await centre.act(REISSUE, "2023-05-01", "reissue", "301") == ["register.wrong_state"]

    leave = {"expiryDateWareki": "2023-06-29", "totalLeaveDays": 90, "availableLeaveDays": 1736}
    assert await centre.act(CORRECT, "2022-10-01", "extend_term", "271", register=leave) == []
    assert await centre.standing() == [R, R, R, E, E, E]

    worked = {"expiryReleaseDateWareki": "2023-06-30", "expiryReleaseReason": "02"}
    before = await centre.api.digest()
    assert await centre.act(CORRECT, "2023-07-14", "lift_term", "272", register=worked) == [
        "careworker.notice_in_time"
    ]
    assert await centre.api.digest() == before
    assert await centre.act(CORRECT, "2023-07-10", "lift_term", "272", register=worked) == []
    assert await centre.standing() == [R, R, R, E, R, R]
    assert (await centre.api.call(centre.token, EXPIRED)).data["careworkerLicences"]["nodes"] == []

    seen = (await centre.api.call(centre.token, STANDING, {"id": centre.licence["id"]})).data["node"]
    assert seen["register"] == {
        "expiryDateWareki": {"value": "2023-06-29", "text": "令和5年6月29日"},
        "expiryReleaseDateWareki": {"value": "2023-06-30"},
        "correctionDateWareki": {"value": "2023-07-10", "era": "5", "verbatim": "050710"},
    }


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_the_day_of_the_end_is_known_before(centre: Centre) -> None:
    later = {"registrationNumber": "E000124", "expiryDateWareki": "2032-03-31"}
    centre.licence = {"id": "", "version": 0}
    entered = await centre.act(
        REGISTER, "2026-04-10", "register_for_a_term", "171",
        register=ENTRY | later | {"registrationDateEra": "R", "registrationDateWareki": "080410"},
    )  # fmt: skip
    assert entered == []
    row = tables.licence.c
    scope = centre.api.installation.scopes.numbers.values()
    async with centre.api.installation.databases[Store.REGISTER].read(scope) as connection:
        found = await connection.execute(select(row.next_change_date).order_by(row.registration_number))
        assert [str(day) for day in found.scalars()] == ["None", "2032-04-01"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_the_holder_is_found_by_pairs_and_masked_like_others(centre: Centre) -> None:
    answer = await centre.api.call(centre.token, FOUND, {"name": "見本花子", "birth": "1997-01-15"})
    [found] = answer.data["careworkerLicences"]["nodes"]
    assert found == {
        "registrationNumber": "E000123",
        "registrationDate": "2018-04-10",
        "holder": {
            "fullName": "見本　花子",
            "fullNameKana": "ミホン　ハナコ",
            "birthDate": {"value": "1997-01-15"},
            "sex": {"label": "女"},
            "redacted": [],
        },
        "register": {
            "birthDateEra": "H",
            "birthDateWareki": {
                "value": "1997-01-15",
                "era": "H",
                "verbatim": "090115",
                "text": "平成9年1月15日",
            },
            "passMonthWareki": None,
        },
    }
    viewer = await centre.api.sign_in(Role.VIEWER, "careworker")
    [masked] = (await centre.api.call(viewer, HEADS)).data["careworkerLicences"]["nodes"]
    hidden = {redaction["item"] for redaction in masked["register"].pop("redacted")}
    assert masked["holder"] == {
        "fullName": None,
        "birthDate": None,
        "sex": None,
        "redacted": [
            {"item": name, "reason": "NO_PERMISSION"}
            for name in ("fullName", "fullNameKana", "birthDate", "sex")
        ],
    }
    assert masked["registrationNumber"] is None
    assert masked["register"] == {"birthDateWareki": None}
    assert {"birthDateEra", "birthDateWareki", "familyName", "suspensionDateWareki", "epaFlag"} <= hidden
    assert not hidden & {"expiryDateWareki", "correctionDateWareki", "annotatedQualification1"}
