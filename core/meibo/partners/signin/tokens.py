"""Access tokens: ten minutes, bound to a key or a certificate, under a MAC that our processes alone can make."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import OctKey

from meibo.crypto.keys import Key, KeyProvider, derive
from meibo.errors import SealBroken
from meibo.partners.records import Partner
from meibo.partners.signin.refusals import Refusal
from meibo.partners.signin.signed import UNREADABLE

SECONDS = 600
"""How long a token holds."""
LONGEST = 1024
MOST_TOKENS = 2000
"""Tokens remembered at once; what they say is checked for every request all the same."""
KEY = "partner-tokens"
ALGORITHM, TYPE = "HS256", "at+jwt"
KEY_BOUND, CERTIFICATE_BOUND = "jkt", "x5t#S256"


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Makes and reads the access tokens of one issuer."""

    keys: KeyProvider
    issuer: str

    def issue(self, partner: Partner, bound: Mapping[str, str], at: datetime) -> str:
        """A token of a partner as it stands now, bound to the thumbprint of a key or of a certificate."""
        now, key = int(at.timestamp()), self.keys.newest(KEY)
        claims = {
            "iss": self.issuer, "aud": self.issuer, "sub": partner.id, "client_id": partner.id, "iat": now,
            "exp": now + SECONDS, "jti": secrets.token_urlsafe(16), "ver": partner.version, "cnf": dict(bound),
        }  # fmt: skip
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": str(key.version)}
        return jwt.encode(header, claims, _secret(key), [ALGORITHM])

    def read(self, token: str, at: datetime) -> dict[str, Any]:
        """The claims of a token of ours that has not expired; raises Refusal."""
        try:
            claims = _claims(token, self._key(_version(token)))
        except (*UNREADABLE, SealBroken):
            raise Refusal("token") from None
        if claims["iss"] != self.issuer:
            raise Refusal("token")
        if claims["exp"] <= at.timestamp():
            raise Refusal("token_expired")
        return dict(claims)

    def _key(self, version: int) -> Key:
        newest = self.keys.newest(KEY)
        return newest if version == newest.version else self.keys.version(KEY, version)


@lru_cache(MOST_TOKENS)
def _version(token: str) -> int:
    """The version of the key that a token names; raises ValueError."""
    if len(token) > LONGEST:
        raise ValueError("long")
    header = jws.extract_compact(token.encode("ascii")).protected
    version = header.get("kid")
    if header.get("typ") != TYPE or not isinstance(version, str) or len(version) > 6:
        raise ValueError("header")
    return int(version)


@lru_cache(MOST_TOKENS)
def _claims(token: str, key: Key) -> dict[str, Any]:
    """The claims of a token under a key, remembered: a partner's requests all bring the same. Raises JoseError."""
    return dict(jwt.decode(token, _secret(key), [ALGORITHM]).claims)


def _secret(key: Key) -> OctKey:
    return OctKey.import_key(derive(key, TYPE).secret)
