"""Verification receipts: what was checked, what it came to, when, for whom. Anybody can check one with the JWKS.

A receipt is a JWS of a type of its own, by a key that signs nothing else. It holds names of claims, never values, and
a hash of what was presented: whoever filed that can show that it was this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from meibo.certificates import jws
from meibo.certificates.authority import Authority
from meibo.certificates.encoding import encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Purpose, thumbprint
from meibo.certificates.outcomes import Reason, Refusal
from meibo.errors import InvalidValue
from meibo.verifying.requests import Shown, Verdict

TYP = "verification-receipt+jwt"
LARGEST = 16_384


@dataclass(slots=True)
class Receipts:
    """Signs receipts of one installation."""

    authority: Authority
    _writers: dict[str, jws.Writer] = field(default_factory=dict)

    def write(self, partner: str, shown: Shown, verdict: Verdict) -> str:
        """The receipt of a check; raises OperatorError without a key for receipts."""
        signer = self.authority.receipt_signer()
        if signer.kid not in self._writers:
            self._writers[signer.kid] = jws.Writer(signer, TYP)
        payload = {
            "iss": self.authority.names.origin,
            "aud": partner,
            "iat": int(verdict.checked_at.timestamp()),
            "verification": _told(shown, verdict),
        }
        return self._writers[signer.kid].write(payload).decode()


def presented_hash(text: str) -> str:
    """What stands for what was presented: SHA-256 in Base64URL, of a QR certificate without its page's address."""
    return encode(sha256(text.rpartition("#")[2].encode("utf-8", "surrogatepass")).digest()).decode()


def check_receipt(text: str, jwks: bytes) -> Mapping[str, Any]:
    """What a receipt says, if one of the keys for receipts in a JWKS (or a trust list) signed it.

    Raises InvalidValue `receipt.invalid` for anything else, whatever is wrong with it.
    """
    try:
        if len(text) > LARGEST:
            raise Refusal(Reason.TOO_LARGE)
        token = jws.read(text.strip().encode("ascii"))
        jws.demand(token, TYP, algorithm=Reason.ALGORITHM, type=Reason.TYPE)
        key = _key(jwks, token.header.get("kid"), token.payload.get("iss"))
        if not es256.verifies(es256.public_key(key), token.signature, token.signed):
            raise Refusal(Reason.SIGNATURE)
    except (Refusal, ValueError, KeyError, TypeError) as error:
        raise InvalidValue(
            "receipt.invalid",
            "この検証記録は、公開された鍵では確認できません。",
            "None of these keys signed this as a verification receipt.",
        ) from error
    return token.payload


def _key(jwks: bytes, kid: object, iss: object) -> Mapping[str, Any]:
    """The key of an id that signs receipts in the name of `iss`."""
    for key in orjson.loads(jwks)["keys"]:
        if (key["kid"], key["purpose"], key["iss"]) == (kid, Purpose.RECEIPT, iss):
            if thumbprint(es256.public_key(key)) != kid:
                break
            found: Mapping[str, Any] = key
            return found
    raise Refusal(Reason.KEY_UNKNOWN)


def _told(shown: Shown, verdict: Verdict) -> dict[str, Any]:
    told = {
        "means": shown.means,
        "presented": presented_hash(shown.text),
        "outcome": verdict.outcome,
        "standing": verdict.standing,
        "certificate": verdict.certificate,
        "reason": verdict.reason,
        "checked_at": verdict.checked_at,
        "status_as_of": verdict.status_as_of,
        "profession": verdict.profession,
        "type": verdict.type,
        "issuer": verdict.issuer,
        "purpose": verdict.purpose,
        "claims": sorted(verdict.claims),
        "subject": verdict.subject,
        "reference": verdict.reference,
    }
    return {name: value for name, value in told.items() if value is not None}
