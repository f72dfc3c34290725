"""Registered dietitians in a register of their own: dates as pairs, practice in rows, a code table that they bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from meibo.access.permissions import Role
from meibo.codes.tables import code_change, own_tables
from meibo.host import Host, load_host
from meibo.installation import Installation
from tests.installed import Template, principal
from tests.plugins.dietitian.records import EXAM, PERIODS, REGISTER
from tests.postgres import PostgresDatabase, PostgresServer
from tests.security.api import Api

OURS = frozenset({"dietitian"})
TABLE = "training_facility_master"
ENTER = """mutation($input: RegisterDietitianLicenceInput!) {
  registerDietitianLicence(input: $input) { licence { id } userErrors { code rule path } }
}"""
CORRECT = """mutation($input: CorrectDietitianLicenceInput!) {
  correctDietitianLicence(input: $input) { licence { id } userErrors { code rule path } }
}"""
LIST = """query($filter: DietitianLicenceFilter, $after: String) {
  dietitianLicences(filter: $filter, orderBy: REGISTRATION_DATE_DESC, first: 2, after: $after) {
    nodes { registrationNumber registrationDate } pageInfo { endCursor hasNextPage }
  }
}"""
READ = """query($id: ID!) { node(id: $id) { ... on DietitianLicence {
  registrationDate holder { fullName birthDate { value } sex { code } }
  exam { examNumber birthDateEra birthDateYear birthDateMonth birthDateDay }
  practicePeriods { practiceStartEra practiceStartYear practiceEndDay }
  register {
    registrationDateEra registrationDate { value verbatim }
    birthDateEra birthDate { value verbatim text(language: EN) }
    reasonCode { code } reasonDateEra reasonDate { value verbatim }
  }
} } }"""


@pytest.fixture(scope="session")
def host() -> Host:
    """Dietitians alone."""
    return load_host(only={"dietitian"})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Stores that know dietitians."""
    return Template(tmp_path_factory.mktemp("dietitians"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL, for the tests of dietitians."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


def camel(values: Any) -> dict[str, Any]:
    """Identifiers as the API names them."""
    return {n.split("_")[0] + "".join(p.capitalize() for p in n.split("_")[1:]): v for n, v in values.items()}


def act(key: str, day: str, reason: str = "101", **groups: Any) -> dict[str, Any]:
    """The input of a verb."""
    basis = "register" if reason == "101" else "correct"
    named = {"idempotencyKey": key, "effectiveDate": day, "reason": reason, "legalBasis": basis}
    return {"input": {**named, **groups}}


def entry(number: str, **change: str) -> dict[str, Any]:
    """The input of a registration."""
    register = camel({**REGISTER, "registration_number": number, **change})
    given: dict[str, Any] = {
        "exam": camel(EXAM),
        "practicePeriods": [camel(p) for p in PERIODS],
        "register": register,
    }
    return act(number, "2020-05-01", **given)


async def test_a_life(installation: Installation) -> None:
    async with Api(installation) as api:
        token = api.tokens.grant(principal(Role.CLERK, OURS))
        first = (await api.call(token, ENTER, entry("300001"))).payload
        assert first["userErrors"] == []
        id = first["licence"]["id"]
        for number, day in (("300002", "020403"), ("300003", "020402")):
            payload = (await api.call(token, ENTER, entry(number, registration_date=day))).payload
            assert payload["userErrors"] == []

        async def page(**given: object) -> Any:
            return (await api.call(token, LIST, given)).data["dietitianLicences"]

        newest = await page()
        assert newest["nodes"] == [
            {"registrationNumber": "300002", "registrationDate": "2020-04-03"},
            {"registrationNumber": "300003", "registrationDate": "2020-04-02"},
        ]
        assert (await page(after=newest["pageInfo"]["endCursor"]))["nodes"] == [
            {"registrationNumber": "300001", "registrationDate": "2020-04-01"}
        ]
        narrowed = await page(filter={"registrationDate": {"from": "2020-04-01", "to": "2020-04-01"}})
        assert [node["registrationNumber"] for node in narrowed["nodes"]] == ["300001"]

        correction = act("c", "2020-06-01", "201", register={"familyName": "鷹司"}, delayReason="遅延")
        correction["input"] |= {"licenceId": id, "expectedVersion": 1}
        assert (await api.call(token, CORRECT, correction)).payload["userErrors"] == []
        assert (await api.call(token, READ, {"id": id})).data["node"] == {
            "registrationDate": "2020-04-01",
            "holder": {"fullName": "鷹司　花子", "birthDate": {"value": "1994-05-03"}, "sex": {"code": "2"}},
            "exam": {
                "examNumber": "00012",
                **camel(
                    {"birth_date_era": "4", "birth_date_year": 6, "birth_date_month": 5, "birth_date_day": 3}
                ),
            },
            "practicePeriods": [
                {"practiceStartEra": "4", "practiceStartYear": 27, "practiceEndDay": 31},
                {"practiceStartEra": "4", "practiceStartYear": 29, "practiceEndDay": 31},
            ],
            "register": {
                "registrationDateEra": "R",
                "registrationDate": {"value": "2020-04-01", "verbatim": "020401"},
                "birthDateEra": "平成",
                "birthDate": {"value": "1994-05-03", "verbatim": "6年5月3日", "text": "3 May 1994"},
                "reasonCode": {"code": "201"},
                "reasonDateEra": "5",
                "reasonDate": {"value": "2020-06-01", "verbatim": "020601"},
            },
        }


async def test_the_code_table_of_a_plugin(installation: Installation) -> None:
    codes = installation.codes
    assert codes.label(TABLE, "000003", "ja") == "見本第3栄養大学"
    keeper = principal(Role.ADMINISTRATOR, OURS, account="keeper")
    code = next(f"9{n:05}" for n in range(99_999) if not codes.known(TABLE, f"9{n:05}"))
    for name, day in (("旧", None), ("新", date(2020, 4, 1))):
        row = {"training_facility_code": code, "training_facility_name": name}
        await codes.put(keeper, TABLE, row, day)
    async with Api(installation) as api:
        query = "query($code: String) { trainingFacilities(code: $code) { trainingFacilityName validFrom validTo } }"
        token = api.tokens.grant(principal(Role.CLERK, OURS))
        assert (await api.call(token, query, {"code": code})).data["trainingFacilities"] == [
            {"trainingFacilityName": "旧", "validFrom": "1868-01-25", "validTo": "2020-04-01"},
            {"trainingFacilityName": "新", "validFrom": "2020-04-01", "validTo": None},
        ]
    stored = own_tables(installation.host["dietitian"])[TABLE].table
    async with installation.register.read() as connection:
        changed = select(code_change.c.account, code_change.c.table_name).where(code_change.c.key == code)
        assert [tuple(row) for row in await connection.execute(changed)] == [("keeper", TABLE)] * 2
        assert stored.name == "dietitian_training_facility_master"
