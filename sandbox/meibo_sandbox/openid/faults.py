"""Tokens gone wrong, each in one way: what a surface that believes tokens has to refuse."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from meibo_sandbox.openid.keys import ALGORITHM, new_key

Claims = dict[str, Any]
Header = dict[str, Any]


class Fault(StrEnum):
    """What is wrong with a token; alphabetical."""

    ALG_NONE = "alg_none"
    EXPIRED = "expired"
    HS256_WITH_PUBLIC_KEY = "hs256_with_public_key"
    ISSUED_LATER = "issued_later"
    NOT_YET_VALID = "not_yet_valid"
    NO_EXPIRY = "no_expiry"
    NO_KEY_ID = "no_key_id"
    NO_SUBJECT = "no_subject"
    NO_TYPE = "no_type"
    OTHER_SUBJECT = "other_subject"
    ROGUE_KEY = "rogue_key"
    STANDING = "standing"
    TAMPERED = "tampered"
    UNKNOWN_KEY = "unknown_key"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_TYPE = "wrong_type"


def sign(header: Header, claims: Claims, key: ECKey, fault: Fault | None = None) -> str:
    """A token, sound unless a fault is asked for."""
    if fault in CLAIMS:
        CLAIMS[fault](claims)
    if fault in HEADERS:
        HEADERS[fault](header)
    if fault in FORGERIES:
        return FORGERIES[fault](header, claims, key)
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM], default_type=None)


CLAIMS: Mapping[Fault | None, Callable[[Claims], object]] = {
    Fault.EXPIRED: lambda c: c.update(iat=c["iat"] - 7200, exp=c["iat"] - 3600),
    Fault.ISSUED_LATER: lambda c: c.update(iat=c["iat"] + 3600, exp=c["iat"] + 7200),
    Fault.NOT_YET_VALID: lambda c: c.update(nbf=c["iat"] + 3600),
    Fault.NO_EXPIRY: lambda c: c.pop("exp"),
    Fault.NO_SUBJECT: lambda c: c.pop("sub"),
    Fault.OTHER_SUBJECT: lambda c: c.update(sub="somebody@example.jp"),
    Fault.STANDING: lambda c: c.update(exp=c["iat"] + 400 * 24 * 3600),
    Fault.WRONG_AUDIENCE: lambda c: c.update(aud="another-service"),
    Fault.WRONG_ISSUER: lambda c: c.update(iss="https://id.example.com"),
}
HEADERS: Mapping[Fault | None, Callable[[Header], object]] = {
    Fault.NO_KEY_ID: lambda h: h.pop("kid"),
    Fault.NO_TYPE: lambda h: h.pop("typ"),
    Fault.UNKNOWN_KEY: lambda h: h.update(kid="unknown"),
    Fault.WRONG_TYPE: lambda h: h.update(typ="logout+jwt"),
}


def _unsigned(header: Header, claims: Claims, _key: ECKey) -> str:
    return f"{_signed_part(header, claims, 'none')}."


def _with_public_key(header: Header, claims: Claims, key: ECKey) -> str:
    """By hand: no library signs with a public key as the secret, which is what the forger hopes to be checked with."""
    signed = _signed_part(header, claims, "HS256")
    made = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{_base64url(made)}"


def _signed_part(header: Header, claims: Claims, algorithm: str) -> str:
    return ".".join(_base64url(json.dumps(part).encode()) for part in ({**header, "alg": algorithm}, claims))


def _by_another(header: Header, claims: Claims, _key: ECKey) -> str:
    return jwt.encode(header, claims, new_key(), algorithms=[ALGORITHM], default_type=None)


def _tampered(header: Header, claims: Claims, key: ECKey) -> str:
    head, _, signature = sign(header, dict(claims), key).split(".")
    return ".".join((head, _base64url(json.dumps({**claims, "exp": claims["exp"] + 1}).encode()), signature))


FORGERIES: Mapping[Fault | None, Callable[[Header, Claims, ECKey], str]] = {
    Fault.ALG_NONE: _unsigned,
    Fault.HS256_WITH_PUBLIC_KEY: _with_public_key,
    Fault.ROGUE_KEY: _by_another,
    Fault.TAMPERED: _tampered,
}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
