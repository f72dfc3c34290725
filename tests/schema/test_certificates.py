"""The claims of a licence's certificate, and the certificates that were issued of it, as the API shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Role
from meibo.certificates.entries import Draft, Format
from meibo.certificates.standing import EndReason
from meibo.certificates.status.indices import Medium
from meibo.certificates.tables import certificate
from meibo.database.stores import Store
from meibo.register.tables import licence
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


ISSUED = """query($by: LicenceKey!) { licence(by: $by) { certificates {
  format claims state issuedDate expiryDate endedAt endReason
} } }"""
ENDS = clock.today() + timedelta(days=90)


async def issue(api: Api, made: dict[str, Any], format: Format = Format.SD_JWT) -> UUID:
    """Enter a certificate of a licence; gives the licence as the register knows it."""
    opened, scope = api.installation, api.installation.scopes.of("doctor")
    async with opened.register.read([scope]) as connection:
        found = select(licence.c.id).where(licence.c.registration_number == made["registrationNumber"])
        id: UUID = (await connection.execute(found)).scalar_one()
    draft = Draft(format=format, claims=["full_name"], medium=Medium.DIGITAL, expiry_date=ENDS)
    await opened.authority.entries.enter(scope, [id], draft)
    return id


async def issued(caller: Caller, id: str) -> list[dict[str, Any]]:
    """The certificates of a licence, as a caller sees them."""
    found: list[dict[str, Any]] = (await caller.ask(ISSUED, {"by": {"id": id}}))["licence"]["certificates"]
    return found


async def test_the_office_sees_which_certificates_there_are(api: Api, officer: Caller) -> None:
    made, opened, scope = await api.register(0), api.installation, api.installation.scopes.of("doctor")
    assert await issued(officer, made["id"]) == []
    id = await issue(api, made)
    await issue(api, made, Format.QR)
    async with opened.register.read([scope]) as connection:
        lost = (
            await connection.execute(select(certificate.c.id).where(certificate.c.format == "qr"))
        ).scalar_one()
    await opened.authority.entries.end(scope, id, EndReason.WITHDRAWN, only=lost)
    good = {
        "format": "SD_JWT", "claims": ["full_name"], "state": "VALID", "issuedDate": clock.today().isoformat(),
        "expiryDate": ENDS.isoformat(), "endedAt": None, "endReason": None,
    }  # fmt: skip
    newest, oldest = await issued(officer, made["id"])
    assert oldest == good
    assert newest == good | {
        "format": "QR", "state": "WITHDRAWN", "endReason": "WITHDRAWN", "endedAt": newest["endedAt"],
    }  # fmt: skip
    assert newest["endedAt"] is not None


async def test_a_viewer_sees_no_certificate(api: Api) -> None:
    made = await api.register(0)
    await issue(api, made)
    assert await issued(await api.caller(Role.VIEWER), made["id"]) == []


async def test_statements_for_certificates_do_not_grow_with_the_page(api: Api, officer: Caller) -> None:
    for index in range(4):
        await issue(api, await api.register(index))
    await officer.ask("{ viewer { account } }")  # From here on the token is known.
    query = "query($first: Int!) { doctorLicences(first: $first) { nodes { certificates { state } } } }"
    counts = []
    for first in (1, 4):
        with api.statements(Store.REGISTER) as asked:
            page = await officer.ask(query, {"first": first})
        assert page["doctorLicences"]["nodes"] == [{"certificates": [{"state": "VALID"}]}] * first
        counts.append(len(asked))
    assert counts[0] == counts[1]


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
