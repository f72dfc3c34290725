"""A list that a version of a licence holds: entered, corrected as a whole, read at any day, masked, imported, found."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from meibo.access.permissions import Role
from meibo.access.tokens import command_principal
from meibo.identity import VerifiedBy
from meibo.importing.checking import BadRow
from meibo.importing.files import read_table
from meibo.importing.service import Importer, ImportReport
from meibo.installation import Installation
from tests.installed import principal
from tests.security.api import Api
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

ENTRY = {
    "registrationNumber": "800002", "registrationDate": "2012-07-08", "familyName": "鷹司満月",
    "familyNameKana": "タカツカサミツキ", "birthDate": "1983-02-14",
}  # fmt: skip
ROWS = [
    {"qualificationField": "1", "acquiredDate": "2015-05-06", "awardedBy": "見本小動物学会"},
    {"qualificationField": "2", "acquiredEra": "平成", "acquiredDate": "280607"},
    {"qualificationField": "9"},
]
SELECTION = """qualifications {
  qualificationField { code label(language: EN) } acquiredEra acquiredDate { value } awardedBy
  redacted { item reason }
}"""
REGISTER = """mutation($input: RegisterVeterinarianLicenceInput!) {
  registerVeterinarianLicence(input: $input) { licence { id } userErrors { code rule path } }
}"""
CORRECT = """mutation($input: CorrectVeterinarianLicenceInput!) {
  correctVeterinarianLicence(input: $input) { licence { id version } userErrors { code rule path } }
}"""
READ = f"""query($id: ID!) {{ node(id: $id) {{ ... on VeterinarianLicence {{
  {SELECTION}
  first: at(asOf: "2012-07-08") {{ {SELECTION} }}
  eve: at(asOf: "2019-12-31") {{ {SELECTION} }}
  day: at(asOf: "2020-01-01") {{ {SELECTION} }}
}} }} }}"""
PAGE = f"""query($first: Int) {{ veterinarianLicences(first: $first) {{ nodes {{
  registrationNumber {SELECTION}
}} }} }}"""
FIND = """query($filter: VeterinarianLicenceFilter) {
  veterinarianLicences(filter: $filter) { totalCount nodes { registrationNumber } }
}"""


FORM = "{ professions { groups { name cardinality maxRows items { number } } } }"
LITERAL = """mutation { registerVeterinarianLicence(input: {
  idempotencyKey: "1", effectiveDate: "2012-07-08", reason: "101", legalBasis: "register"
  qualifications: [{ qualificationField: "1", awardedBy: "見本小動物学会" }]
}) { licence { id } } }"""


def shown(field: str, label: str, day: str | None = None, by: str | None = None) -> dict[str, object]:
    """A row as the API shows it."""
    era = {"2015-05-06": "4", "2016-06-07": "平成"}.get(day or "")
    return {
        "qualificationField": {"code": field, "label": label}, "acquiredEra": era,
        "acquiredDate": day and {"value": day}, "awardedBy": by, "redacted": [],
    }  # fmt: skip


THREE = [
    shown("1", "Small animals", "2015-05-06", "見本小動物学会"),
    shown("2", "Livestock", "2016-06-07"),
    shown("9", "Other"),
]


def act(key: str, day: str, **more: object) -> dict[str, object]:
    """An input of `register` or `correct`."""
    return {
        "idempotencyKey": key, "effectiveDate": day, "reason": "101", "legalBasis": "register",
        "delayReason": "遅延", **more,
    }  # fmt: skip


def entry(**more: object) -> dict[str, object]:
    """The input of a registration."""
    given = act("one", "2012-07-08", register=ENTRY, **more)
    del given["delayReason"]
    return given


async def test_a_list_is_corrected_as_a_whole_and_read_at_any_day(installation: Installation) -> None:
    async with Api(installation) as api:
        token = api.tokens.grant(principal(Role.CLERK, {"veterinarian"}))
        made = await api.call(token, REGISTER, {"input": entry(qualifications=ROWS)})
        id = made.payload["licence"]["id"]

        async def correct(version: int, day: str, **groups: object) -> None:
            given = act(str(version), day, licenceId=id, expectedVersion=version, **groups)
            payload = (await api.call(token, CORRECT, {"input": given})).payload
            assert payload == {"licence": {"id": id, "version": version + 1}, "userErrors": []}

        async def read() -> Any:
            return (await api.call(token, READ, {"id": id})).data["node"]

        await correct(1, "2020-01-01", qualifications=[ROWS[2], ROWS[0]])
        two = {"qualifications": [THREE[2], THREE[0]]}
        three = {"qualifications": THREE}
        assert await read() == {**two, "first": three, "eve": three, "day": two}
        await correct(2, "2021-01-01", register={"familyName": "見本"})
        assert await read() == {**two, "first": three, "eve": three, "day": two}
        await correct(3, "2022-01-01", qualifications=None)
        assert await read() == {"qualifications": [], "first": three, "eve": three, "day": two}


LIST = "qualifications"
BAD = [ROWS[0], {"qualificationField": "7", "acquiredDate": "280607"}, {"awardedBy": "見本学会"}]


REFUSALS: Sequence[tuple[Sequence[Mapping[str, str]], list[tuple[str, str, list[str]]]]] = (
    (
        BAD,
        [
            ("INVALID_VALUE", "date.not_iso", [LIST, "1", "acquiredDate"]),
            ("UNKNOWN_CODE", "code.unknown", [LIST, "1", "qualificationField"]),
        ],
    ),
    ([ROWS[0], BAD[2]], [("REQUIRED", "item.required", [LIST, "1", "qualificationField"])]),
    (
        [ROWS[0], ROWS[0]],
        [("RULE_BROKEN", "veterinarian.qualified_once", [LIST, "1", "qualificationField"])],
    ),
    ([ROWS[0], {}], [("REQUIRED", "list.empty_row", [LIST, "1"])]),
    ([ROWS[0]] * 101, [("INVALID_VALUE", "list.many", [LIST])]),
)
"""Rows, and why they are refused."""


async def test_a_bad_row_is_refused_by_its_number(installation: Installation) -> None:
    async with Api(installation) as api:
        token = api.tokens.grant(principal(Role.CLERK, {"veterinarian"}))
        before = await api.digest()
        for rows, told in REFUSALS:
            payload = (await api.call(token, REGISTER, {"input": entry(qualifications=rows)})).payload
            assert [(e["code"], e["rule"], e["path"]) for e in payload["userErrors"]] == told
            assert payload["licence"] is None
        answer = await api.call(token, LITERAL)
        assert answer.codes == ["VARIABLES_REQUIRED"]
        assert "見本小動物学会" not in answer.text
        assert await api.digest() == before


FILE = {
    "registration_date": "2012-07-08", "family_name": "見本", "family_name_kana": "ミホン",
    "birth_date": "1983-02-14",
}  # fmt: skip
PEOPLE = [
    {"qualification_field": "1", "acquired_date[1]": "2015-05-06", "awarded_by[1]": "見本小動物学会",
     "認定分野[2]": "2", "acquired_era[2]": "平成", "acquired_date[2]": "280607", "認定分野[3]": "9"},
    {},
    {"qualification_field": "2"},
]  # fmt: skip
HEADERS = ["registration_number", *FILE, *PEOPLE[0]]


def file_of(path: Path, people: Sequence[Mapping[str, str]]) -> Path:
    """A CSV file of entries with these qualifications."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADERS, restval="")
        writer.writeheader()
        writer.writerows(
            {"registration_number": f"70000{n}", **FILE, **person} for n, person in enumerate(people, 1)
        )
    return path


