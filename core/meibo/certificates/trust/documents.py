"""The trust list that an issuing system publishes, and the JWKS of its keys; and their reading.

    {"version": 1, "id": "https://…", "issuers": [{"iss": "https://…", "types": ["urn:…"]}],
     "status": ["https://…/"], "anchors": ["<DER in Base64>"], "keys": [<JWK with x5c>], "crls": ["<DER in Base64>"]}

Who holds a root's fingerprint needs to trust nothing else in it: every key comes with its chain.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from meibo.certificates.keys.folder import HeldKey, KeyFolder
from meibo.certificates.keys.signers import jwk
from meibo.certificates.outcomes import Refusal
from meibo.certificates.trust.issuers import TrustedIssuer, published
from meibo.errors import InvalidValue

VERSION = 1
Issuers = Mapping[str, frozenset[str]]
"""iss -> the types that it issues."""


def jwks(keys: KeyFolder, at: datetime) -> dict[str, Any]:
    """The public keys in force, the next ones and the old ones, as `/.well-known/jwks.json` has them."""
    return {"keys": [_jwk(each) for each in keys.published(at)]}


def trust_list(keys: KeyFolder, id: str, issuers: Issuers, status: str, at: datetime) -> dict[str, Any]:
    """What others need in order to believe the certificates of this system."""
    return {
        "version": VERSION,
        "id": id,
        "issuers": [{"iss": iss, "types": sorted(types)} for iss, types in sorted(issuers.items())],
        "status": [status],
        "anchors": [_text(root.public_bytes(Encoding.DER)) for root in keys.roots()],
        **jwks(keys, at),
        "crls": [_text(crl.public_bytes(Encoding.DER)) for crl in keys.crls()],
    }


def read(document: bytes) -> TrustedIssuer:
    """The issuer of a trust list; raises InvalidValue `trust.malformed` for anything else."""
    try:
        told = orjson.loads(document)
        if told["version"] != VERSION or not all(each.endswith("/") for each in told["status"]):
            raise ValueError("another version")
        chains = [[str(each) for each in key["x5c"]] for key in told["keys"]]
        return TrustedIssuer(
            id=str(told["id"]),
            types={str(each["iss"]): frozenset(map(str, each["types"])) for each in told["issuers"]},
            status=frozenset(map(str, told["status"])),
            anchors=tuple(x509.load_der_x509_certificate(_bytes(each)) for each in told["anchors"]),
            keys={published(chain): chain for chain in chains},
            crls=tuple(x509.load_der_x509_crl(_bytes(each)) for each in told.get("crls", [])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, Refusal) as error:
        raise InvalidValue(
            "trust.malformed",
            "信頼リストの形式が正しくありません。",
            "This is not a trust list of version 1.",
        ) from error


def _jwk(held: HeldKey) -> dict[str, Any]:
    key = held.certificate.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    chain = [_text(held.certificate.public_bytes(Encoding.DER))]
    return {
        **jwk(key),
        "kid": held.kid,
        "alg": "ES256",
        "use": "sig",
        "x5c": chain,
        "purpose": held.purpose,
        "iss": held.uri,
    }


def _text(der: bytes) -> str:
    return b64encode(der).decode()


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)
