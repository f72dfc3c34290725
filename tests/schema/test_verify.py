"""The surface of those who check: partners are told what holders consented to, and everybody else nothing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import strawberry
from sqlalchemy import select
from starlette.requests import Request

from meibo import clock
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import decode
from meibo.certificates.authority import JWKS
from meibo.consent import Recipient
from meibo.database.stores import Database, Store
from meibo.demo.keys import make_keys
from meibo.errors import Unauthenticated
from meibo.installation import Installation
from meibo.register.fold import Verb
from meibo.verifying import check_receipt, verifying_of
from meibo_graphql.app import create_verify_app
from meibo_graphql.verify import verify_schema
from tests.core.verifying.desk import Desk
from tests.holders import enter_holders
from tests.partners import CLINIC, HOSPITAL
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

PATH = "/verify/graphql"
VERIFICATION = """{ reference outcome standing certificate reason checkedAt statusAsOf profession type issuer
  expiresAt purpose subject receipt claims { name value ja: label en: label(language: EN) } }"""
ERRORS = "userErrors { code rule path }"
ONE = f"{{ verification {VERIFICATION} allowance {{ limit left fullInSeconds }} {ERRORS} }}"
MANY = f"{{ verifications {VERIFICATION} allowance {{ left }} {ERRORS} }}"
REDEEM = f"mutation($input: RedeemShareTokenInput!) {{ redeemShareToken(input: $input) {ONE} }}"
REDEEM_ALL = f"mutation($input: RedeemShareTokensInput!) {{ redeemShareTokens(input: $input) {MANY} }}"
VERIFY = f"mutation($input: VerifyCredentialInput!) {{ verifyCredential(input: $input) {ONE} }}"
VERIFY_ALL = f"mutation($input: VerifyCredentialsInput!) {{ verifyCredentials(input: $input) {MANY} }}"
ASKS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "redeemShareToken": (REDEEM, {"idempotencyKey": "k", "token": "A" * 32}),
    "redeemShareTokens": (REDEEM_ALL, {"idempotencyKey": "k", "items": [{"token": "A" * 32}]}),
    "verifyCredential": (VERIFY, {"idempotencyKey": "k", "qr": "x"}),
    "verifyCredentials": (VERIFY_ALL, {"idempotencyKey": "k", "items": [{"qr": "x"}]}),
}
PARTNERS = {
    "hospital": HOSPITAL,
    "clinic": replace(CLINIC, cap=frozenset({"full_name"})),
}
"""Bearer tokens of these tests: what stands for a partner's own is tested where tokens are given out."""


