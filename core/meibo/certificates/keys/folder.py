"""Signing keys in a folder: private ones sealed under the register's key, certificates beside them, roots, CRLs.

<kid>.key     the private key, sealed
<kid>.pem     its certificate, once the root has signed it
*.root.pem    the roots that sign; their private keys are on another machine
*.crl         the roots' revocation lists
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from meibo.certificates.keys import certificates
from meibo.certificates.keys.certificates import BACKDATED
from meibo.certificates.keys.signers import KeySigner, Purpose, thumbprint
from meibo.certificates.outcomes import Refusal
from meibo.certificates.trust import chains
from meibo.crypto.envelopes import Envelope, WrappedKey
from meibo.crypto.keys import KeyProvider
from meibo.errors import OperatorError

NAME = "signing-keys"
"""The key under which private keys are sealed."""
LEAD = timedelta(days=7)
"""How long a new key is published before it signs, so that offline verifiers know it by then."""
VERSION_BYTES = 4
SETTLED = 1_000_000_000
"""Nanoseconds after which a change of the folder has its own instant."""
ROOT = ".root.pem"


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key with its certificate: what for, and as whom."""

    kid: str
    purpose: Purpose
    uri: str
    certificate: x509.Certificate

    @property
    def since(self) -> datetime:
        """When its certificate was made."""
        return self.certificate.not_valid_before_utc + BACKDATED

    def stands(self, at: datetime, until: datetime) -> bool:
        """Whether its certificate holds from one instant to another."""
        known = self.certificate
        return known.not_valid_before_utc <= at and until < known.not_valid_after_utc


class KeyFolder:
    """The signing keys of an installation; reads the folder again when it has changed."""

    def __init__(self, folder: Path, keys: KeyProvider) -> None:
        self.folder = folder
        self._envelope = Envelope(keys, NAME)
        self._held: tuple[HeldKey, ...] = ()
        self._signers: dict[str, KeySigner] = {}
        self._read_at = -1

    def request(self, name: str, uri: str, purpose: Purpose) -> x509.CertificateSigningRequest:
        """Make a key, keep it sealed, and ask for its certificate."""
        key = certificates.new_key()
        kid = thumbprint(key.public_key())
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        wrapped = self._envelope.wrap(der, kid.encode())
        self._write(f"{kid}.key", wrapped.version.to_bytes(VERSION_BYTES) + wrapped.wrapped)
        return certificates.request(key, name, uri, purpose)

    def install(self, pem: bytes) -> HeldKey:
        """Take a certificate and the root that signed it, both in one PEM; raises OperatorError where it is of no key
        here, or not signed by that root."""
        try:
            leaf, root = x509.load_pem_x509_certificates(pem)
            chains.path([leaf], [root])
            held = _held(leaf)
        except (ValueError, Refusal) as error:
            raise OperatorError(
                "This is not a certificate with its root: take the file that `meibo keys sign` wrote."
            ) from error
        if held is None or not (self.folder / f"{held.kid}.key").is_file():
            raise OperatorError("There is no key here for this certificate: it was asked for elsewhere.")
        fingerprint = root.fingerprint(SHA256()).hex()[:16]
        self._write(f"{fingerprint}{ROOT}", root.public_bytes(Encoding.PEM))
        self._write(f"{held.kid}.pem", leaf.public_bytes(Encoding.PEM))
        return held

    def held(self) -> tuple[HeldKey, ...]:
        """Every key with a certificate, the newest first."""
        changed_at = self.folder.stat().st_mtime_ns if self.folder.is_dir() else 0
        if changed_at != self._read_at:
            found = (each for each in sorted(self.folder.glob("*.pem")) if not each.name.endswith(ROOT))
            keys = (_held(x509.load_pem_x509_certificate(each.read_bytes())) for each in found)
            self._held = tuple(sorted(filter(None, keys), key=lambda each: each.since, reverse=True))
            # A folder that has just changed may change again within the tick of its clock.
            self._read_at = changed_at if time.time_ns() - changed_at > SETTLED else -1
        return self._held

    def published(self, at: datetime) -> list[HeldKey]:
        """The keys that verifiers shall know: those that sign, the next ones, and old ones until their end."""
        return [each for each in self.held() if each.stands(at, at)]

    def signer(self, purpose: Purpose, uri: str, at: datetime, until: datetime | None = None) -> KeySigner:
        """The key that signs as `uri` at an instant what holds until another: the newest that has been published for a
        week, else the first one.

        Raises OperatorError where there is none.
        """
        fit = [k for k in self.held() if (k.purpose, k.uri) == (purpose, uri) and k.stands(at, until or at)]
        if not fit:
            raise OperatorError(
                f"There is no {purpose} key that signs as {uri}: make one with `meibo keys request`."
            )
        chosen = next((k for k in fit if k.since + LEAD <= at), fit[-1])
        return self._signer(chosen)

    def roots(self) -> list[x509.Certificate]:
        """The anchors."""
        files = sorted(self.folder.glob(f"*{ROOT}"))
        return [x509.load_pem_x509_certificate(each.read_bytes()) for each in files]

    def crls(self) -> list[x509.CertificateRevocationList]:
        """The revocation lists."""
        return read_crls(self.folder)

    def _signer(self, held: HeldKey) -> KeySigner:
        if held.kid not in self._signers:
            sealed = (self.folder / f"{held.kid}.key").read_bytes()
            wrapped = WrappedKey(sealed[VERSION_BYTES:], int.from_bytes(sealed[:VERSION_BYTES]))
            key = load_der_private_key(self._envelope.unwrap(wrapped, held.kid.encode()), None)
            assert isinstance(key, EllipticCurvePrivateKey)
            self._signers[held.kid] = KeySigner.of(key, held.certificate)
        return self._signers[held.kid]

    def _write(self, name: str, content: bytes) -> None:
        """Write a file that its owner alone reads, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{name}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.folder / name)


def read_crls(folder: Path) -> list[x509.CertificateRevocationList]:
    """The revocation lists in a folder, in PEM or DER; raises ValueError for a file that is neither."""
    return [_crl(each.read_bytes()) for each in sorted(folder.glob("*.crl"))]


def _crl(content: bytes) -> x509.CertificateRevocationList:
    is_pem = content.startswith(b"-----BEGIN")
    return x509.load_pem_x509_crl(content) if is_pem else x509.load_der_x509_crl(content)


def _held(leaf: x509.Certificate) -> HeldKey | None:
    """The key of a signing certificate; None for another certificate."""
    key, uris = leaf.public_key(), chains.names_of(leaf)
    purposes: Sequence[Purpose] = [each for each in Purpose if _is_for(leaf, each)]
    if not isinstance(key, EllipticCurvePublicKey) or len(purposes) != 1 or len(uris) != 1:
        return None
    return HeldKey(thumbprint(key), purposes[0], next(iter(uris)), leaf)


def _is_for(leaf: x509.Certificate, purpose: Purpose) -> bool:
    try:
        chains.key_for(leaf, purpose)
    except Refusal:
        return False
    return True
