"""`private_key_jwt`: a partner proves who it is by what it signed for us (RFC 7523, section 3)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey

from meibo.partners.records import Jwk
from meibo.partners.signin.refusals import Refusal
from meibo.partners.signin.signed import (
    SKEW_SECONDS,
    UNREADABLE,
    Unverified,
    instant,
    jti,
    read_header,
    verify,
)

LONGEST_LIFE = 300
"""Seconds from now after which an assertion must have ended."""
TYPES = ("jwt", "client-authentication+jwt")
_DECOY = ECKey.generate_key("P-256")
"""Checked where there is no partner, so that a refusal takes as long."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion that is to be believed, but for having been used before: its id and when it ends, in seconds."""

    jti: str
    exp: float


def named_client(text: str) -> tuple[Unverified, str]:
    """An assertion, and the partner that it claims to be of; raises Refusal."""
    signed = read_header(text, TYPES)
    try:
        return signed, _subject(jws.extract_compact(text.encode("ascii")).payload)
    except UNREADABLE:
        raise Refusal("form") from None


def check(
    signed: Unverified, client: str, keys: Sequence[Jwk], audiences: Collection[str], at: datetime
) -> Assertion:
    """The assertion of a client with these keys (none: it is unknown); raises Refusal."""
    claims = _verified(signed, _candidates(signed, keys))
    if not keys:
        raise Refusal("client")
    if claims.get("iss") != client or claims.get("sub") != client:
        raise Refusal("iss")
    if _audience(claims.get("aud")) not in audiences:
        raise Refusal("aud")
    return Assertion(jti(claims), _end(claims, at.timestamp()))


def _verified(signed: Unverified, keys: Sequence[ECKey]) -> dict[str, Any]:
    """The claims, if one of the keys signed them."""
    for key in keys:
        try:
            return verify(signed, key)
        except Refusal:
            continue
    raise Refusal("signature")


def _candidates(signed: Unverified, keys: Sequence[Jwk]) -> list[ECKey]:
    """The keys that may have signed it: the one that its `kid` names, where it names any."""
    kid = signed.header.get("kid")
    named = [key for key in keys if kid in (None, key["kid"])]
    return [ECKey.import_key(dict(key)) for key in named] or [_DECOY]


def _audience(told: object) -> object:
    """The only audience: an assertion that others may take too is none of ours."""
    only = told[0] if isinstance(told, list) and len(told) == 1 else told
    return only if isinstance(only, str) else None


def _end(claims: dict[str, Any], now: float) -> float:
    """When it ends, in seconds; raises Refusal for one that is over, too long, or of the future."""
    end = instant(claims, "exp")
    assert end is not None
    if not now - SKEW_SECONDS < end <= now + LONGEST_LIFE + SKEW_SECONDS:
        raise Refusal("exp")
    for name in ("nbf", "iat"):
        begins = instant(claims, name, required=False)
        if begins is not None and begins > now + SKEW_SECONDS:
            raise Refusal(name)
    return end


def _subject(payload: bytes) -> str:
    """Whom the claims name, not yet believed; raises Refusal."""
    found = json.loads(payload)
    subject = found.get("sub") if isinstance(found, dict) else None
    if not isinstance(subject, str) or not 1 <= len(subject) <= 64:
        raise Refusal("sub")
    return subject
