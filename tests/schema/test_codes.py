"""Codes as the API shows them: labels in both languages, rows by date, and who wrote them."""

from __future__ import annotations

from datetime import date

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.tokens import command_principal
from tests.schema.conftest import Api, Caller

TABLES = (
    "licenceTypes", "domiciles", "examSites", "reasons", "ministers", "bureauDirectors", "schools",
    "chiefMedicalOfficers",
)  # fmt: skip
CHANGED = date(2020, 4, 1)


async def test_labels_in_both_languages(api: Api, officer: Caller) -> None:
    licence = await api.register(0, domicileCode="13", forwardingPrefectureCode="01", ministerCode="001")
    query = """query($id: ID!) { node(id: $id) { ... on DoctorLicence { register {
      domicileCode { code list ja: label en: label(language: EN) }
      forwardingPrefectureCode { code list ja: label(language: JA) en: label(language: EN) }
      sexCode { list } almaMaterCode { code }
    } } } }"""
    register = (await officer.ask(query, {"id": licence["id"]}))["node"]["register"]
    assert register == {
        "domicileCode": {"code": "13", "list": "domicile_master", "ja": "東京都", "en": "Tokyo"},
        "forwardingPrefectureCode": {"code": "01", "list": "prefecture", "ja": "北海道", "en": "Hokkaido"},
        "sexCode": {"list": "sex"},
        "almaMaterCode": None,
    }


async def test_a_code_that_no_list_knows_has_no_label(api: Api, officer: Caller) -> None:
    licence = await api.register(0, entryCategoryCode="8")
    query = """query($id: ID!) { node(id: $id) { ... on DoctorLicence {
      register { entryCategoryCode { code list label } }
    } } }"""
    found = (await officer.ask(query, {"id": licence["id"]}))["node"]["register"]["entryCategoryCode"]
    assert found == {"code": "8", "list": "entry_category", "label": None}


async def test_every_table_is_a_root_query_with_its_trail(api: Api, officer: Caller) -> None:
    trail = "createdTerminalNo createdAt updatedTerminalNo updatedAt validFrom validTo"
    answer = await officer.ask("{" + " ".join(f"{table} {{ {trail} }}" for table in TABLES) + "}")
    assert {table: bool(answer[table]) for table in TABLES} == dict.fromkeys(TABLES, True)
    for row in (row for table in TABLES for row in answer[table]):
        assert (row["createdTerminalNo"], row["updatedTerminalNo"]) == ("seed", "seed")
        assert row["createdAt"] <= row["updatedAt"]
        assert date.fromisoformat(row["validFrom"]) < clock.today()


ROWS = """query($on: Date) { reasons(on: $on) { ...Row reasonCode { code } } domiciles(on: $on) { ...Row }
  dispositionContents { ...Row } ministers(on: $on) { ...Row ministerNameJa } }
fragment Row on CodeTableRow { code label en: label(language: EN) validFrom validTo }"""


async def test_one_fragment_reads_the_rows_of_every_table(api: Api, officer: Caller) -> None:
    told = await officer.ask(ROWS, {"on": "2026-04-01"})
    tokyo = {"code": "13", "label": "東京都", "en": "Tokyo", "validFrom": "1868-01-25", "validTo": None}
    assert [row for row in told["domiciles"] if row["code"] == "13"] == [tokyo]
    assert [row["code"] for row in told["reasons"]] == [row["reasonCode"]["code"] for row in told["reasons"]]
    assert "101" in {row["code"] for row in told["reasons"]}
    minister = told["ministers"][0]
    assert minister["label"] == minister["ministerNameJa"] != ""


async def test_rows_by_date(api: Api, officer: Caller) -> None:
    operator = command_principal("terminal-9", {"doctor"})
    row = {"exam_site_code": "01", "exam_site_name": "新札幌"}
    await api.installation.codes.put(operator, "exam_site_master", row, CHANGED)
    query = """query($on: Date, $code: String) { examSites(on: $on, code: $code) {
      examSiteName validFrom validTo createdTerminalNo updatedTerminalNo
    } }"""

    async def rows(**given: str) -> list[tuple[str, str, str | None]]:
        found = (await officer.ask(query, {"code": "01"} | given))["examSites"]
        assert {(r["createdTerminalNo"], r["updatedTerminalNo"]) for r in found} <= {("seed", "terminal-9")}
        return [(r["examSiteName"], r["validFrom"], r["validTo"]) for r in found]

    old, new = ("北海道", "1868-01-25", "2020-04-01"), ("新札幌", "2020-04-01", None)
    assert await rows() == [old, new]
    assert await rows(on="2020-03-31") == [old]
    assert await rows(on="2020-04-01") == [new]
    assert await rows(on="1868-01-24") == []
    assert await rows(code="99") == []


async def test_tables_need_their_permission(api: Api) -> None:
    for role in Role:
        caller = await api.caller(role)
        assert (await caller.ask("{ schools { validFrom } }"))["schools"]
