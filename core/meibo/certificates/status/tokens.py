"""Status list tokens: a list, signed by the status key, as JWT and as CWT; and their reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meibo.certificates import cose, jws
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Purpose, Signer
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.status.lists import StatusList, unpack
from meibo.certificates.times import SKEW, instant
from meibo.certificates.trust.issuers import Trust, TrustedIssuer

JWT_TYPE = "statuslist+jwt"
CWT_TYPE = "application/statuslist+cwt"
TTL = timedelta(seconds=30)
"""How long a reader may keep a list: with the publisher's beat, a change is known everywhere within a minute."""
LIFETIME = timedelta(hours=24)
"""How long a token may serve where no newer one comes through."""
OLDEST = timedelta(hours=24)
"""The age beyond which we believe no list, whatever end it names."""
SUB, EXP, IAT, STATUS_LIST, TIME_TO_LIVE = 2, 4, 6, 65533, 65534
"""Claims of the CWT."""


@dataclass(frozen=True, slots=True)
class Token:
    """One list at one instant, in both forms."""

    jwt: bytes
    cwt: bytes


def write(signer: Signer, uri: str, listed: StatusList, at: datetime) -> Token:
    """The tokens of the list at an address."""
    packed = listed.packed()
    iat, exp, ttl = int(at.timestamp()), int((at + LIFETIME).timestamp()), int(TTL.total_seconds())
    told = {"bits": listed.bits, "lst": encode(packed).decode()}
    claims = {"sub": uri, "iat": iat, "exp": exp, "ttl": ttl, "status_list": told}
    binary = {SUB: uri, IAT: iat, EXP: exp, TIME_TO_LIVE: ttl}
    binary_list = {STATUS_LIST: {"bits": listed.bits, "lst": packed}}
    head = {cose.TYP: CWT_TYPE, cose.KID: decode(signer.kid.encode()), cose.X5CHAIN: _chain(signer)}
    return Token(
        jws.Writer(signer, JWT_TYPE).write(claims), cose.write(signer, head, {**binary, **binary_list})
    )


def _chain(signer: Signer) -> bytes | list[bytes]:
    """The chain as COSE has it: one certificate bare, several in a list (RFC 9360)."""
    return signer.chain[0] if len(signer.chain) == 1 else list(signer.chain)


@dataclass(frozen=True, slots=True)
class Held:
    """A list that was read: as of when, and until when it may be kept."""

    listed: StatusList
    as_of: datetime
    fresh_until: datetime


def read(token: bytes, uri: str, issuer: TrustedIssuer, trust: Trust, at: datetime) -> Held:
    """The list of an address in a JWT; raises Refusal unless the status key of that very issuer signed it lately."""
    found = _taken_apart(token)
    _check_signer(found, issuer, trust, at)
    if found.payload.get("sub") != uri:
        raise Refusal(Reason.STATUS_SUBJECT)
    as_of = instant(found.payload.get("iat"), Reason.STATUS_MALFORMED)
    ends_at = min(as_of + OLDEST, instant(found.payload.get("exp", 2**40), Reason.STATUS_MALFORMED))
    if as_of > at + SKEW or at >= ends_at + SKEW:
        raise Refusal(Reason.STATUS_AGE)
    return Held(_listed(found), as_of, min(ends_at, at + _ttl(found)))


def _taken_apart(token: bytes) -> jws.JWS:
    try:
        found = jws.read(token)
        jws.demand(found, JWT_TYPE, algorithm=Reason.STATUS_TYPE, type=Reason.STATUS_TYPE)
    except Refusal as refusal:
        is_type = refusal.reason is Reason.STATUS_TYPE
        raise Refusal(Reason.STATUS_TYPE if is_type else Reason.STATUS_MALFORMED) from refusal
    return found


def _check_signer(found: jws.JWS, issuer: TrustedIssuer, trust: Trust, at: datetime) -> None:
    try:
        certified = trust.certified(found.header.get("x5c"), Purpose.STATUS, at)
    except Refusal as refusal:
        raise Refusal(Reason.STATUS_SIGNER) from refusal
    if certified.issuer.id != issuer.id or not es256.verifies(certified.key, found.signature, found.signed):
        raise Refusal(Reason.STATUS_SIGNER)


def _listed(found: jws.JWS) -> StatusList:
    told = found.payload.get("status_list")
    if not isinstance(told, dict) or not isinstance(told.get("lst"), str):
        raise Refusal(Reason.STATUS_MALFORMED)
    try:
        packed = decode(told["lst"].encode("ascii"))
    except ValueError as error:
        raise Refusal(Reason.STATUS_MALFORMED) from error
    return unpack(told.get("bits"), packed)


def _ttl(found: jws.JWS) -> timedelta:
    """How long the list may be kept: as it says, and no longer than we keep our own."""
    told = found.payload.get("ttl", TTL.total_seconds())
    if isinstance(told, bool) or not isinstance(told, int | float) or told <= 0:
        raise Refusal(Reason.STATUS_MALFORMED)
    return min(timedelta(seconds=min(told, 86_400)), TTL)
