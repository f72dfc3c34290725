"""What a wallet does: asks for a certificate, shows some disclosures, proves that it holds the key. For tests, tools
and examples."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import jwk
from meibo.certificates.sdjwt import proof
from meibo.certificates.sdjwt.binding import TYP


def present(issued: str, names: Collection[str] | None = None) -> str:
    """The certificate with the disclosures of these claim names alone; None shows all."""
    signed, *disclosures, _end = issued.split("~")
    shown = [each for each in disclosures if names is None or _name(each) in names]
    return "~".join((signed, *shown, ""))


def bind(
    presentation: str,
    key: EllipticCurvePrivateKey,
    *,
    audience: str,
    nonce: str,
    at: datetime,
    typ: str = TYP,
) -> str:
    """The presentation with its key binding for one verifier and nonce."""
    payload = {
        "iat": int(at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": encode(sha256(presentation.encode()).digest()).decode(),
    }
    return presentation + _signed(key, {"alg": "ES256", "typ": typ}, payload)


def prove(key: EllipticCurvePrivateKey, *, audience: str, nonce: str, at: datetime) -> str:
    """The proof of a key, for whoever gave the nonce and shall bind a certificate to it."""
    head = {"alg": "ES256", "typ": proof.TYP, "jwk": jwk(key.public_key())}
    return _signed(key, head, {"aud": audience, "iat": int(at.timestamp()), "nonce": nonce})


def _signed(key: EllipticCurvePrivateKey, head: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    signed = encode(orjson.dumps(head)) + b"." + encode(orjson.dumps(payload))
    return (signed + b"." + encode(es256.sign(key, signed))).decode()


def _name(disclosure: str) -> str:
    return str(orjson.loads(decode(disclosure.encode()))[-2])
