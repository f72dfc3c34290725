"""The claims of a licence's certificate, as the API shows them."""

from __future__ import annotations

from typing import Any

from meibo.access.permissions import Role
from meibo.database.stores import Store
from tests.schema.conftest import ROWS, Api, Caller
from tests.schema.test_mutations import act, done

QUERY = """query($by: LicenceKey!) { licence(by: $by) { certificateClaims {
  name label en: label(language: EN) value code { code list label en: label(language: EN) } disclosable redacted
} } }"""


async def claims(caller: Caller, id: str) -> dict[str, dict[str, Any]]:
    told = await caller.ask(QUERY, {"by": {"id": id}})
    return {claim["name"]: claim for claim in told["licence"]["certificateClaims"]}


async def test_an_officer_sees_what_a_certificate_shows(api: Api, officer: Caller) -> None:
    made, row = await api.register(0), ROWS[0]
    shown = await claims(officer, made["id"])
    assert shown["profession"] == {
        "name": "profession", "label": "資格", "en": "Profession", "value": "doctor", "disclosable": False,
        "code": {"code": "doctor", "list": "profession", "label": "医師", "en": "Doctor"}, "redacted": None,
    }  # fmt: skip
    assert shown["full_name"] == {
        "name": "full_name", "label": "氏名", "en": "Full name", "code": None, "disclosable": False,
        "value": f"{row['family_name']}　{row['given_name']}", "redacted": None,
    }  # fmt: skip
    assert shown["registration_date"]["value"] == row["registration_date"]
    assert shown["registration_number"]["value"] == row["registration_number"]
    assert (shown["common_family_name"]["value"], shown["common_family_name"]["redacted"]) == (None, None)


async def test_a_viewer_sees_the_profession_alone(api: Api) -> None:
    made = await api.register(0)
    shown = await claims(await api.caller(Role.VIEWER), made["id"])
    assert [name for name, claim in shown.items() if claim["value"]] == ["profession"]
    assert {claim["redacted"] for name, claim in shown.items() if name != "profession"} == {"NO_PERMISSION"}


async def test_a_licence_that_does_not_stand_shows_none(api: Api, officer: Caller) -> None:
    made = await api.register(0)
    assert await claims(officer, made["id"]) != {}
    for field in ("suspendLicence", "liftSuspension", "strikeOffLicence"):
        payload = await done(officer, field, act(api, field, made))
        assert payload["userErrors"] == []
        made = payload["licence"]
        assert (await claims(officer, made["id"]) == {}) is (field != "liftSuspension"), field


async def test_statements_do_not_grow_with_the_page(api: Api, officer: Caller) -> None:
    for index in range(4):
        await api.register(index)
    await officer.ask("{ viewer { account } }")  # From here on the token is known.
    query = "query($first: Int!) { doctorLicences(first: $first) { nodes { certificateClaims { value } } } }"
    counts = []
    for first in (1, 4):
        with api.statements(Store.REGISTER) as asked:
            await officer.ask(query, {"first": first})
        counts.append(len(asked))
    assert counts[0] == counts[1]
