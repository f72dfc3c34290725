"""A holder's wallet: proves its key as OpenID4VCI has it, also as it should not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.certificates.encoding import encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import jwk
from meibo.certificates.sdjwt.proof import TYP

AUDIENCE = "https://meibo.example"


def proof(
    key: EllipticCurvePrivateKey,
    nonce: object,
    *,
    header: Mapping[str, Any] | None = None,
    signed_by: EllipticCurvePrivateKey | None = None,
    **claims: Any,
) -> str:
    """A proof of a key upon a nonce, or one that differs in something; None leaves a member out."""
    head = {"alg": "ES256", "typ": TYP, "jwk": jwk(key.public_key()), **(header or {})}
    body = {"aud": AUDIENCE, "iat": int(clock.now().timestamp()), "nonce": nonce, **claims}
    signed = b".".join(encode(orjson.dumps(_without_none(each))) for each in (head, body))
    return (signed + b"." + encode(es256.sign(signed_by or key, signed))).decode()


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
