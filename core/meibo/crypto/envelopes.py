"""A random data key for each record, wrapped by a named key: renewal rewraps keys, not records."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from meibo.crypto.keys import KEY_BYTES, KeyProvider, seal, unseal_many


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored: sealed under version `version` of the named key."""

    wrapped: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """Wraps data keys under the key `name`; `context` ties each to its record."""

    keys: KeyProvider
    name: str

    def new(self, context: bytes) -> tuple[bytes, WrappedKey]:
        """A fresh 32-byte data key, in the clear and wrapped."""
        secret = secrets.token_bytes(KEY_BYTES)
        return secret, self.wrap(secret, context)

    def wrap(self, secret: bytes, context: bytes) -> WrappedKey:
        """`secret` under the newest key."""
        key = self.keys.newest(self.name)
        return WrappedKey(seal(key.secret, secret, context), key.version)

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """The data key; raises SealBroken for another record's, or another name's."""
        return unseal_many(self.keys.version(self.name, wrapped.version), wrapped.wrapped, context)
