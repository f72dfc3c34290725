"""Proofs of a key: what a wallet signs so that a certificate is bound to it (OpenID4VCI 1.0, appendix F.1, `jwt`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meibo.certificates import jws
from meibo.certificates.keys import es256
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.sdjwt.binding import OLDEST
from meibo.certificates.sdjwt.issuing import holder_key
from meibo.certificates.times import SKEW, instant
from meibo.errors import InvalidValue

TYP = "openid4vci-proof+jwt"
LARGEST = 8_192
"""Characters of a proof."""
OTHER_KEYS = frozenset({"kid", "x5c", "trust_chain"})
"""What may name a key in place of `jwk`: none of it stands in a certificate, and beside `jwk` it is forbidden."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A public key (JWK) whose holder signed for us, and the nonce upon which."""

    holder: Mapping[str, str]
    nonce: str


def check(proof: str, audience: str, at: datetime) -> Proven:
    """The key that a proof is of; whether its nonce is one of ours, `Nonces` knows.

    Raises Refusal unless the key in its header signed it lately, for this audience.
    """
    token = jws.read(_bytes(proof))
    jws.demand(token, TYP, algorithm=Reason.ALGORITHM, type=Reason.TYPE)
    holder = _key(token.header)
    if not es256.verifies(es256.public_key(holder), token.signature, token.signed):
        raise Refusal(Reason.SIGNATURE)
    _check_time(token.payload, at)
    if token.payload.get("aud") != audience:
        raise Refusal(Reason.AUDIENCE)
    nonce = token.payload.get("nonce")
    if not isinstance(nonce, str):
        raise Refusal(Reason.NONCE)
    return Proven(holder, nonce)


def _bytes(proof: str) -> bytes:
    if len(proof) > LARGEST:
        raise Refusal(Reason.TOO_LARGE)
    try:
        return proof.encode("ascii")
    except UnicodeEncodeError as error:
        raise Refusal(Reason.MALFORMED) from error


def _key(header: Mapping[str, Any]) -> dict[str, str]:
    jwk = header.get("jwk")
    if not isinstance(jwk, Mapping) or OTHER_KEYS & header.keys():
        raise Refusal(Reason.KEY_UNKNOWN)
    try:
        return holder_key(jwk)
    except InvalidValue as error:
        raise Refusal(Reason.KEY_UNKNOWN) from error


def _check_time(payload: Mapping[str, Any], at: datetime) -> None:
    made_at = instant(payload.get("iat"), Reason.MALFORMED)
    if made_at > at + SKEW:
        raise Refusal(Reason.NOT_YET_VALID)
    if made_at < at - OLDEST - SKEW:
        raise Refusal(Reason.EXPIRED)
