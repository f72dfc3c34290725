"""Reads a presentation of an SD-JWT VC: everything but its status, which needs a list from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from meibo.certificates import jws
from meibo.certificates.checked import Checked
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.sdjwt import binding
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.issuing import TYP
from meibo.certificates.sdjwt.revealing import reveal
from meibo.certificates.status.references import reference
from meibo.certificates.times import check_validity
from meibo.certificates.trust.issuers import Trust, TrustedIssuer

LARGEST = 65_536
"""Bytes of a presentation."""
MOST_DISCLOSURES = 256
JUDGED_BY = ("iat", "nbf", "exp")
TECHNICAL = frozenset({"iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
"""Claims about the certificate; all others are about the licence."""


def check(presentation: str, expected: Expected | None, trust: Trust, at: datetime) -> Checked:
    """The certificate in a presentation; `expected` None takes one without key binding.

    Raises Refusal with the reason, signature first: nothing is said of what nobody signed.
    """
    text = _bytes(presentation)
    shown, tilde, bound = text.rpartition(b"~")
    signed, *disclosures = shown.split(b"~")
    if not tilde:
        raise Refusal(Reason.MALFORMED)
    if len(disclosures) > MOST_DISCLOSURES:
        raise Refusal(Reason.TOO_LARGE)
    token = jws.read(signed)
    jws.demand(token, TYP, algorithm=Reason.ALGORITHM, type=Reason.TYPE)
    issuer, iss = _signed_by(token, trust, at)
    claims = reveal(token.payload, disclosures)
    _check_type(claims, issuer.types[iss])
    expires_at = check_validity(claims, JUDGED_BY, at)
    status = reference(claims.get("status"))
    bound_by = b""
    if expected:
        bound_by = binding.check(bound, shown + b"~", claims.get("cnf"), expected, at)
    told = {name: value for name, value in claims.items() if name not in TECHNICAL}
    return Checked(issuer, iss, claims["vct"], told, expires_at, status, bound_by)


def _bytes(presentation: str) -> bytes:
    if len(presentation) > LARGEST:
        raise Refusal(Reason.TOO_LARGE)
    try:
        return presentation.encode("ascii")
    except UnicodeEncodeError as error:
        raise Refusal(Reason.MALFORMED) from error


def _signed_by(token: jws.JWS, trust: Trust, at: datetime) -> tuple[TrustedIssuer, str]:
    """The issuer whose chain and signature hold, and its name by `iss`, which its certificate must carry."""
    certified = trust.certified(token.header.get("x5c"), Purpose.CERTIFICATE, at)
    if not es256.verifies(certified.key, token.signature, token.signed):
        raise Refusal(Reason.SIGNATURE)
    iss = token.payload.get("iss")
    if iss not in certified.names or iss not in certified.issuer.types:
        raise Refusal(Reason.ISSUER)
    return certified.issuer, str(iss)


def _check_type(claims: Mapping[str, Any], types: frozenset[str]) -> None:
    """Refuse a type that this issuer has no say in; its URL, if it is one, is never fetched."""
    if not isinstance(claims.get("vct"), str):
        raise Refusal(Reason.CLAIM_MISSING)
    if claims["vct"] not in types:
        raise Refusal(Reason.TYPE_FOREIGN)
