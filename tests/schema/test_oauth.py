"""The token endpoint over HTTP: what it answers, what it says of itself, whose certificate header it believes."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.database.stores import Database, Store
from meibo.errors import AuditUnavailable, Unauthenticated
from meibo.installation import Installation
from meibo.partners import Binding
from meibo.partners.signin import PartnerSignIn, certificate_thumbprint
from meibo.partners.signin.service import ASSERTION_TYPE
from meibo.verifying import verifying_of
from meibo_graphql.app import create_verify_app
from meibo_graphql.oauth.routes import LONGEST_FORM
from tests.core.partners.test_signin import Hospital
from tests.operator import operator_get
from tests.partners import approved, new_key

FORM = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}


def certificate() -> x509.Certificate:
    """A client certificate that a partner made for itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    return builder.sign(key, SHA256())


CERTIFICATE = certificate()
DER = CERTIFICATE.public_bytes(Encoding.DER)
THUMBPRINT = base64.urlsafe_b64encode(hashlib.sha256(DER).digest()).rstrip(b"=").decode()
RFC_9440 = f":{base64.b64encode(DER).decode()}:"
NGINX = quote(CERTIFICATE.public_bytes(Encoding.PEM).decode(), safe="")


class Served:
    """A verify process, and a partner that signs in there."""

    def __init__(self, installation: Installation, hospital: Hospital, peer: str = "127.0.0.1") -> None:
        self.hospital = hospital
        app = create_verify_app(verifying_of(installation))
        transport = httpx.ASGITransport(app, client=(peer, 1))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://meibo.example")

    async def ask(self, form: Any = None, **headers: str) -> httpx.Response:
        fields = {**FORM, "client_assertion": self.hospital.assertion()} if form is None else form
        return await self.http.post("/oauth/token", data=fields, headers=headers)


@pytest.fixture
async def hospital(installation: Installation) -> Hospital:
    """A partner that binds its tokens by DPoP."""
    key = new_key()
    partner = await approved(installation, key)
    sign_in = verifying_of(installation).sign_in
    return Hospital(installation, sign_in, partner, key, new_key())


@pytest.fixture
async def served(installation: Installation, hospital: Hospital) -> AsyncIterator[Served]:
    made = Served(installation, hospital)
    yield made
    await made.http.aclose()


async def test_a_token_is_answered_and_kept_by_nobody(served: Served) -> None:
    answer = await served.ask(DPoP=served.hospital.proof())
    told = answer.json()
    assert (answer.status_code, answer.headers["cache-control"], told["token_type"], told["expires_in"]) == (
        200, "no-store", "DPoP", 600,
    )  # fmt: skip
    assert set(told) == {"access_token", "token_type", "expires_in"}


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
        ({**FORM, "client_assertion": "x", "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**FORM, "client_assertion": "x"}, 401, "invalid_client"),
        ({**FORM, "client_assertion": ["x", "x"]}, 400, "invalid_request"),
        ({**FORM, "client_assertion": "x" * LONGEST_FORM}, 400, "invalid_request"),
        ({**FORM, "client_assertion": "x"} | {f"f{n}": "" for n in range(20)}, 400, "invalid_request"),
    ],
    ids=["empty", "no assertion", "grant", "assertion", "twice", "long", "many fields"],
)
async def test_a_refusal_is_rfc_6749s(served: Served, form: Any, status: int, error: str) -> None:
    answer = await served.ask(form)
    assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (
        status, {"error": error}, "no-store",
    )  # fmt: skip


async def test_json_and_get_are_refused(served: Served) -> None:
    answer = await served.http.post("/oauth/token", json=FORM)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert (await served.http.get("/oauth/token")).status_code == 405


