"""JWTs that partners sign, read before and after they are believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from meibo.partners.keys import ALGORITHM
from meibo.partners.signin.refusals import Refusal

LONGEST = 4096
"""Characters of an assertion or a proof."""
LONGEST_ID = 200
LATEST = 1 << 40
"""Seconds that may be an instant at all; Python reads NaN and numbers of a thousand digits as JSON."""
SKEW_SECONDS = 60
"""How far a partner's clock may be from ours."""
UNREADABLE = (JoseError, ValueError, TypeError, RecursionError)
"""What reading a stranger's JWT may raise; JSON may be nested too deeply."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """What a JWT says of itself: its header and claims are not to be believed yet."""

    text: str
    header: dict[str, Any]


def read_header(text: str, types: Iterable[str]) -> Unverified:
    """The header of a compact JWT signed by ES256, of one of these types; raises Refusal."""
    if len(text) > LONGEST:
        raise Refusal("size")
    try:
        header = dict(jws.extract_compact(text.encode("ascii")).protected)
    except UNREADABLE:
        raise Refusal("form") from None
    if header.get("alg") != ALGORITHM:
        raise Refusal("alg")
    typ = header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower().removeprefix("application/") not in types:
        raise Refusal("typ")
    return Unverified(text, header)


def verify(signed: Unverified, key: ECKey) -> dict[str, Any]:
    """The claims, if the key signed them; raises Refusal."""
    try:
        return dict(jwt.decode(signed.text, key, [ALGORITHM]).claims)
    except UNREADABLE:
        raise Refusal("signature") from None


def instant(claims: dict[str, Any], name: str, *, required: bool = True) -> float | None:
    """A claim that is an instant, in seconds; raises Refusal."""
    value = claims.get(name)
    if value is None and not required:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LATEST:
        raise Refusal(name)
    return float(value)


def jti(claims: dict[str, Any]) -> str:
    """The id by which a JWT is used once; raises Refusal."""
    value = claims.get("jti")
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_ID:
        raise Refusal("jti")
    return value