async def partner_of(request: Request) -> Recipient | None:
    """Whoever a test says."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    if header.removeprefix("Bearer ") not in PARTNERS:
        raise Unauthenticated
    return PARTNERS[header.removeprefix("Bearer ")]


@dataclass
class VerifyApi:
    """The surface, and the register behind it."""

    desk: Desk
    http: httpx.AsyncClient

    async def send(
        self, query: str, given: Mapping[str, Any] | None = None, partner: str | None = "hospital"
    ) -> httpx.Response:
        headers = {"accept": "application/graphql-response+json"}
        if partner:
            headers["authorization"] = f"Bearer {partner}"
        variables = {"input": given} if given is not None else {}
        return await self.http.post(PATH, json={"query": query, "variables": variables}, headers=headers)

    async def ask(
        self, query: str, given: Mapping[str, Any] | None = None, partner: str | None = "hospital"
    ) -> Any:
        """The one field of an answer without errors."""
        answer = (await self.send(query, given, partner)).json()
        assert "errors" not in answer, answer["errors"]
        [found] = answer["data"].values()
        return found


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    return verify_schema()


@pytest.fixture
async def api(installation: Installation, schema: strawberry.Schema) -> AsyncIterator[VerifyApi]:
    """The surface over a register with two people."""
    make_keys(installation.authority)
    desk = Desk(await enter_holders(installation), verifying_of(installation))
    app = create_verify_app(desk.verifying, schema, partner_of=partner_of)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        yield VerifyApi(desk, http)


async def test_a_share_is_redeemed(api: VerifyApi) -> None:
    token = await api.desk.token()
    payload = await api.ask(REDEEM, {"idempotencyKey": "k", "token": token, "reference": "applicant 17"})
    told = payload["verification"]
    receipt, subject, at = told.pop("receipt"), told.pop("subject"), told.pop("checkedAt")
    assert told == {
        "reference": "applicant 17", "outcome": "VALID", "standing": "REGISTERED", "certificate": None,
        "reason": None, "statusAsOf": at, "profession": "doctor", "type": None, "issuer": None,
        "expiresAt": None, "purpose": "EMPLOYMENT",
        "claims": [
            {"name": "profession", "value": "doctor", "ja": "医師", "en": "Doctor"},
            {"name": "full_name", "value": "鷹司　満月", "ja": None, "en": None},
            {"name": "registration_number", "value": "700001", "ja": None, "en": None},
        ],
    }  # fmt: skip
    assert payload["allowance"] == {"limit": 2000, "left": 1999, "fullInSeconds": 1}
    checked = check_receipt(receipt, api.desk.verifying.authority.documents(clock.now())[JWKS])
    assert (checked["aud"], checked["verification"]["subject"]) == (HOSPITAL.partner, subject)


async def test_a_certificate_is_verified_by_presentation_and_qr(api: VerifyApi) -> None:
    shown, qr = await api.desk.presentation(), await api.desk.qr()
    await api.desk.publish()
    by_presentation = await api.ask(
        VERIFY, {"idempotencyKey": "1", "presentation": shown.text, "nonce": shown.nonce}
    )
    by_qr = await api.ask(VERIFY, {"idempotencyKey": "2", "qr": qr.text})
    for payload in (by_presentation, by_qr):
        told = payload["verification"]
        assert (told["outcome"], told["standing"], told["certificate"], told["reason"]) == (
            "VALID", "REGISTERED", "VALID", None,
        )  # fmt: skip
        assert {claim["name"]: claim["value"] for claim in told["claims"]} == {
            "full_name": "鷹司　満月", "registration_number": "700001",
        }  # fmt: skip
    replayed = await api.ask(
        VERIFY, {"idempotencyKey": "3", "presentation": shown.text, "nonce": shown.nonce}
    )
    assert (replayed["verification"]["outcome"], replayed["verification"]["reason"]) == (
        "INVALID",
        "REPLAYED",
    )


async def test_licence_and_certificate_are_told_apart(api: VerifyApi) -> None:
    qr = await api.desk.qr()
    await api.desk.publish()
    await api.desk.act(Verb.SUSPEND)
    told = (await api.ask(VERIFY, {"idempotencyKey": "1", "qr": qr.text}))["verification"]
    assert (told["outcome"], told["standing"], told["certificate"]) == ("SUSPENDED", "SUSPENDED", "VALID")


async def test_batches_come_back_in_order_and_again_the_same(api: VerifyApi) -> None:
    tokens = [await api.desk.token(), "A" * 32, await api.desk.token(recipient=CLINIC.partner)]
    items = [{"token": token, "reference": str(place)} for place, token in enumerate(tokens)]
    first = (await api.ask(REDEEM_ALL, {"idempotencyKey": "k", "items": items}))["verifications"]
    again = (await api.ask(REDEEM_ALL, {"idempotencyKey": "k", "items": items}))["verifications"]
    for each in (*first, *again):
        del each["receipt"]  # Signed anew; what it says is the same.
    assert [(each["reference"], each["outcome"]) for each in first] == [
        ("0", "VALID"), ("1", "NOT_AVAILABLE"), ("2", "NOT_AVAILABLE"),
    ]  # fmt: skip
    assert again == first
    assert await api.desk.uses() == 2


async def test_a_thousand_go_and_one_more_does_not(api: VerifyApi) -> None:
    items = [{"qr": "nothing", "reference": str(place)} for place in range(1000)]
    found = (await api.ask(VERIFY_ALL, {"idempotencyKey": "k", "items": items}))["verifications"]
    assert [each["reference"] for each in found] == [str(place) for place in range(1000)]
    assert Counter(each["outcome"] for each in found) == {"INVALID": 1000}
    for wrong in ([], [*items, {"qr": "nothing"}]):
        refused = await api.ask(VERIFY_ALL, {"idempotencyKey": "l", "items": wrong})
        assert (refused["verifications"], [e["rule"] for e in refused["userErrors"]]) == (
            [],
            ["verify.items"],
        )


@pytest.mark.parametrize(
    ("query", "given", "rule", "path"),
    [
        (REDEEM, {"idempotencyKey": "", "token": "x"}, "verify.key", ["idempotencyKey"]),
        (REDEEM, {"idempotencyKey": "k" * 201, "token": "x"}, "verify.key", ["idempotencyKey"]),
        (REDEEM, {"idempotencyKey": "k", "token": "x", "reference": "r" * 101}, "verify.reference", ["reference"]),
        (VERIFY, {"idempotencyKey": "k"}, "verify.one_of", ["presentation"]),
        (VERIFY, {"idempotencyKey": "k", "qr": "x", "presentation": "y"}, "verify.one_of", ["presentation"]),
        (VERIFY, {"idempotencyKey": "k", "presentation": "y"}, "verify.nonce", ["nonce"]),
        (
            VERIFY_ALL, {"idempotencyKey": "k", "items": [{"qr": "x"}, {"presentation": "y"}]}, "verify.nonce",
            ["items", "1", "nonce"],
        ),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_and_nothing_checked(
    api: VerifyApi, query: str, given: dict[str, Any], rule: str, path: list[str]
) -> None:
    payload = await api.ask(query, given)
    assert payload["userErrors"] == [{"code": "INVALID_VALUE", "rule": rule, "path": path}]
    assert [payload[name] for name in payload if name.startswith("verification")] in ([None], [[]])
    assert payload["allowance"]["left"] == 2000


async def test_a_key_that_stood_for_something_else_is_refused(api: VerifyApi) -> None:
    first, second = await api.desk.token(), await api.desk.token()
    await api.ask(REDEEM, {"idempotencyKey": "k", "token": first})
    refused = await api.ask(REDEEM, {"idempotencyKey": "k", "token": second})
    assert refused["userErrors"] == [
        {"code": "IDEMPOTENCY_KEY_REUSED", "rule": "act.key_reused", "path": ["idempotencyKey"]}
    ]
    assert await api.desk.uses() == 1


def test_every_root_field_has_an_expectation(schema: strawberry.Schema) -> None:
    """For whoever has no partner's token: what is not named here would be open to the public by a slip."""
    made = schema._schema
    assert made.query_type is not None
    assert made.mutation_type is not None
    assert set(made.query_type.fields) == {"viewer", "publicLicence", "receiptIssuer"}
    assert set(made.mutation_type.fields) == set(ASKS)
    assert made.subscription_type is None


