"""The stand-in identity provider speaks OpenID Connect as a client's library expects it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from meibo_sandbox.openid import Fault, IdentityProviderStandIn
from meibo_sandbox.openid.grants import challenge_of
from tests.identity_provider import AUDIENCE, PEOPLE

ISSUER = "http://127.0.0.1:8471"
BACK = "http://localhost:3000/back?x=1"
VERIFIER = "v" * 43
ASKED = {
    "response_type": "code", "client_id": "frontend", "redirect_uri": BACK, "scope": "openid", "state": "s & t",
    "nonce": "n", "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
}  # fmt: skip


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> IdentityProviderStandIn:
    made = IdentityProviderStandIn(ISSUER, AUDIENCE, PEOPLE)
    made.codes.clock = clock
    return made


@pytest.fixture
async def http(provider: IdentityProviderStandIn) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=provider.app())
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
        yield client


async def code_for(http: httpx.AsyncClient, subject: str) -> str:
    chosen = await http.post("/authorize", data={**ASKED, "subject": subject})
    assert chosen.status_code == 303
    back = urlsplit(chosen.headers["location"])
    query = parse_qs(back.query)
    assert (back.hostname, query["x"], query["state"], query["iss"]) == (
        "localhost",
        ["1"],
        ["s & t"],
        [ISSUER],
    )
    return query["code"][0]


def redeemed(code: str, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    return {
        "grant_type": "authorization_code", "code": code, "client_id": "frontend", "redirect_uri": BACK,
        "code_verifier": VERIFIER, **(changes or {}),
    }  # fmt: skip


async def test_a_person_signs_in_by_code_and_pkce(http: httpx.AsyncClient) -> None:
    told = (await http.get("/.well-known/openid-configuration")).json()
    assert (told["issuer"], told["code_challenge_methods_supported"]) == (ISSUER, ["S256"])
    page = await http.get("/authorize", params=ASKED)
    assert page.status_code == 200
    assert all(person.name in page.text and person.pseudonym in page.text for person in PEOPLE)
    code = await code_for(http, PEOPLE[1].pseudonym)
    tokens = (await http.post("/token", data=redeemed(code))).json()
    keys = KeySet.import_key_set((await http.get(urlsplit(told["jwks_uri"]).path)).json())
    access, identity = (jwt.decode(tokens[name], keys, ["ES256"]) for name in ("access_token", "id_token"))
    assert (access.header["typ"], identity.header["typ"]) == ("at+jwt", "JWT")
    assert (access.claims["sub"], access.claims["aud"]) == (PEOPLE[1].pseudonym, AUDIENCE)
    assert (identity.claims["sub"], identity.claims["nonce"]) == (PEOPLE[1].pseudonym, "n")
    assert access.claims["exp"] - access.claims["iat"] == tokens["expires_in"] == 3600


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"client_id": "another"},
        {"redirect_uri": "http://localhost:3000/other"},
        {"code": "unknown"},
    ],
)
async def test_a_code_is_bound_to_what_was_asked(http: httpx.AsyncClient, changes: dict[str, str]) -> None:
    code = await code_for(http, PEOPLE[0].pseudonym)
    refused = await http.post("/token", data=redeemed(code, changes))
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


async def test_a_code_is_good_once_and_for_a_minute(http: httpx.AsyncClient, clock: Clock) -> None:
    code = await code_for(http, PEOPLE[0].pseudonym)
    assert (await http.post("/token", data=redeemed(code))).status_code == 200
    assert (await http.post("/token", data=redeemed(code))).json() == {"error": "invalid_grant"}
    late = await code_for(http, PEOPLE[0].pseudonym)
    clock.seconds = 61
    assert (await http.post("/token", data=redeemed(late))).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"redirect_uri": "https://evil.example/back"}, "redirect_uri"),
        ({"code_challenge": "short"}, "code_challenge"),
        ({"client_id": ""}, "client_id"),
        ({"code_challenge_method": "plain"}, "response_type, code_challenge_method"),
    ],
)
async def test_a_request_that_is_none_is_refused(
    http: httpx.AsyncClient, changes: dict[str, str], wrong: str
) -> None:
    refused = await http.get("/authorize", params={**ASKED, **changes})
    assert (refused.status_code, refused.json()["error_description"]) == (400, wrong)


async def test_nobody_unknown_is_signed_in(http: httpx.AsyncClient) -> None:
    assert (await http.post("/authorize", data={**ASKED, "subject": "P-1"})).status_code == 400


async def test_the_page_escapes_what_it_carries(http: httpx.AsyncClient) -> None:
    page = await http.get("/authorize", params={**ASKED, "state": '"><script>', "client_id": "<b>"})
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_curl_gets_a_token_sound_or_spoilt(
    http: httpx.AsyncClient, provider: IdentityProviderStandIn
) -> None:
    [first, _] = (await http.get("/sandbox/people")).json()
    assert first == {
        "subject": PEOPLE[0].pseudonym,
        "name": "山田　太郎",
        "about": {"ja": "医師", "en": "Doctor"},
    }
    keys = KeySet.import_key_set((await http.get("/jwks")).json())
    token = (await http.post("/sandbox/token")).json()["access_token"]
    assert jwt.decode(token, keys, ["ES256"]).claims["sub"] == PEOPLE[0].pseudonym
    spoilt = (await http.post("/sandbox/token", data={"fault": "wrong_audience"})).json()["access_token"]
    assert jwt.decode(spoilt, keys, ["ES256"]).claims["aud"] == "another-service"
    unknown = await http.post("/sandbox/token", data={"fault": "x"})
    assert (unknown.status_code, unknown.json()["faults"]) == (400, [fault.value for fault in Fault])


async def test_the_switches(http: httpx.AsyncClient, provider: IdentityProviderStandIn) -> None:
    assert (await http.post("/sandbox/fault", data={"fault": "expired"})).json() == {"fault": "expired"}
    assert provider.fault is Fault.EXPIRED
    assert (await http.post("/sandbox/fault")).json() == {"fault": None}
    former = provider.keys.current.kid
    current = (await http.post("/sandbox/rotate")).json()["kid"]
    assert [key["kid"] for key in (await http.get("/jwks")).json()["keys"]] == [current, former]
    last = (await http.post("/sandbox/rotate", data={"forget": "1"})).json()["kid"]
    assert [key["kid"] for key in (await http.get("/jwks")).json()["keys"]] == [last]


async def test_whoever_opens_the_address_by_hand_finds_a_page_that_gives_tokens(
    http: httpx.AsyncClient,
) -> None:
    page = (await http.get("/")).text
    assert 'action="sandbox/token"' in page
    assert all(f'value="{person.pseudonym}"' in page for person in PEOPLE)
    given = await http.post("/sandbox/token", data={"subject": PEOPLE[1].pseudonym})
    assert list(given.json()) == ["access_token"]
