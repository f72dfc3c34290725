"""Certificates by the portal's API: a wallet proves its key and gets one, the holder lists and ends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from meibo import clock
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.outcomes import State
from meibo.database.stores import Database
from meibo.demo.keys import make_keys
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from tests.schema.test_portal import PortalApi
from tests.schema.test_portal import api as api
from tests.schema.test_portal import provider as provider
from tests.schema.test_portal import schema as schema
from tests.veterinarian.installed import OFFICER
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template
from tests.wallets import proof, verified

NONCE = "mutation { certificateNonce { nonce audience expiresAt } }"
CERTIFICATE = "{ id format claims state issuedDate expiryDate endedAt endReason }"
ISSUE = f"""mutation($input: IssueCertificateInput!) {{ issueCertificate(input: $input) {{
  certificate {CERTIFICATE} sdJwt userErrors {{ code rule path }} }} }}"""
ISSUE_QR = f"""mutation($input: IssueQrCertificateInput!) {{ issueQrCertificate(input: $input) {{
  certificate {CERTIFICATE} url svg userErrors {{ code rule path }} }} }}"""
REVOKE = f"""mutation($input: RevokeCertificateInput!) {{ revokeCertificate(input: $input) {{
  certificate {CERTIFICATE} userErrors {{ code rule path }} }} }}"""
LIST = f"{{ me {{ licences {{ id certificates {CERTIFICATE} }} }} }}"


@dataclass
class Wallet:
    """The wallet of the person with two licences, for the doctor's."""

    api: PortalApi

    def __post_init__(self) -> None:
        self.key = new_key()

    async def nonce(self, token: str = "") -> str:
        """A nonce that the holder was given."""
        given: str = (await self.api.ask(NONCE, token=token))["certificateNonce"]["nonce"]
        return given

    async def licence(self, token: str = "") -> str:
        """The id of the holder's first licence."""
        id: str = (await self.api.ask(LIST, token=token))["me"]["licences"][0]["id"]
        return id

    async def issue(self, **changes: Any) -> dict[str, Any]:
        """The payload of asking for an SD-JWT VC."""
        given = {"licenceId": await self.licence()} | changes
        if "proof" not in given:
            given["proof"] = proof(self.key, await self.nonce())
        payload: dict[str, Any] = (await self.api.ask(ISSUE, {"input": given}))["issueCertificate"]
        return payload

    async def issue_qr(self, **changes: Any) -> dict[str, Any]:
        """The payload of asking for a QR certificate."""
        given = {"licenceId": await self.licence(), "claims": []} | changes
        payload: dict[str, Any] = (await self.api.ask(ISSUE_QR, {"input": given}))["issueQrCertificate"]
        return payload

    async def revoke(self, id: str, token: str = "") -> dict[str, Any]:
        """The payload of ending a certificate."""
        answer = await self.api.ask(REVOKE, {"input": {"certificateId": id}}, token)
        payload: dict[str, Any] = answer["revokeCertificate"]
        return payload

    async def listed(self) -> list[dict[str, Any]]:
        """The certificates of the doctor's licence."""
        found: list[dict[str, Any]] = (await self.api.ask(LIST))["me"]["licences"][0]["certificates"]
        return found

    async def verified(self, text: str) -> State:
        """What our verifier says, once the lists are published."""
        return (await verified(self.api.holders.installation.authority, text, self.key)).state


@pytest.fixture
async def wallet(api: PortalApi) -> Wallet:
    make_keys(api.holders.installation.authority)
    return Wallet(api)


async def test_a_nonce_says_for_whom_and_until_when(wallet: Wallet) -> None:
    given = (await wallet.api.ask(NONCE))["certificateNonce"]
    assert (len(given["nonce"]), given["audience"]) == (59, "https://meibo.example")
    assert given["nonce"] != await wallet.nonce()
    assert (clock.now() + timedelta(minutes=4)).isoformat() < given["expiresAt"].replace("Z", "+00:00")


