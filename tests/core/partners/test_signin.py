"""Signing in: every way in which an assertion, a proof or a token is not to be believed, and that none serves twice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import func, select

from meibo import clock
from meibo.access.principals import Surface
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Database, Store
from meibo.errors import Unauthenticated
from meibo.installation import Installation
from meibo.partners import Binding, Callers, Partner, PartnerVerb
from meibo.partners.signin import Declined, Issued, PartnerCall, PartnerSignIn, TokenRequest, open_sign_in
from meibo.partners.signin.service import ASSERTION_TYPE, MOST_LEAVES
from meibo.partners.tables import used_proof
from tests.partners import APPLICANT, APPROVER, acted, applied, approved, jwks, new_key

ORIGIN = "https://meibo.example"
ENDPOINT = f"{ORIGIN}/oauth/token"
PATH = "/verify/graphql"
THUMBPRINT = "A" * 43


@dataclass(frozen=True, slots=True)
class Hospital:
    """An approved partner, its keys, and where it signs in."""

    installation: Installation
    sign_in: PartnerSignIn
    partner: Partner
    key: ECKey
    proof_key: ECKey

    def assertion(self, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
        """What it signs to say who it is."""
        now = int(time.time())
        claims = {
            "iss": self.partner.id,
            "sub": self.partner.id,
            "aud": ENDPOINT,
            "exp": now + 60,
            "iat": now,
        }
        claims = {**claims, "jti": str(uuid4()), **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": "ES256", "kid": self.key.kid, **(header or {})}
        return jwt.encode(head, claims, key or self.key, [head["alg"]])

    def proof(
        self, header: dict[str, Any] | None = None, key: Any = None, method: str = "POST", url: str = ENDPOINT,
        token: str | None = None, **changes: Any,
    ) -> str:  # fmt: skip
        """What it signs for one request."""
        claims = {"htm": method, "htu": url, "iat": int(time.time()), "jti": str(uuid4())}
        if token is not None:
            hashed = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        public = {n: v for n, v in self.proof_key.as_dict(private=False).items() if n != "kid"}
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public, **(header or {})}
        return jwt.encode(head, claims, key or self.proof_key, [head["alg"]])

    async def ask(
        self, assertion: str | None = None, proof: str | None = None, **form: str
    ) -> Issued | Declined:
        """A token, or none."""
        fields = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
        fields |= {"client_assertion": assertion or self.assertion(), **form}
        return await self.sign_in.token(TokenRequest(form=fields, proofs=[proof or self.proof()]))

    async def token(self) -> str:
        """A token."""
        issued = await self.ask()
        assert isinstance(issued, Issued), issued
        return issued.access_token

    def call(self, token: str, proof: str | None = None, **changes: Any) -> PartnerCall:
        """A request with a token and its proof."""
        given = proof or self.proof(url=ORIGIN + PATH, token=token)
        made = PartnerCall(authorization=f"DPoP {token}", proofs=[given], method="POST", path=PATH)
        return replace(made, **changes)


@pytest.fixture
async def hospital(installation: Installation) -> Hospital:
    """A partner that binds its tokens by DPoP."""
    key = new_key()
    partner = await approved(installation, key)
    return Hospital(installation, sign_in_of(installation), partner, key, new_key())


@pytest.fixture
async def other(settings: Any, installation: Installation) -> AsyncIterator[PartnerSignIn]:
    """The sign-in of another process on the same stores."""
    database = Database(settings.url(Store.REGISTER))
    yield open_sign_in(settings, Callers(database), installation.keys, installation.audit)
    await database.close()


def sign_in_of(installation: Installation) -> PartnerSignIn:
    return open_sign_in(
        installation.settings, installation.partners.callers, installation.keys, installation.audit
    )


async def leaves(installation: Installation) -> list[Leaf]:
    """What the log says of sign-ins."""
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    found = sorted((decode(body) for body in bodies), key=lambda each: each.at)
    return [each.leaf for each in found if each.leaf.operation == "partner.sign_in"]


async def used(installation: Installation) -> int:
    async with installation.register.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(used_proof))).scalar_one())


async def test_an_assertion_and_a_proof_make_a_token_that_calls(hospital: Hospital) -> None:
    issued = await hospital.ask()
    assert isinstance(issued, Issued)
    assert (issued.token_type, issued.expires_in) == ("DPoP", 600)
    assert issued.access_token not in repr(issued)
    assert await hospital.sign_in.partner(hospital.call(issued.access_token)) == hospital.partner
    [told] = await leaves(hospital.installation)
    assert (told.kind, told.account, told.institution, told.surface, told.outcome) == (
        LeafKind.DONE, hospital.partner.id, "見本病院", Surface.VERIFY, "ok",
    )  # fmt: skip
    assert hospital.sign_in.counted == {"issued": 1}


async def test_the_issuer_and_a_list_of_one_are_audiences_too(hospital: Hospital) -> None:
    for audience in (ORIGIN, [ENDPOINT]):
        assert isinstance(await hospital.ask(hospital.assertion(aud=audience)), Issued)


Signed = Callable[[Hospital], str]
RSA = RSAKey.generate_key(2048)
ASSERTIONS: dict[str, tuple[Signed, str]] = {
    "no JWT": (lambda h: "abc", "form"),
    "not ASCII": (lambda h: "é.é.é", "form"),
    "too long": (lambda h: h.assertion(padding="x" * 5000), "size"),
    "alg none": (lambda h: "eyJhbGciOiJub25lIn0.e30.", "alg"),
    "HS256 with the public key": (lambda h: confused(h), "alg"),
    "RS256": (lambda h: h.assertion({"alg": "RS256"}, RSA), "alg"),
    "an access token's typ": (lambda h: h.assertion({"typ": "at+jwt"}), "typ"),
    "a proof's typ": (lambda h: h.assertion({"typ": "dpop+jwt"}), "typ"),
    "another's key": (lambda h: h.assertion(key=new_key()), "signature"),
    "an unknown kid": (lambda h: h.assertion({"kid": "other"}), "signature"),
    "crit": (lambda h: crit(h), "signature"),
    "an unknown partner": (lambda h: h.assertion(iss="p-00", sub="p-00"), "signature"),
    "no sub": (lambda h: h.assertion(sub=None), "sub"),
    "another iss": (lambda h: h.assertion(iss="p-00"), "iss"),
    "no iss": (lambda h: h.assertion(iss=None), "iss"),
    "another aud": (lambda h: h.assertion(aud="https://other.example/oauth/token"), "aud"),
    "two auds": (lambda h: h.assertion(aud=[ENDPOINT, "https://other.example"]), "aud"),
    "no aud": (lambda h: h.assertion(aud=None), "aud"),
    "no exp": (lambda h: h.assertion(exp=None), "exp"),
    "a text for exp": (lambda h: h.assertion(exp="soon"), "exp"),
    "NaN for exp": (lambda h: h.assertion(exp=float("nan")), "exp"),
    "a huge exp": (lambda h: h.assertion(exp=10**400), "exp"),
    "a header nested too deeply": (lambda h: nested(), "form"),
    "NUL for sub": (lambda h: h.assertion(sub="\0", iss="\0"), "signature"),
    "expired": (lambda h: h.assertion(exp=int(time.time()) - 61), "exp"),
    "too long a life": (lambda h: h.assertion(exp=int(time.time()) + 400), "exp"),
    "of the future": (lambda h: h.assertion(iat=int(time.time()) + 90), "iat"),
    "not yet valid": (lambda h: h.assertion(nbf=int(time.time()) + 90), "nbf"),
    "no jti": (lambda h: h.assertion(jti=None), "jti"),
    "a long jti": (lambda h: h.assertion(jti="x" * 201), "jti"),
}  # fmt: skip


def nested() -> str:
    """A header that no parser should follow to its end."""
    return base64.urlsafe_b64encode(b"[" * 1500).rstrip(b"=").decode() + ".e30.AA"


def confused(hospital: Hospital) -> str:
    """An assertion whose MAC is made with the public key, for whoever takes the algorithm from the header."""
    payload = hospital.assertion().split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=").decode()
    mac = hmac.digest(hospital.key.as_pem(private=False), f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def crit(hospital: Hospital) -> str:
    """An assertion that demands an extension which nobody here understands."""
    compact = hospital.assertion()
    _, payload, _ = compact.split(".")
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    header = {"alg": "ES256", "kid": hospital.key.kid, "crit": ["b65"], "b65": True}
    head = base64.urlsafe_b64encode(repr(header).replace("'", '"').replace("True", "true").encode())
    signed = head.rstrip(b"=") + b"." + payload.encode()
    signature = registry.get_alg("ES256").sign(signed, hospital.key)
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


@pytest.mark.parametrize("case", ASSERTIONS)
async def test_an_assertion_that_is_not_believed(hospital: Hospital, case: str) -> None:
    make, reason = ASSERTIONS[case]
    assert await hospital.ask(make(hospital)) == Declined("invalid_client")
    assert hospital.sign_in.counted == {reason: 1}
    assert await used(hospital.installation) == 0
    [told] = await leaves(hospital.installation)
    assert (told.kind, told.outcome) == (LeafKind.REFUSAL, reason)


PROOFS: dict[str, tuple[Signed, str]] = {
    "no JWT": (lambda h: "abc", "proof_form"),
    "typ JWT": (lambda h: h.proof({"typ": "JWT"}), "proof_typ"),
    "RS256": (lambda h: h.proof({"alg": "RS256"}, RSA), "proof_alg"),
    "no key": (lambda h: h.proof({"jwk": {}}), "proof_jwk"),
    "a private key": (lambda h: h.proof({"jwk": h.proof_key.as_dict(private=True)}), "proof_jwk"),
    "another's signature": (lambda h: h.proof(key=new_key()), "proof_signature"),
    "another method": (lambda h: h.proof(method="GET"), "proof_htm"),
    "another path": (lambda h: h.proof(url=f"{ORIGIN}/oauth"), "proof_htu"),
    "another host": (lambda h: h.proof(url="https://other.example/oauth/token"), "proof_htu"),
    "http": (lambda h: h.proof(url=ENDPOINT.replace("https", "http")), "proof_htu"),
    "no URL": (lambda h: h.proof(url="https://[::"), "proof_htu"),
    "too old": (lambda h: h.proof(iat=int(time.time()) - 62), "proof_iat"),
    "of the future": (lambda h: h.proof(iat=int(time.time()) + 62), "proof_iat"),
    "no iat": (lambda h: h.proof(iat=None), "proof_iat"),
    "NaN for iat": (lambda h: h.proof(iat=float("nan")), "proof_iat"),
    "no jti": (lambda h: h.proof(jti=None), "proof_jti"),
}  # fmt: skip


@pytest.mark.parametrize("case", PROOFS)
async def test_a_proof_that_is_not_believed(hospital: Hospital, case: str) -> None:
    make, reason = PROOFS[case]
    assert await hospital.ask(proof=make(hospital)) == Declined("invalid_dpop_proof")
    assert hospital.sign_in.counted == {reason: 1}


FORMS: dict[str, tuple[dict[str, str], str]] = {
    "another grant": ({"grant_type": "password"}, "unsupported_grant_type"),
    "another way to sign in": ({"client_assertion_type": "other"}, "invalid_request"),
    "a secret too": ({"client_secret": "x"}, "invalid_request"),
    "another client": ({"client_id": "p-00"}, "invalid_client"),
}


@pytest.mark.parametrize("case", FORMS)
async def test_a_form_that_is_refused(hospital: Hospital, case: str) -> None:
    changes, error = FORMS[case]
    assert await hospital.ask(**changes) == Declined(error)
    assert await used(hospital.installation) == 0


async def test_an_assertion_serves_once_over_all_processes(hospital: Hospital, other: PartnerSignIn) -> None:
    assertion = hospital.assertion()
    first, second = await asyncio.gather(
        *(
            replace(hospital, sign_in=sign_in).ask(assertion)
            for sign_in in (hospital.sign_in, other)
        )
    )  # fmt: skip
    assert sorted([type(first).__name__, type(second).__name__]) == ["Declined", "Issued"]
    assert await hospital.ask(assertion) == Declined("invalid_client")


async def test_a_proof_serves_once_over_all_processes(hospital: Hospital, other: PartnerSignIn) -> None:
    token = await hospital.token()
    call = hospital.call(token)
    asked = await asyncio.gather(
        *(sign_in.partner(call) for sign_in in (hospital.sign_in, other, hospital.sign_in)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in asked) == ["Partner", "Unauthenticated", "Unauthenticated"]
    with pytest.raises(Unauthenticated):
        await other.partner(call)


async def refused(hospital: Hospital, call: PartnerCall) -> str:
    """The reason for which a call is refused, as the metric counts it."""
    before = dict(hospital.sign_in.counted)
    with pytest.raises(Unauthenticated):
        await hospital.sign_in.partner(call)
    [reason] = [name for name, count in hospital.sign_in.counted.items() if count != before.get(name)]
    return reason


async def test_a_call_is_believed_with_its_own_proof_alone(hospital: Hospital) -> None:
    token, proof = await hospital.token(), hospital.proof
    url = ORIGIN + PATH
    stolen = replace(hospital, proof_key=new_key())
    assert [
        await refused(hospital, hospital.call(token, proofs=[])),
        await refused(hospital, hospital.call(token, proofs=[proof(url=url, token=token)] * 2)),
        await refused(hospital, hospital.call(token, proof(url=url))),
        await refused(hospital, hospital.call(token, proof(url=url, token="x"))),
        await refused(hospital, hospital.call(token, proof(url=url, token=token), method="GET")),
        await refused(hospital, hospital.call(token, proof(url=url, token=token), path="/other")),
        await refused(hospital, stolen.call(token)),
        await refused(hospital, hospital.call(token, authorization=f"Bearer {token}")),
        await refused(hospital, hospital.call(token, authorization="DPoP x")),
        await refused(hospital, hospital.call(token, authorization="")),
        await refused(hospital, hospital.call(token, authorization=f"DPoP {hospital.assertion()}")),
    ] == [
        *("proof", "proof", "proof_ath", "proof_ath", "proof_htm", "proof_htu"),
        *("proof_key", "proof_key", "token", "token", "token"),
    ]  # fmt: skip


async def test_a_forged_token_is_refused(hospital: Hospital) -> None:
    token = await hospital.token()
    claims = json.loads(jws.extract_compact(token.encode()).payload)
    forged = jwt.encode({"alg": "HS256", "typ": "at+jwt", "kid": "1"}, claims, OctKey.generate_key(256))
    assert await refused(hospital, hospital.call(forged)) == "token"
    for kid in ("2", "x", "-1", "9" * 7):
        other = jwt.encode({"alg": "HS256", "typ": "at+jwt", "kid": kid}, claims, OctKey.generate_key(256))
        assert await refused(hospital, hospital.call(other)) == "token"


async def test_a_token_ends_after_ten_minutes(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    token, now = await hospital.token(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=601))
    assert await refused(hospital, hospital.call(token)) == "token_expired"


async def test_a_suspension_ends_tokens_at_once_and_for_good(hospital: Hospital) -> None:
    token = await hospital.token()
    suspended = await acted(hospital.installation, APPLICANT, PartnerVerb.SUSPEND, hospital.partner)
    assert await refused(hospital, hospital.call(token)) == "client"
    assert await hospital.ask() == Declined("invalid_client")
    await acted(hospital.installation, APPROVER, PartnerVerb.LIFT_SUSPENSION, suspended)
    assert await refused(hospital, hospital.call(token)) == "version"
    assert isinstance(await hospital.ask(), Issued)


async def test_one_that_waits_or_is_unknown_looks_alike(hospital: Hospital) -> None:
    waiting = replace(hospital, partner=await applied(hospital.installation, hospital.key))
    unknown = replace(hospital, partner=replace(hospital.partner, id="p-00"))
    assert [await waiting.ask(), await unknown.ask()] == [Declined("invalid_client")] * 2
    assert [each.account for each in await leaves(hospital.installation)] == [waiting.partner.id, "unknown"]


async def test_both_keys_of_a_rollover_sign_in(hospital: Hospital) -> None:
    new = new_key()
    waiting = await acted(
        hospital.installation, APPLICANT, PartnerVerb.PROPOSE_KEYS, hospital.partner, jwks=jwks(hospital.key, new)
    )  # fmt: skip
    assert await replace(hospital, key=new).ask() == Declined("invalid_client")
    await acted(hospital.installation, APPROVER, PartnerVerb.APPROVE, waiting)
    for key in (hospital.key, new):
        assert isinstance(await replace(hospital, key=key).ask(), Issued)
    assert isinstance(await hospital.ask(hospital.assertion({"kid": new.kid}, new)), Issued)


async def test_a_certificate_binds_where_it_is_registered(hospital: Hospital) -> None:
    partner = await approved(
        hospital.installation, hospital.key, binding=Binding.MTLS, certificate_thumbprint=THUMBPRINT
    )
    bound = replace(hospital, partner=partner)
    form = {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE,
    }  # fmt: skip
    answers = [
        await hospital.sign_in.token(
            TokenRequest(form={**form, "client_assertion": bound.assertion()}, certificate=certificate)
        )
        for certificate in (None, "B" * 43, THUMBPRINT)
    ]
    assert answers[:2] == [Declined("invalid_client")] * 2
    issued = answers[2]
    assert isinstance(issued, Issued)
    assert issued.token_type == "Bearer"
    call = PartnerCall(
        authorization=f"Bearer {issued.access_token}", method="POST", path=PATH, certificate=THUMBPRINT
    )
    assert await hospital.sign_in.partner(call) == partner
    assert await hospital.sign_in.partner(call) == partner
    for wrong in (None, "B" * 43):
        assert await refused(hospital, replace(call, certificate=wrong)) == "certificate"
    dpop = replace(call, authorization=f"DPoP {issued.access_token}")
    assert await refused(hospital, dpop) == "certificate"


async def test_a_flood_of_refusals_fills_no_log(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 600.0)
    for _ in range(MOST_LEAVES + 3):
        await hospital.ask("abc")
    assert hospital.sign_in.counted == {"form": MOST_LEAVES + 3}
    assert len(await leaves(hospital.installation)) == MOST_LEAVES


async def test_a_lost_store_lets_nobody_in(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await hospital.token()

    async def fail(_self: object, _proofs: object) -> set[bytes]:
        raise ConnectionResetError

    monkeypatch.setattr(type(hospital.sign_in.used), "_write", fail)
    with pytest.raises(ConnectionResetError):
        await hospital.sign_in.partner(hospital.call(token))
    monkeypatch.undo()
    assert await hospital.sign_in.partner(hospital.call(token)) == hospital.partner


async def test_old_proofs_are_forgotten(hospital: Hospital) -> None:
    proofs = hospital.sign_in.used
    now, proofs._cleaned = time.time(), time.monotonic()
    assert [await proofs.is_first("proof", "key", jti, now - 1) for jti in ("a", "a", "b")] == [
        True,
        False,
        True,
    ]
    proofs._cleaned = 0.0 - 1e9
    assert await proofs.is_first("proof", "key", "c", now + 60) is True
    assert await used(hospital.installation) == 1
