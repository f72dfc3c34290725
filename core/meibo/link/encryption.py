"""What only one side may read within a message: a compact JWE (ECDH-ES, A256GCM) under its public key."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from meibo.certificates.encoding import decode
from meibo.crypto.keys import KeyProvider
from meibo.errors import MessageRefused, SealBroken, SettingsError
from meibo.link.envelopes import KEY, public_jwk, signer_of
from meibo.link.states import Reason

ALGORITHMS = ["ECDH-ES", "A256GCM"]
MOST_ENCRYPTED = 16_777_216
"""Characters that are decrypted; a message is mostly smaller."""
VERSIONS = 2
"""Of our key that open what comes: the newest, and the one before."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An outside system that numbers may be sent to; its key stands in `<connector>.jwks.json` with `use` `enc`."""

    connector: str
    folder: Path

    def encrypt(self, text: str) -> str:
        """A text that nobody else can read; raises SettingsError where the system has handed over no such key."""
        key = self._key()
        header = {"alg": ALGORITHMS[0], "enc": ALGORITHMS[1], "kid": key.kid or ""}
        return jwe.encrypt_compact(header, text.encode(), key, algorithms=ALGORITHMS)

    def _key(self) -> ECKey:
        path = self.folder / f"{self.connector}.jwks.json"
        try:
            keys = orjson.loads(path.read_bytes())["keys"]
            [found] = [each for each in keys if each.get("use") == "enc" and "d" not in each]
            return ECKey.import_key({**found, "alg": ALGORITHMS[0]})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise SettingsError(
                f"{path.name} in MEIBO_LINK_FOLDER holds no key for encryption (`use`: `enc`): ask for it."
            ) from None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Ourselves, as those who encrypt for `purpose` know us: the key pair follows from the keys of whoever may read."""

    keys: KeyProvider
    purpose: str

    def public(self) -> dict[str, str]:
        """The key to which they encrypt, as a JWK."""
        return public_jwk(signer_of(self.keys, self._name)) | {"use": "enc", "alg": ALGORITHMS[0]}

    def decrypt(self, encrypted: str) -> bytes:
        """What was encrypted to us, under the newest key or the one before: a sender learns of a new one later.

        Raises MessageRefused where it was altered, or encrypted to another.
        """
        newest = self.keys.newest(KEY).version
        for version in range(newest, max(newest - VERSIONS, 0), -1):
            with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError, SealBroken):
                return self._decrypted(encrypted, version)
        raise MessageRefused(Reason.UNREADABLE)

    def _decrypted(self, encrypted: str, version: int) -> bytes:
        header = orjson.loads(decode(encrypted.partition(".")[0].encode()))
        if header.keys() - {"alg", "enc", "epk", "kid"}:  # `zip` above all: what is small stays small.
            raise ValueError
        registry = jwe.JWERegistry(algorithms=ALGORITHMS)
        registry.max_ciphertext_length = MOST_ENCRYPTED
        key = ECKey.import_key(signer_of(self.keys, self._name, version).private)
        return jwe.decrypt_compact(encrypted, key, registry=registry).plaintext or b""

    @property
    def _name(self) -> str:
        return f"{self.purpose}:encryption"
