"""Who signs: a private key, its certificates, and the purposes that keep keys apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc.jwk import ECKey

from meibo.certificates.keys import es256

ARC = "2.25.168874824959178130978971181482716895745"
"""An arc of our own (X.667, of a random UUID) for the extended key usages below."""


class Purpose(StrEnum):
    """What a key may sign. Keys are never shared: one that leaks forges one kind of thing."""

    CERTIFICATE = "certificate"
    QR = "qr"
    STATUS = "status"
    RECEIPT = "receipt"

    @property
    def usage(self) -> x509.ObjectIdentifier:
        """The extended key usage by which a signing certificate says so."""
        return x509.ObjectIdentifier(f"{ARC}.{list(Purpose).index(self) + 1}")


class Signer(Protocol):
    """A key that signs. A file today; PKCS#11 or a KMS implements the same three."""

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint of the public key, in Base64URL."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Its certificates in DER, its own first, without the anchor."""

    def sign(self, message: bytes) -> bytes:
        """The ES256 signature, 64 bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class KeySigner:
    """A signer whose private key is in memory; it never prints itself."""

    private: EllipticCurvePrivateKey
    kid: str
    chain: tuple[bytes, ...]

    @classmethod
    def of(cls, private: EllipticCurvePrivateKey, *chain: x509.Certificate) -> KeySigner:
        """The signer of a key and its certificates."""
        ders = tuple(each.public_bytes(Encoding.DER) for each in chain)
        return cls(private, thumbprint(private.public_key()), ders)

    def sign(self, message: bytes) -> bytes:
        return es256.sign(self.private, message)

    def __repr__(self) -> str:
        return f"KeySigner({self.kid})"


def jwk(key: EllipticCurvePublicKey) -> dict[str, str]:
    """The public JWK."""
    exported = ECKey.import_key(key).as_dict(private=False)
    return {name: str(exported[name]) for name in ("kty", "crv", "x", "y")}


def thumbprint(key: EllipticCurvePublicKey) -> str:
    """The RFC 7638 thumbprint of a public key (SHA-256, Base64URL)."""
    return ECKey.import_key(key).thumbprint()
