"""ES256: ECDSA with P-256 and SHA-256, signatures as 64 bytes (RFC 7518, section 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from meibo.certificates.encoding import decode

PART = 32
"""Bytes of each half of a signature, and of each coordinate."""
_ES256 = ECDSA(SHA256())
_CURVE = SECP256R1()


def sign(key: EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The signature, r then s."""
    r, s = decode_dss_signature(key.sign(message, _ES256))
    return r.to_bytes(PART) + s.to_bytes(PART)


def verifies(key: EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is that of `message`; one of another length never is."""
    if len(signature) != 2 * PART:
        return False
    r, s = int.from_bytes(signature[:PART]), int.from_bytes(signature[PART:])
    try:
        key.verify(encode_dss_signature(r, s), message, _ES256)
    except InvalidSignature:
        return False
    return True


def public_key(jwk: Mapping[str, Any]) -> EllipticCurvePublicKey:
    """The key of a public JWK; raises ValueError for one of another kind, a private one, or a point off the curve."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256" or "d" in jwk:
        raise ValueError("no public P-256 key")
    x, y = (decode(str(jwk.get(name, "")).encode("ascii")) for name in ("x", "y"))
    if len(x) != PART or len(y) != PART:
        raise ValueError("coordinates of another curve")
    return EllipticCurvePublicKey.from_encoded_point(_CURVE, b"\x04" + x + y)


def is_p256(key: object) -> bool:
    """Whether a public key is one for ES256."""
    return isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVE.name