async def test_a_wallet_gets_a_certificate_and_the_holder_ends_it(wallet: Wallet) -> None:
    payload = await wallet.issue(claims=["registration_number"])
    today = clock.today()
    made = {
        "id": payload["certificate"]["id"], "format": "SD_JWT", "state": "VALID", "issuedDate": today.isoformat(),
        "claims": ["profession", "full_name", "registration_number"], "endedAt": None, "endReason": None,
        "expiryDate": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert payload == {"certificate": made, "sdJwt": payload["sdJwt"], "userErrors": []}
    assert await wallet.listed() == [made]
    assert await wallet.verified(payload["sdJwt"]) is State.VALID
    for _ in range(2):
        ended = await wallet.revoke(made["id"])
        assert ended["userErrors"] == []
        withdrawn = made | {
            "state": "WITHDRAWN",
            "endReason": "WITHDRAWN",
            "endedAt": ended["certificate"]["endedAt"],
        }
        assert ended["certificate"] == withdrawn
    assert await wallet.verified(payload["sdJwt"]) is State.REVOKED
    response = await wallet.api.send(LIST)
    assert response.json()["data"]["me"]["licences"][0]["certificates"] == [withdrawn]
    assert payload["sdJwt"].partition("~")[0] not in response.text


async def test_a_qr_certificate_comes_with_its_picture(wallet: Wallet) -> None:
    payload = await wallet.issue_qr()
    assert payload["userErrors"] == []
    assert payload["url"].startswith("https://meibo.example/check#")
    assert payload["svg"].startswith("<svg ")
    assert (payload["certificate"]["format"], payload["certificate"]["claims"]) == ("QR", ["full_name"])
    authority = wallet.api.holders.installation.authority
    await authority.publisher.publish_due()
    told = await authority.verifier().qr(payload["url"])
    assert (told.state, told.claims) == (State.VALID, {"full_name": "鷹司　満月"})


SPOILT: dict[str, Callable[[], str]] = {
    "malformed": lambda: "x",
    "nonce": lambda: proof(new_key(), "x"),
    "type": lambda: proof(new_key(), "x", header={"typ": "JWT"}),
    "key_unknown": lambda: proof(new_key(), "x", header={"jwk": None, "kid": "k"}),
    "audience": lambda: proof(new_key(), "x", aud="https://other.example"),
    "signature": lambda: proof(new_key(), "x", signed_by=new_key()),
}
"""Proofs that fail, made when they are sent: they would be too old else."""


@pytest.mark.parametrize("reason", SPOILT)
async def test_a_failing_proof_is_a_user_error(wallet: Wallet, reason: str) -> None:
    error = {"code": "INVALID_VALUE", "rule": f"certificate.proof.{reason}", "path": ["proof"]}
    assert await wallet.issue(proof=SPOILT[reason]()) == {
        "certificate": None, "sdJwt": None, "userErrors": [error],
    }  # fmt: skip
    assert await wallet.listed() == []


async def test_a_nonce_of_somebody_else_is_refused(wallet: Wallet) -> None:
    theirs = await wallet.nonce(wallet.api.stranger())
    payload = await wallet.issue(proof=proof(wallet.key, theirs))
    assert [error["rule"] for error in payload["userErrors"]] == ["certificate.proof.nonce"]


async def test_asked_again_it_was_issued_already(wallet: Wallet) -> None:
    first = await wallet.issue(idempotencyKey="k")
    error = {"code": "DUPLICATE", "rule": "certificate.issued_already", "path": ["idempotencyKey"]}
    again = await wallet.issue(idempotencyKey="k")
    assert again == {"certificate": first["certificate"], "sdJwt": None, "userErrors": [error]}
    by_qr = await wallet.issue_qr(idempotencyKey="k")
    assert (by_qr["certificate"], by_qr["url"], by_qr["svg"]) == (first["certificate"], None, None)
    assert len(await wallet.listed()) == 1


async def test_what_is_not_issued(wallet: Wallet) -> None:
    theirs = await wallet.licence(wallet.api.stranger())
    unknown = {"code": "NOT_FOUND", "rule": "licence.unknown", "path": ["licenceId"]}
    claims = {"code": "INVALID_VALUE", "rule": "certificate.claims", "path": ["claims"]}
    large = {"code": "INVALID_VALUE", "rule": "certificate.qr_too_large", "path": ["claims"]}
    for given, error in (
        ({"licenceId": theirs}, unknown), ({"licenceId": "x"}, unknown), ({"claims": ["memo"]}, claims),
    ):  # fmt: skip
        assert (await wallet.issue(**given))["userErrors"] == [error]
        assert (await wallet.issue_qr(**given))["userErrors"] == [error]
    too_much = await wallet.issue_qr(claims=["birth_date", "registration_number", "registration_date"])
    assert too_much == {"certificate": None, "url": None, "svg": None, "userErrors": [large]}
    assert await wallet.listed() == []


async def test_nobody_elses_certificate_exists(wallet: Wallet) -> None:
    id = (await wallet.issue())["certificate"]["id"]
    node = "query($id: ID!) { node(id: $id) { id __typename } }"
    assert await wallet.api.ask(node, {"id": id}) == {"node": {"id": id, "__typename": "Certificate"}}
    assert await wallet.api.ask(node, {"id": id}, wallet.api.stranger()) == {"node": None}
    error = {"code": "NOT_FOUND", "rule": "certificate.unknown", "path": ["certificateId"]}
    licence = await wallet.licence()
    for refused in (
        await wallet.revoke(id, wallet.api.stranger()), await wallet.revoke("x"), await wallet.revoke(licence),
    ):  # fmt: skip
        assert refused == {"certificate": None, "userErrors": [error]}
    assert [each["state"] for each in await wallet.listed()] == ["VALID"]


async def test_a_correction_of_the_register_ends_it(wallet: Wallet) -> None:
    text = (await wallet.issue())["sdJwt"]
    head = await wallet.api.holders.head()
    request = ActRequest(
        idempotency_key="correct", licence=head.id, expected_version=head.version, reason="201",
        effective_date=clock.today(), legal_basis="correct", values={"register": {"family_name": "近衛"}},
    )  # fmt: skip
    await wallet.api.holders.installation.office.act(OFFICER, Verb.CORRECT, request)
    [ended] = await wallet.listed()
    assert (ended["state"], ended["endReason"]) == ("REVOKED", "SUPERSEDED")
    assert await wallet.verified(text) is State.REVOKED
    assert await wallet.verified((await wallet.issue())["sdJwt"]) is State.VALID


async def test_without_a_leaf_no_certificate_leaves(wallet: Wallet) -> None:
    licence, text = await wallet.licence(), proof(wallet.key, await wallet.nonce())
    silent, audit = Database("sqlite+aiosqlite:////nonexistent/meibo.db"), wallet.api.portal.audit
    working, audit._database = audit._database, silent
    answer = await wallet.api.send(ISSUE, {"input": {"licenceId": licence, "proof": text}})
    audit._database = working
    await silent.close()
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["AUDIT_UNAVAILABLE"]
    assert "sdJwt" not in answer.text
    assert await wallet.listed() == []