@pytest.mark.parametrize("field", ASKS)
@pytest.mark.parametrize("partner", [None, "stranger"])
async def test_the_public_has_nothing_checked(api: VerifyApi, field: str, partner: str | None) -> None:
    query, given = ASKS[field]
    refused = await api.send(query, given, partner)
    assert refused.status_code == 401
    assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["UNAUTHENTICATED"]
    assert not (refused.json().get("data") or {}).get(field)


async def test_the_public_may_ask_who_it_is(api: VerifyApi) -> None:
    assert await api.ask("{ viewer { id } }", partner=None) is None
    assert await api.ask("{ receiptIssuer { issuer jwksUrl } }", partner=None) == {
        "issuer": "https://meibo.example", "jwksUrl": "https://meibo.example/.well-known/jwks.json",
    }  # fmt: skip


async def test_a_partner_knows_itself(api: VerifyApi) -> None:
    query = "{ viewer { id name audience claims allowance { limit left fullInSeconds } } }"
    assert await api.ask(query, partner="clinic") == {
        "id": CLINIC.partner, "name": "Clinic", "audience": f"https://meibo.example/partners/{CLINIC.partner}",
        "claims": ["full_name"], "allowance": {"limit": 2000, "left": 2000, "fullInSeconds": 0},
    }  # fmt: skip


