"""Disclosures: what stands in a certificate as a digest only, until its holder shows it (RFC 9901, section 4.2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from meibo.certificates.claims import Path
from meibo.certificates.encoding import encode

DIGESTS = "_sd"
ELEMENT = "..."
ALGORITHM = "_sd_alg"
SHA_256 = "sha-256"
SALT_BYTES = 16
DECOYS_UP_TO = 4
"""Digests of one object are filled up to a multiple of this, by one decoy at least: their number tells little."""
NEVER_DISCLOSABLE = frozenset(
    {"iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", ALGORITHM}
)
"""Claims by which a certificate is judged (draft-ietf-oauth-sd-jwt-vc, section 3.2.2.2): a holder must not choose."""


def digest(disclosure: bytes) -> str:
    """The digest by which a certificate names a disclosure."""
    return encode(sha256(disclosure).digest()).decode()


def disclosure(name: str, value: Any) -> bytes:
    """A claim with a fresh salt of 128 bits, in Base64URL."""
    salt = encode(secrets.token_bytes(SALT_BYTES)).decode()
    return encode(orjson.dumps([salt, name, value]))


def decoy() -> str:
    """A digest that no disclosure belongs to."""
    return digest(secrets.token_bytes(32))


def conceal(values: Mapping[str, Any], disclosable: frozenset[Path]) -> tuple[dict[str, Any], list[bytes]]:
    """The claims with digests in place of those disclosable, and their disclosures.

    An object whose members are disclosable holds digests itself, also within its own disclosure.
    """
    shown: dict[str, Any] = {}
    digests, disclosures = [], []
    for name, value in values.items():
        inner = frozenset(path[1:] for path in disclosable if len(path) > 1 and path[0] == name)
        if inner and isinstance(value, Mapping):
            value, nested = conceal(value, inner)
            disclosures += nested
        if (name,) in disclosable:
            made = disclosure(name, value)
            disclosures.append(made)
            digests.append(digest(made))
        else:
            shown[name] = value
    if digests:
        digests += [decoy() for _ in range(DECOYS_UP_TO - len(digests) % DECOYS_UP_TO)]
        shown[DIGESTS] = sorted(digests)  # Digests are random, so their order tells nothing.
    return shown, disclosures
