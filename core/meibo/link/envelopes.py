"""A message on the wire: a compact JWS (ES256) around an envelope that names sender, addressee, instant and type.

A message that came in is believed in this order: size, form, signature, addressee, instant, type, body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)

from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import KeySigner, jwk
from meibo.connectors import Connector, Message, Received
from meibo.crypto.keys import KeyProvider, derive
from meibo.errors import MessageRefused
from meibo.link.states import Reason

TYP = "meibo-link+jws"
KEY = "link"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256: a private key lies between 1 and this."""
ACCEPTED, REJECTED = "accepted", "rejected"


class Accepted(Message, frozen=True):
    """The outside system does what it was asked."""


class Rejected(Message, frozen=True):
    """It does not, and says why by a code of its own."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z][A-Z_]{0,31}$")]


ANSWERS: Mapping[str, type[Message]] = {ACCEPTED: Accepted, REJECTED: Rejected}


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The protected header: exactly these, so that nothing else can be asked of a verifier."""

    alg: str
    typ: str
    kid: str


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed; `iat` in seconds, `re` the message that this one answers."""

    id: UUID
    iss: str
    aud: str
    iat: int
    type: str
    body: msgspec.Raw
    re: UUID | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message may be at most."""

    bytes: int
    skew: timedelta


def signer_of(keys: KeyProvider, connector: str, version: int | None = None) -> KeySigner:
    """Our key for one connector, from the key provider's `link` key, the newest or one before; the partner gets its
    public half. Raises SealBroken where the version is gone."""
    key = keys.newest(KEY) if version is None else keys.version(KEY, version)
    secret = derive(key, f"link:{connector}").secret
    scalar = int.from_bytes(secret) % (ORDER - 1) + 1
    return KeySigner.of(derive_private_key(scalar, SECP256R1()))


def public_jwk(signer: KeySigner) -> dict[str, str]:
    """The public half, as a JWK with its `kid`."""
    key: EllipticCurvePrivateKey = signer.private
    return {**jwk(key.public_key()), "kid": signer.kid, "alg": "ES256", "use": "sig"}


def write(signer: KeySigner, envelope: Envelope) -> bytes:
    """The compact JWS of an envelope."""
    head = msgspec.json.encode(Header("ES256", TYP, signer.kid))
    signed = encode(head) + b"." + encode(msgspec.json.encode(envelope))
    return signed + b"." + encode(signer.sign(signed))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what one connector's system sends to `us`; `keys` are its public keys by `kid`."""

    connector: Connector
    us: str
    keys: Mapping[str, EllipticCurvePublicKey]
    limits: Limits

    def by_hand(self, within: timedelta) -> Reader:
        """The same for what is carried by hand, which may be as old as that."""
        return replace(self, limits=replace(self.limits, skew=within))

    def read(self, raw: bytes, at: datetime) -> Received:
        """The message; raises MessageRefused with the first reason that applies."""
        if len(raw) > self.limits.bytes:
            raise MessageRefused(Reason.OVERSIZED)
        signed, _, tail = raw.rpartition(b".")
        head, _, body = signed.partition(b".")
        header = _strict(Header, _decoded(head))
        if (header.alg, header.typ) != ("ES256", TYP) or not self._verifies(
            header.kid, signed, _decoded(tail)
        ):
            raise MessageRefused(Reason.BAD_SIGNATURE)
        envelope = _strict(Envelope, _decoded(body))
        if (envelope.iss, envelope.aud) != (self.connector.name, self.us):
            raise MessageRefused(Reason.MISADDRESSED)
        if abs(envelope.iat - at.timestamp()) > self.limits.skew.total_seconds():
            raise MessageRefused(Reason.STALE)
        schema = self._schema(envelope)
        return Received(envelope.id, envelope.type, _strict(schema, bytes(envelope.body)), envelope.re, raw)

    def _schema(self, envelope: Envelope) -> type[Message]:
        """What the body must be: an answer of core's, which answers something, or a message that was declared."""
        core = ANSWERS.get(envelope.type) if envelope.re else None
        schema = core or self.connector.receives.get(envelope.type)
        if schema is None:
            raise MessageRefused(Reason.UNKNOWN_TYPE)
        return schema

    def _verifies(self, kid: str, signed: bytes, signature: bytes) -> bool:
        key = self.keys.get(kid)
        return key is not None and es256.verifies(key, signature, signed)


def _decoded(part: bytes) -> bytes:
    try:
        return decode(part)
    except ValueError:
        raise MessageRefused(Reason.MALFORMED) from None


def _strict(schema: type[Any], raw: bytes) -> Any:
    """JSON of exactly this form; nothing of what stands there is repeated."""
    try:
        return msgspec.json.decode(raw, type=schema, strict=True)
    except msgspec.DecodeError:
        raise MessageRefused(Reason.MALFORMED) from None


def read_jwks(content: bytes, use: str = "sig") -> dict[str, EllipticCurvePublicKey]:
    """The keys of a JWKS for a use (signatures, unless they say otherwise) by `kid`; raises ValueError for anything but
    public P-256 keys with one."""
    try:
        keys = [each for each in orjson.loads(content)["keys"] if each.get("use", "sig") == use]
        return {str(each["kid"]): es256.public_key(each) for each in keys}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no JWKS") from error
