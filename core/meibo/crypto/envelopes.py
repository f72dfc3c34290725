"""A random data key for each record, wrapped by a named key: renewal rewraps keys, not records."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meibo.crypto.keys import KEY_BYTES, KeyProvider, cipher_of, seal_with, unseal_with


class WrappedKey(NamedTuple):
    """A data key as it is stored: sealed under version `version` of the named key."""

    wrapped: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """Wraps data keys under the key `name`; `context` ties each to its record."""

    keys: KeyProvider
    name: str
    _ciphers: dict[int, AESGCM] = field(default_factory=dict, compare=False, repr=False)
    """Of the key's versions that were met: an envelope serves one request, or one run of a job."""

    def new(self, context: bytes) -> tuple[bytes, WrappedKey]:
        """A fresh 32-byte data key, in the clear and wrapped."""
        secret = secrets.token_bytes(KEY_BYTES)
        return secret, self.wrap(secret, context)

    def wrap(self, secret: bytes, context: bytes) -> WrappedKey:
        """`secret` under the newest key."""
        key = self.keys.newest(self.name)
        return WrappedKey(seal_with(cipher_of(key), secret, context), key.version)

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """The data key; raises SealBroken for another record's, or another name's."""
        return self.opened(wrapped.wrapped, wrapped.version, context)

    def opened(self, wrapped: bytes, version: int, context: bytes) -> bytes:
        """As `unwrap`, for who reads hundreds at once."""
        cipher = self._ciphers.get(version) or self._cipher(version)
        return unseal_with(cipher, wrapped, context)

    def _cipher(self, version: int) -> AESGCM:
        return self._ciphers.setdefault(version, cipher_of(self.keys.version(self.name, version)))