async def test_a_file_with_lists_is_entered_found_and_masked(
    installation: Installation, tmp_path: Path
) -> None:
    operator = command_principal("test", ["veterinarian"])
    profession = installation.host["veterinarian"]

    async def enter(people: Sequence[Mapping[str, str]]) -> ImportReport:
        importer = Importer(installation, operator, profession, "register", "101", VerifiedBy.MY_NUMBER_CARD)
        return await importer.run(read_table(file_of(tmp_path / "in.csv", people)))

    bad = [{"qualification_field": "1", "acquired_date[2]": "2015-02-30"}, {"認定分野[2]": "1"}]
    assert await enter(bad) == ImportReport(
        0,
        [
            BadRow(2, "獣医師12 qualifications.acquired_date[2]", "The calendar has no such day: check the date."),
            BadRow(3, "qualifications[1]", "This row is empty: fill it in or leave it out."),
        ],
    )  # fmt: skip
    assert await enter(PEOPLE) == ImportReport(3)
    async with Api(installation) as api:
        clerk = api.tokens.grant(principal(Role.CLERK, {"veterinarian"}))
        viewer = api.tokens.grant(principal(Role.VIEWER, {"veterinarian"}))
        kept = (await api.call(viewer, FORM)).data["professions"][0]["groups"]
        assert [g for g in kept if g["cardinality"] == "LIST"] == [
            {"name": "qualifications", "cardinality": "LIST", "maxRows": 100, "items": [
                {"number": 10}, {"number": 11}, {"number": 12}, {"number": 13},
            ]}
        ]  # fmt: skip
        assert {g["maxRows"] for g in kept if g["cardinality"] != "LIST"} == {None}
        sent: list[str] = []
        installation.register.heard.append(sent.append)
        counts, nodes = [], []
        for first in (1, 3):
            nodes = (await api.call(clerk, PAGE, {"first": first})).data["veterinarianLicences"]["nodes"]
            counts.append(len(sent))
            sent.clear()
        assert counts[0] == counts[1]
        assert [node["qualifications"] for node in nodes] == [THREE, [], [THREE[1] | dict.fromkeys(
            ("acquiredEra", "acquiredDate"))]]  # fmt: skip
        [masked, *_] = (await api.call(viewer, PAGE, {"first": 1})).data["veterinarianLicences"]["nodes"]
        hidden = {"awardedBy": None, "redacted": [{"item": "awardedBy", "reason": "NO_PERMISSION"}]}
        assert masked["qualifications"] == [row | hidden for row in THREE]
        for given, found in (
            ({"qualificationFieldIn": ["2"]}, ["700001", "700003"]),
            ({"qualificationFieldIn": ["1", "9"]}, ["700001"]),
            ({"qualificationFieldIn": ["7"]}, []),
        ):
            page = (await api.call(viewer, FIND, {"filter": given})).data["veterinarianLicences"]
            assert (given, [n["registrationNumber"] for n in page["nodes"]]) == (given, found)
            assert page["totalCount"] == len(found)
