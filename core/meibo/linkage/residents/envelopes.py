"""A file as it travels: signed by who wrote it (JWS, ES256), then encrypted to who reads it (JWE, ECDH-ES, A256GCM).

Nobody between the two sees more than its size. Where it lies meanwhile, it lies so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import KeySigner
from meibo.linkage.residents.codec import MOST_BYTES, FileReason, refused
from meibo.linkage.residents.layout import Part

ALGORITHM, ENCRYPTION = "ECDH-ES", "A256GCM"
MOST_WRAPPED = MOST_BYTES * 2
"""Of a file as it travels: twice in Base64URL, which adds a third each time."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the signature: `typ` says which way the file goes, so that neither side's own comes back to it."""

    alg: str
    typ: str
    kid: str


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the encryption. There is no `zip` among these: what is small here stays small when it is opened."""

    alg: str
    enc: str
    epk: dict[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Peer:
    """The other side's public keys: those by which it signs, by `kid`, and the one to which we encrypt."""

    signing: Mapping[str, EllipticCurvePublicKey]
    encryption: EllipticCurvePublicKey


@dataclass(frozen=True, slots=True, repr=False)
class Envelopes:
    """Wraps what one side writes, and opens what the other did."""

    signer: KeySigner
    private: EllipticCurvePrivateKey
    peer: Peer

    def wrap(self, part: Part, plain: bytes) -> bytes:
        """A file, ready to travel."""
        head = msgspec.json.encode(Header("ES256", _typ(part), self.signer.kid))
        signed = encode(head) + b"." + encode(plain)
        signed += b"." + encode(self.signer.sign(signed))
        key = ECKey.import_key(self.peer.encryption)
        header = {"alg": ALGORITHM, "enc": ENCRYPTION}
        return jwe.encrypt_compact(header, signed, key, registry=_registry()).encode()

    def open(self, part: Part, raw: bytes) -> bytes:
        """The file; raises MessageRefused where it is too large, not for us, or not from the other side."""
        if len(raw) > MOST_WRAPPED:
            raise refused(FileReason.OVERSIZED)
        signed, _, signature = self._decrypted(raw).rpartition(b".")
        head, _, plain = signed.partition(b".")
        header = _strict(Header, _decoded(head))
        key = self.peer.signing.get(header.kid)
        if (header.alg, header.typ) != ("ES256", _typ(part)) or key is None:
            raise refused(FileReason.UNREADABLE)
        if not es256.verifies(key, _decoded(signature), signed):
            raise refused(FileReason.UNREADABLE)
        return _decoded(plain)

    def _decrypted(self, raw: bytes) -> bytes:
        outer = _strict(Outer, _decoded(raw.partition(b".")[0]))
        if (outer.alg, outer.enc) != (ALGORITHM, ENCRYPTION):
            raise refused(FileReason.UNREADABLE)
        try:
            opened = jwe.decrypt_compact(raw, ECKey.import_key(self.private), registry=_registry())
        except (JoseError, ValueError, TypeError, KeyError):
            raise refused(FileReason.UNREADABLE) from None
        return opened.plaintext or b""


def _registry() -> jwe.JWERegistry:
    """Our two algorithms alone, and no smaller limit than ours."""
    registry = jwe.JWERegistry(algorithms=[ALGORITHM, ENCRYPTION])
    registry.max_ciphertext_length = MOST_WRAPPED
    return registry


def _typ(part: Part) -> str:
    return f"meibo-residents-{part}"


def _decoded(part: bytes) -> bytes:
    try:
        return decode(part)
    except ValueError:
        raise refused(FileReason.UNREADABLE) from None


def _strict(form: type[msgspec.Struct], raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw, type=form, strict=True)
    except msgspec.DecodeError:
        raise refused(FileReason.UNREADABLE) from None
