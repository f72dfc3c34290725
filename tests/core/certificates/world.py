"""An issuing system, made anew for each run: a root, keys for every purpose, a holder, a published status list.

No key is committed; all of them end with the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.certificates import jws
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import KeySigner, Purpose, jwk
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.qr import issuing as qr
from meibo.certificates.replays import ProcessReplays
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.issuing import TYP, Issuer
from meibo.certificates.sdjwt.presenting import bind
from meibo.certificates.status import tokens
from meibo.certificates.status.lists import Status, build
from meibo.certificates.status.reading import StatusReader
from meibo.certificates.status.references import StatusReference
from meibo.certificates.trust.issuers import Trust, TrustedIssuer
from meibo.certificates.verification import Verifier

ISS = "https://meibo.example/issuers/medical"
LIST = "https://meibo.example/status/Zm9vYmFy"
PAGE = "https://meibo.example/check"
TYPE = "urn:meibo:doctor:1"
OTHER_ISS, OTHER_TYPE = "https://meibo.example/issuers/careworker", "urn:meibo:careworker:1"
"""Another administrator of the same system."""
AUDIENCE = "https://hospital.example"
NONCE = "n-0S6_WzA2Mj"
EXPECTED = Expected(AUDIENCE, NONCE)
REVOKED, SUSPENDED, GOOD = 11, 12, 13
"""Indices of the published list, by what stands there."""
VALUES: Mapping[str, Any] = {
    "profession": "doctor",
    "full_name": "厚労 花子",
    "name": {"family_name": "厚労", "given_name": "花子", "family_name_kana": "コウロウ"},
    "birth_date": "1985-04-01",
    "registration_number": "123456",
    "registration_date": "2010-05-07",
}
DISCLOSABLE = (
    *("name", "name.family_name", "name.given_name", "name.family_name_kana"),
    *("full_name", "birth_date", "registration_number", "registration_date"),
)
CLAIMS = Claims.of(TYPE, VALUES, DISCLOSABLE)
"""Eight disclosures, three of them within another."""


@dataclass
class Published:
    """Tokens by address, as a fetcher gives them; it counts how often it was asked."""

    tokens: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, uri: str) -> bytes:
        self.asked.append(uri)
        if uri not in self.tokens:
            raise Refusal(Reason.STATUS_UNREACHABLE)
        return self.tokens[uri]


class World:
    """Everything that issues and verifies, and ways to make what should not be."""

    def __init__(self) -> None:
        self.at = clock.now()
        self.root_key = certificates.new_key()
        self.root = certificates.root(self.root_key, "Test root", self.at - timedelta(days=30))
        self.signers = {purpose: self.signer(purpose) for purpose in Purpose}
        self.holder = certificates.new_key()
        self.published = Published({LIST: self.status_token()})

    def signer(
        self,
        purpose: Purpose,
        *,
        uri: str = ISS,
        since: datetime | None = None,
        days: int = 100,
        by: tuple[x509.Certificate, EllipticCurvePrivateKey] | None = None,
    ) -> KeySigner:
        """A fresh key of a purpose with its certificate."""
        key = certificates.new_key()
        asked = certificates.request(key, f"Test {purpose}", uri, purpose)
        anchor, anchor_key = by or (self.root, self.root_key)
        return KeySigner.of(key, certificates.issue(asked, anchor, anchor_key, since or self.at, days))

    @cached_property
    def issuer(self) -> TrustedIssuer:
        """The system, as verifiers know it."""
        qr_signer = self.signers[Purpose.QR]
        return TrustedIssuer(
            id="test",
            types={ISS: frozenset({TYPE}), OTHER_ISS: frozenset({OTHER_TYPE})},
            status=frozenset({"https://meibo.example/status/"}),
            anchors=(self.root,),
            keys={qr_signer.kid: jws.x5c(qr_signer)},
        )

    def verifier(self, *issuers: TrustedIssuer) -> Verifier:
        """A verifier that has seen nothing yet."""
        trust = Trust(issuers or (self.issuer,))
        return Verifier(trust, StatusReader(trust, self.published), ProcessReplays())

    def issued(self, index: int = GOOD, day: Any = None) -> str:
        """A good certificate."""
        issuer = Issuer(ISS, self.signers[Purpose.CERTIFICATE])
        reference = StatusReference(LIST, index)
        holder = jwk(self.holder.public_key())
        return str(issuer.issue(CLAIMS, holder, reference, day or clock.japan_day(self.at)))

    def bound(self, presentation: str, **changes: Any) -> str:
        """A presentation with the holder's key binding, or one that differs in something."""
        options: dict[str, Any] = {
            "key": self.holder,
            "audience": AUDIENCE,
            "nonce": NONCE,
            "at": self.at,
        } | changes
        return bind(presentation, options.pop("key"), **options)

    def payload(self, **changes: Any) -> dict[str, Any]:
        """What a good certificate says, with changes; None leaves a claim out."""
        iat = int(self.at.timestamp()) - 3600
        payload = {
            **{"iss": ISS, "vct": TYPE, "iat": iat, "exp": iat + 86_400, "profession": "doctor"},
            "cnf": {"jwk": jwk(self.holder.public_key())},
            "status": {"status_list": {"idx": GOOD, "uri": LIST}},
            **changes,
        }
        return {name: value for name, value in payload.items() if value is not None}

    def signed(
        self, payload: Mapping[str, Any], *, typ: str = TYP, signer: KeySigner | None = None, **header: Any
    ) -> str:
        """A payload signed as it stands, whatever it says; the header with changes."""
        signer = signer or self.signers[Purpose.CERTIFICATE]
        head = {"alg": "ES256", "typ": typ, "x5c": jws.x5c(signer), **header}
        text = encode(orjson.dumps(head)) + b"." + encode(orjson.dumps(payload))
        return (text + b"." + encode(signer.sign(text))).decode()

    def status_token(
        self,
        at: datetime | None = None,
        signer: KeySigner | None = None,
        uri: str = LIST,
        change: Callable[[dict[str, Any]], Any] | None = None,
        typ: str = tokens.JWT_TYPE,
    ) -> bytes:
        """The list's token, or one that differs in something."""
        signer = signer or self.signers[Purpose.STATUS]
        listed = build([(REVOKED, Status.INVALID), (SUSPENDED, Status.SUSPENDED)], size=4096)
        token = tokens.write(signer, uri, listed, at or self.at).jwt
        if change is None and typ == tokens.JWT_TYPE:
            return token
        payload = jws.read(token).payload
        if change:
            change(payload)
        return jws.Writer(signer, typ).write(payload)

    def qr_message(self, index: int = GOOD, **changes: Any) -> bytes:
        """A good QR certificate, or one that differs in something."""
        options: dict[str, Any] = {
            "signer": self.signers[Purpose.QR],
            "claims": Claims(TYPE, {"full_name": "厚労 花子", "registration_number": "123456"}),
            "status": StatusReference(LIST, index),
            "issued_at": self.at - timedelta(hours=1),
            "expires_at": self.at + timedelta(days=90),
        } | changes
        return qr.issue(**options)
