"""Compact JWS under ES256: written with a header that is encoded once, read with the header checked first."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from meibo.certificates.encoding import decode, encode, read_json
from meibo.certificates.keys.signers import Signer
from meibo.certificates.outcomes import Reason, Refusal

ALGORITHM = "ES256"


class Writer:
    """Signs payloads of one `typ` under one key; the header carries `kid` and `x5c`."""

    def __init__(self, signer: Signer, typ: str) -> None:
        self.signer = signer
        header = {"alg": ALGORITHM, "typ": typ, "kid": signer.kid, "x5c": x5c(signer)}
        self._head = encode(orjson.dumps(header)) + b"."

    def write(self, payload: Mapping[str, Any]) -> bytes:
        """The JWS of a payload."""
        signed = self._head + encode(orjson.dumps(payload))
        return signed + b"." + encode(self.signer.sign(signed))


def x5c(signer: Signer) -> list[str]:
    """The chain as a JOSE header has it: Base64 of DER, the signer's own first, without the anchor."""
    return [b64encode(each).decode() for each in signer.chain]


@dataclass(frozen=True, slots=True)
class JWS:
    """A JWS taken apart; nothing of it is believed yet."""

    header: Mapping[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


def read(text: bytes) -> JWS:
    """Take a compact JWS apart; raises Refusal MALFORMED for anything else."""
    signed, dot, tail = text.rpartition(b".")
    head, middle, body = signed.partition(b".")
    if not dot or not middle:
        raise Refusal(Reason.MALFORMED)
    try:
        signature = decode(tail)
    except ValueError as error:
        raise Refusal(Reason.MALFORMED) from error
    return JWS(read_json(head), read_json(body), signed, signature)


def demand(jws: JWS, typ: str, *, algorithm: Reason, type: Reason) -> None:
    """Raise Refusal with the reason given unless the header says ES256 and `typ`, and asks for nothing more."""
    if jws.header.get("alg") != ALGORITHM:
        raise Refusal(algorithm)
    if jws.header.get("typ") != typ:
        raise Refusal(type)
    if "crit" in jws.header or "b64" in jws.header:
        raise Refusal(Reason.MALFORMED)
