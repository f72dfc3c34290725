"""Key binding: the holder's signature over one presentation, for one verifier and nonce (RFC 9901, section 4.3)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from meibo.certificates import jws
from meibo.certificates.encoding import encode
from meibo.certificates.keys import es256
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.times import SKEW, instant

TYP = "kb+jwt"
OLDEST = timedelta(minutes=5)
"""How long a key binding may be under way, beside the skew of clocks."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom a presentation must be made for: this verifier, upon this nonce of its own."""

    audience: str
    nonce: str


def check(binding: bytes, presentation: bytes, cnf: object, expected: Expected, at: datetime) -> bytes:
    """What tells this key binding from every other (32 bytes), to be remembered against replay.

    Raises Refusal unless the key in `cnf` signed it lately, over this presentation, for the one who asks.
    """
    if not binding:
        raise Refusal(Reason.KEY_BINDING_MISSING)
    token = jws.read(binding)
    jws.demand(token, TYP, algorithm=Reason.KEY_BINDING_ALGORITHM, type=Reason.KEY_BINDING_TYPE)
    if not es256.verifies(_key(cnf), token.signature, token.signed):
        raise Refusal(Reason.KEY_BINDING_SIGNATURE)
    _check_time(token.payload, at)
    if token.payload.get("aud") != expected.audience:
        raise Refusal(Reason.AUDIENCE)
    if not _equal(token.payload.get("nonce"), expected.nonce):
        raise Refusal(Reason.NONCE)
    if not _equal(token.payload.get("sd_hash"), encode(sha256(presentation).digest()).decode()):
        raise Refusal(Reason.KEY_BINDING_HASH)
    return sha256(token.signed).digest()  # Not of the signature: ECDSA has two for one text.


def _key(cnf: object) -> EllipticCurvePublicKey:
    try:
        if isinstance(cnf, Mapping) and isinstance(cnf.get("jwk"), Mapping):
            return es256.public_key(cnf["jwk"])
    except ValueError:
        pass
    raise Refusal(Reason.KEY_BINDING_SIGNATURE)


def _check_time(payload: Mapping[str, Any], at: datetime) -> None:
    made_at = instant(payload.get("iat"), Reason.MALFORMED)
    if made_at > at + SKEW:
        raise Refusal(Reason.KEY_BINDING_FUTURE)
    if made_at < at - OLDEST - SKEW:
        raise Refusal(Reason.KEY_BINDING_OLD)


def _equal(found: object, wanted: str) -> bool:
    """Whether they are equal, in constant time."""
    return isinstance(found, str) and hmac.compare_digest(found.encode(), wanted.encode())
