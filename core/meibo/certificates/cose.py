"""COSE_Sign1 under ES256 (RFC 9052, section 4.2), tagged 18."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cbor2

from meibo.certificates.keys.signers import Signer
from meibo.certificates.outcomes import Reason, Refusal

SIGN1 = 18
ALG, CRIT, KID, TYP, X5CHAIN = 1, 2, 4, 16, 33
"""Labels of header parameters (RFC 9052, RFC 9596, RFC 9360)."""
ES256 = -7


def write(signer: Signer, protected: Mapping[int, Any], payload: Mapping[Any, Any]) -> bytes:
    """The tagged message with these protected headers, `alg` among them, and the payload as a CBOR map."""
    head = cbor2.dumps({ALG: ES256, **protected}, canonical=True)
    body = cbor2.dumps(payload, canonical=True)
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [head, {}, body, signer.sign(to_be_signed(head, body))]))


def to_be_signed(head: bytes, body: bytes) -> bytes:
    """The Sig_structure."""
    return cbor2.dumps(["Signature1", head, b"", body])


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message taken apart; nothing of it is believed yet."""

    protected: Mapping[Any, Any]
    claims: Mapping[Any, Any]
    signed: bytes
    signature: bytes


def read(message: bytes) -> Sign1:
    """Take a message apart; raises Refusal MALFORMED for anything else, ALGORITHM for another than ES256."""
    tag = load(message)
    if not isinstance(tag, cbor2.CBORTag) or tag.tag != SIGN1:
        raise Refusal(Reason.MALFORMED)
    match tag.value:
        case [bytes(head), Mapping(), bytes(body), bytes(signature)]:
            protected, claims = load(head), load(body)
        case _:
            raise Refusal(Reason.MALFORMED)
    if not isinstance(protected, Mapping) or not isinstance(claims, Mapping) or CRIT in protected:
        raise Refusal(Reason.MALFORMED)
    if protected.get(ALG) != ES256:
        raise Refusal(Reason.ALGORITHM)
    return Sign1(protected, claims, to_be_signed(head, body), signature)


def load(text: bytes) -> Any:
    """One CBOR value and nothing after it; raises Refusal MALFORMED for anything else."""
    stream = BytesIO(text)
    try:
        value = cbor2.load(stream)
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refusal(Reason.MALFORMED) from error
    if stream.tell() != len(text):
        raise Refusal(Reason.MALFORMED)
    return value
