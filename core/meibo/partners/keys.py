"""The keys that a partner uploads: public P-256 keys for ES256, at most two, so that a new one may follow an old one.

RSA is refused on purpose: one algorithm is one thing to get right, and every platform has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc.jwk import ECKey

from meibo.certificates.keys.es256 import public_key
from meibo.errors import InvalidValue
from meibo.partners.records import Jwk

ALGORITHM = "ES256"
MOST_KEYS = 2
"""One in force and the one that follows it."""
LONGEST_KID = 100
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of private and of shared keys (RFC 7518): whoever uploads one has shown it to us."""
MEMBERS = ("kty", "crv", "x", "y")


def read_keys(jwks: object) -> tuple[Jwk, ...]:
    """The public keys of an uploaded key set, with nothing but what we use; raises InvalidValue."""
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise InvalidValue(
            "partner.keys.count",
            f"公開鍵を1個または{MOST_KEYS}個含むJWKSを登録してください。",
            f'Upload a JWKS, {{"keys": […]}}, of one or {MOST_KEYS} public keys.',
        )
    read = tuple(_read_key(key) for key in keys)
    if len({(key["x"], key["y"]) for key in read}) < len(read) or len({key["kid"] for key in read}) < len(
        read
    ):
        raise InvalidValue(
            "partner.keys.same",
            "鍵とkidはそれぞれ異なるものにしてください。",
            "Let the keys differ, and their kids.",
        )
    return read


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The thumbprint of a public key (RFC 7638)."""
    return ECKey.import_key({name: jwk[name] for name in MEMBERS}).thumbprint()


def _read_key(jwk: object) -> Jwk:
    if not isinstance(jwk, Mapping):
        raise _no_key()
    if PRIVATE & jwk.keys():
        raise InvalidValue(
            "partner.keys.private",
            "秘密鍵が含まれています。この鍵は使わず、新しい鍵の公開鍵だけを登録してください。",
            "This holds a private key, which is compromised now: make a new one, and upload its public key alone.",
        )
    try:
        public_key(jwk)
    except (ValueError, TypeError):
        raise _no_key() from None
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHM) != ALGORITHM:
        raise _no_key()
    kid = jwk.get("kid", thumbprint(jwk))
    if not isinstance(kid, str) or not 1 <= len(kid) <= LONGEST_KID or not kid.isprintable():
        raise _no_key()
    return {name: str(jwk[name]) for name in MEMBERS} | {"kid": kid}


def _no_key() -> InvalidValue:
    return InvalidValue(
        "partner.keys.kind",
        "署名用のP-256（ES256）の公開鍵を登録してください。RSAは使えません。",
        "Upload public P-256 keys for signatures (ES256): RSA and other curves are not used.",
    )