async def test_without_a_leaf_there_is_no_token(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from meibo.audit.log import AuditLog

    async def fail(*_: object) -> None:
        raise AuditUnavailable

    monkeypatch.setattr(AuditLog, "record", fail)
    answer = await served.ask(DPoP=served.hospital.proof())
    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable"})


async def test_the_metadata_says_what_a_client_needs(served: Served) -> None:
    answer = await served.http.get("/.well-known/oauth-authorization-server")
    assert answer.json() == {
        "issuer": "https://meibo.example",
        "token_endpoint": "https://meibo.example/oauth/token",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "tls_client_certificate_bound_access_tokens": False,
    }


async def test_sign_ins_are_counted(served: Served) -> None:
    await served.ask(DPoP=served.hospital.proof())
    await served.ask({**FORM, "client_assertion": "x"})
    lines = (await operator_get(served.http, "/metrics")).text.splitlines()
    assert lines[2:] == [
        'meibo_partner_sign_ins_total{outcome="form"} 1',
        'meibo_partner_sign_ins_total{outcome="issued"} 1',
        "# EOF",
    ]


@pytest.mark.parametrize(
    ("header", "proxies", "peer", "status"),
    [
        ("X-Client-Cert", "10.0.0.5, 10.0.0.6", "10.0.0.6", 200),
        ("X-Client-Cert", "10.0.0.5", "10.0.0.6", 401),
        ("X-Client-Cert", "", "10.0.0.6", 401),
        ("", "10.0.0.6", "10.0.0.6", 401),
        ("X-Other", "10.0.0.6", "10.0.0.6", 401),
    ],
)
async def test_a_certificate_is_believed_from_a_trusted_proxy_alone(
    installation: Installation, hospital: Hospital, header: str, proxies: str, peer: str, status: int
) -> None:
    partner = await approved(
        installation, hospital.key, binding=Binding.MTLS, certificate_thumbprint=THUMBPRINT
    )
    settings = replace(installation.settings, verify_certificate_header=header, verify_proxies=proxies)
    served = Served(replace(installation, settings=settings), replace(hospital, partner=partner), peer)
    answer = await served.ask(**{"X-Client-Cert": RFC_9440})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (RFC_9440, THUMBPRINT),
        (NGINX, THUMBPRINT),
        ("", None),
        (":x:", None),
        ("x", None),
        ("é", None),
        (RFC_9440 + " " * 20_000, None),
    ],
    ids=["RFC 9440", "nginx", "empty", "base64", "text", "not ASCII", "long"],
)
def test_a_certificate_in_a_header(header: str, found: str | None) -> None:
    assert certificate_thumbprint(header) == found


async def test_a_store_of_another_process_is_the_same(hospital: Hospital, installation: Installation) -> None:
    """A token of one process is one of all: they share the key and the partners."""
    from meibo.partners import Callers
    from meibo.partners.signin import open_sign_in

    database = Database(installation.settings.url(Store.REGISTER))
    other: PartnerSignIn = open_sign_in(
        installation.settings, Callers(database), installation.keys, installation.audit
    )
    call = hospital.call(await hospital.token())
    assert await other.partner(call) == hospital.partner
    with pytest.raises(Unauthenticated):
        await hospital.sign_in.partner(call)
    await database.close()


async def test_a_partner_calls_with_its_token_and_a_proof(served: Served) -> None:
    """From the token endpoint to an answer of `/verify/graphql`, and what is refused there."""
    path = "/verify/graphql"
    document = (
        "mutation($input: RedeemShareTokenInput!) {"
        " redeemShareToken(input: $input) { verification { outcome } } }"
    )
    body = {"query": document, "variables": {"input": {"idempotencyKey": "k", "token": "A" * 32}}}
    token = (await served.ask(DPoP=served.hospital.proof())).json()["access_token"]
    proof = served.hospital.proof(url=f"https://meibo.example{path}", token=token)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
    answer = await served.http.post(path, json=body, headers=headers)
    assert answer.json()["data"]["redeemShareToken"] == {"verification": {"outcome": "NOT_AVAILABLE"}}
    for refused in (headers, {"Authorization": f"Bearer {token}"}, {}):
        told = (await served.http.post(path, json=body, headers=refused)).json()
        assert [error["extensions"]["code"] for error in told["errors"]] == ["UNAUTHENTICATED"]
