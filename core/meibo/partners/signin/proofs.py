"""DPoP: each request carries a proof that whoever sends it holds the key to which its token is bound (RFC 9449)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from joserfc.jwk import ECKey

from meibo.errors import InvalidValue
from meibo.partners.keys import read_keys
from meibo.partners.signin.refusals import INVALID_PROOF, Refusal
from meibo.partners.signin.signed import instant, jti, read_header, verify

WINDOW_SECONDS = 60
"""How far the instant of a proof may be from now, before or after."""
MOST_KEYS = 2000
"""Keys of proofs remembered at once."""
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that is to be believed, but for having been used before: the key's thumbprint, its id and instant."""

    key: str
    jti: str
    iat: float


def check(text: str, method: str, url: str, at: datetime, token: str | None = None) -> Proof:
    """The proof for a request, and for its access token where it has one; raises Refusal."""
    try:
        return _check(text, method, url, at, token)
    except Refusal as refusal:
        raise Refusal(f"proof_{refusal.reason}", INVALID_PROOF) from None


def _check(text: str, method: str, url: str, at: datetime, token: str | None) -> Proof:
    signed = read_header(text, ("dpop+jwt",))
    key, thumbprint = _signer(signed.header.get("jwk"))
    claims = verify(signed, key)
    if claims.get("htm") != method:
        raise Refusal("htm")
    if not isinstance(claims.get("htu"), str) or _target(claims["htu"]) != _target(url):
        raise Refusal("htu")
    made_at = instant(claims, "iat")
    assert made_at is not None
    if abs(at.timestamp() - made_at) > WINDOW_SECONDS:
        raise Refusal("iat")
    if token is not None and claims.get("ath") != token_hash(token):
        raise Refusal("ath")
    return Proof(thumbprint, jti(claims), made_at)


def _signer(jwk: object) -> tuple[ECKey, str]:
    """The key that a proof brings, and its thumbprint; raises Refusal."""
    if not isinstance(jwk, dict) or not all(isinstance(value, str) for value in jwk.values()):
        raise Refusal("jwk")
    try:
        return _public(tuple(sorted(jwk.items())))
    except InvalidValue:
        raise Refusal("jwk") from None


@lru_cache(MOST_KEYS)
def _public(members: tuple[tuple[str, str], ...]) -> tuple[ECKey, str]:
    """A public key and its thumbprint, remembered: a partner's proofs all bring the same. Raises InvalidValue."""
    [read] = read_keys({"keys": [dict(members)]})
    made = ECKey.import_key({name: value for name, value in read.items() if name != "kid"})
    return made, made.thumbprint()


def token_hash(token: str) -> str:
    """The hash by which a proof names an access token (`ath`)."""
    hashed = hashlib.sha256(token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def _target(url: str) -> tuple[str, str, int, str]:
    """A URL without query and fragment, in one spelling; raises Refusal where it is none."""
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Refusal("htu") from None
    return parts.scheme, parts.hostname or "", port, parts.path or "/"
