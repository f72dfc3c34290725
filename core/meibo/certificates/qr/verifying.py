"""Reads a QR certificate, from its link or bare: everything but its status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from meibo.certificates import cose
from meibo.certificates.checked import Checked
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.qr import claims as qr
from meibo.certificates.status.references import reference
from meibo.certificates.times import check_validity
from meibo.certificates.trust.issuers import Trust

LARGEST = 4_096
"""Characters of a link: more than any QR code holds."""


def check(text: str, trust: Trust, at: datetime) -> Checked:
    """The certificate in a link or in bare Base64URL; raises Refusal with the reason."""
    message = cose.read(_message(text))
    kid = message.protected.get(cose.KID)
    if not isinstance(kid, bytes):
        raise Refusal(Reason.KEY_UNKNOWN)
    certified = trust.key(encode(kid).decode(), Purpose.QR, at)
    if not es256.verifies(certified.key, message.signature, message.signed):
        raise Refusal(Reason.SIGNATURE)
    iss = next((name for name in certified.issuer.types if name in certified.names), None)
    if iss is None:
        raise Refusal(Reason.ISSUER)
    licence = message.claims.get(qr.LICENCE)
    if not isinstance(licence, Mapping) or not isinstance(licence.get(qr.TYPE), str):
        raise Refusal(Reason.CLAIM_MISSING)
    if licence[qr.TYPE] not in certified.issuer.types[iss]:
        raise Refusal(Reason.TYPE_FOREIGN)
    expires_at = check_validity(message.claims, (qr.IAT, qr.NBF, qr.EXP), at)
    status = reference(message.claims.get(qr.STATUS))
    told: dict[str, Any] = {str(name): value for name, value in licence.items() if name != qr.TYPE}
    return Checked(certified.issuer, iss, licence[qr.TYPE], told, expires_at, status, b"")


def _message(text: str) -> bytes:
    if len(text) > LARGEST:
        raise Refusal(Reason.TOO_LARGE)
    try:
        return decode(text.rpartition("#")[2].encode("ascii"))
    except ValueError as error:
        raise Refusal(Reason.MALFORMED) from error
