"""Issues SD-JWT VCs: bound to the holder's key, with a status, for 90 days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from meibo import clock
from meibo.certificates.claims import Claims
from meibo.certificates.jws import Writer
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Signer
from meibo.certificates.sdjwt.disclosures import ALGORITHM, NEVER_DISCLOSABLE, SHA_256, conceal
from meibo.certificates.status.references import StatusReference
from meibo.errors import InvalidValue

TYP = "dc+sd-jwt"
LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as its holder keeps it: the signed part, and every disclosure."""

    signed: bytes
    disclosures: tuple[bytes, ...]

    def __str__(self) -> str:
        return b"~".join((self.signed, *self.disclosures, b"")).decode()


class Issuer:
    """Issues certificates as `iss` under one signing key."""

    def __init__(self, iss: str, signer: Signer) -> None:
        self.iss = iss
        self._writer = Writer(signer, TYP)

    def issue(self, claims: Claims, holder: Mapping[str, Any], status: StatusReference, day: date) -> Issued:
        """The certificate of a day in Japan, bound to the holder's public JWK.

        Raises InvalidValue for a holder's key that is no public P-256 key, and for a claim by which certificates
        are judged.
        """
        reserved = NEVER_DISCLOSABLE & claims.values.keys()
        if reserved:
            raise _reserved_claim()
        shown, disclosures = conceal(claims.values, claims.disclosable)
        issued_at = int(clock.start_of_day(day).timestamp())
        payload = {
            **shown,
            "iss": self.iss,
            "iat": issued_at,
            "exp": int(expiry(day).timestamp()),
            "vct": claims.type,
            "cnf": {"jwk": holder_key(holder)},
            "status": {"status_list": {"idx": status.index, "uri": status.uri}},
            ALGORITHM: SHA_256,
        }
        return Issued(self._writer.write(payload), tuple(disclosures))


def expiry(day: date) -> datetime:
    """When a certificate issued on a day ends: `iat` is rounded to the day, so that it links to no request."""
    return clock.start_of_day(day + LIFETIME)


def holder_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    """The public JWK with the members that a key has, and no others; raises InvalidValue for any other key."""
    try:
        es256.public_key(jwk)
    except ValueError as error:
        raise InvalidValue(
            "certificate.holder_key",
            "端末の公開鍵が正しくありません。P-256の公開鍵を送ってください。",
            "The holder's key is not a public P-256 JWK: send one.",
        ) from error
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


def _reserved_claim() -> InvalidValue:
    return InvalidValue(
        "certificate.reserved_claim",
        "証明書の検証に使う名前は項目名に使えません。",
        "A claim has a name by which certificates are judged: rename it.",
    )
