"""A holder's wallet: proves its key as OpenID4VCI has it, also as it should not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.certificates.authority import Authority
from meibo.certificates.encoding import encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import jwk
from meibo.certificates.outcomes import Outcome
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.presenting import bind
from meibo.certificates.sdjwt.proof import TYP
from meibo.certificates.status.reading import StatusReader

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


async def verified(authority: Authority, text: str, key: EllipticCurvePrivateKey) -> Outcome:
    """What our verifier says of a certificate that its wallet shows, once the lists are published."""
    await authority.publisher.publish_due()
    expected = Expected("https://hospital.example", token_hex(8))
    shown = bind(text, key, audience=expected.audience, nonce=expected.nonce, at=clock.now())
    known = authority.verifier()
    fresh = StatusReader(known.trust, known.statuses.fetcher)  # One that has kept no list.
    return await replace(known, statuses=fresh).presentation(shown, expected)


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