async def test_the_cap_and_the_recipient_hold(api: VerifyApi) -> None:
    theirs = await api.desk.token(recipient=HOSPITAL.partner)
    anybodys = await api.desk.token()
    refused = await api.ask(REDEEM, {"idempotencyKey": "1", "token": theirs}, "clinic")
    told = await api.ask(REDEEM, {"idempotencyKey": "2", "token": anybodys}, "clinic")
    assert (refused["verification"]["outcome"], refused["verification"]["claims"]) == ("NOT_AVAILABLE", [])
    assert [claim["name"] for claim in told["verification"]["claims"]] == ["full_name"]


async def test_over_the_allowance_it_says_when_to_come_again(api: VerifyApi) -> None:
    token = await api.desk.token()
    items = [{"token": "A" * 32}] * 1000
    for key in "12":
        await api.ask(REDEEM_ALL, {"idempotencyKey": key, "items": items})
    refused = await api.send(REDEEM_ALL, {"idempotencyKey": "3", "items": [*items[1:], {"token": token}]})
    [error] = refused.json()["errors"]
    told = error["extensions"]
    assert (refused.status_code, told["code"], told["limit"]) == (429, "RATE_LIMITED", "checks")
    assert int(refused.headers["retry-after"]) == told["retryAfter"] >= 1
    assert (told["left"] < 1000, await api.desk.uses()) == (True, 0)
    assert (await api.ask("{ viewer { allowance { limit } } }", partner="clinic"))["allowance"][
        "limit"
    ] == 2000


@pytest.mark.parametrize("field", ASKS)
async def test_secrets_go_in_as_variables_only(api: VerifyApi, field: str) -> None:
    literal = {
        "redeemShareToken": '{idempotencyKey: "k", token: "SECRET"}',
        "redeemShareTokens": '{idempotencyKey: "k", items: [{token: "SECRET"}]}',
        "verifyCredential": '{idempotencyKey: "k", qr: "SECRET"}',
        "verifyCredentials": '{idempotencyKey: "k", items: [{qr: "SECRET"}]}',
    }[field]
    refused = await api.send(f"mutation {{ {field}(input: {literal}) {{ userErrors {{ rule }} }} }}")
    assert (refused.status_code, "SECRET" in refused.text) == (400, False)


async def test_where_nothing_is_recorded_nothing_is_told(api: VerifyApi) -> None:
    token, qr = await api.desk.token(), await api.desk.qr()
    silent, audit = Database("sqlite+aiosqlite:////nonexistent/meibo.db"), api.desk.verifying.audit
    speaking, audit._database = audit._database, silent
    for query, given in ((REDEEM, {"token": token}), (VERIFY, {"qr": qr.text})):
        refused = (await api.send(query, {"idempotencyKey": "k", **given})).json()
        assert refused["data"] is None
        assert [error["extensions"]["code"] for error in refused["errors"]] == ["AUDIT_UNAVAILABLE"]
    await silent.close()
    audit._database = speaking
    assert (await api.ask(REDEEM, {"idempotencyKey": "k", "token": token}))["verification"][
        "outcome"
    ] == "VALID"
    assert await api.desk.uses() == 1


async def test_no_claim_and_no_reference_is_logged(api: VerifyApi, caplog: pytest.LogCaptureFixture) -> None:
    token = await api.desk.token()
    await api.ask(REDEEM, {"idempotencyKey": "my key", "token": token, "reference": "applicant 17"})
    async with api.desk.holders.installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    written = caplog.text + "".join(repr(decode(body)) for body in bodies)
    for secret in (token, "鷹司", "700001", "applicant 17", "my key"):
        assert secret not in written


def test_no_type_of_the_surface_knows_a_number(schema: strawberry.Schema) -> None:
    sdl = (Path(__file__).parents[2] / "schema" / "verify.graphql").read_text("utf-8").lower()
    assert not any(word in sdl for word in ("individualnumber", "residentcode", "numberstatus", "mynumber"))
    assert replace(HOSPITAL).cap is None
