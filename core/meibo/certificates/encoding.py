"""Base64URL without padding and JSON, read strictly: what is not canonical is refused, not mended."""

from __future__ import annotations

import binascii
from typing import Any

import orjson

from meibo.certificates.outcomes import Reason, Refusal

_FOREIGN = b"+/="
_TO_STANDARD = bytes.maketrans(b"-_" + _FOREIGN, b"+/!!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")


def encode(raw: bytes) -> bytes:
    """Base64URL without padding."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL)


def decode(text: bytes) -> bytes:
    """What `encode` encoded; raises ValueError for anything else, other spellings of the same bytes included."""
    padded = text.translate(_TO_STANDARD) + b"=" * (-len(text) % 4)
    raw = binascii.a2b_base64(padded, strict_mode=True)
    if len(text) % 4 and encode(raw) != text:
        raise ValueError("spare bits")
    return raw


def read_json(text: bytes) -> dict[str, Any]:
    """A JSON object in Base64URL; raises Refusal MALFORMED for anything else."""
    try:
        found = orjson.loads(decode(text))
    except ValueError as error:
        raise Refusal(Reason.MALFORMED) from error
    if not isinstance(found, dict):
        raise Refusal(Reason.MALFORMED)
    return found
