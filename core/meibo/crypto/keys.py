"""Where keys come from. Rows remember the version of the key that served them, so keys can be renewed."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from meibo.errors import SealBroken, SettingsError
from meibo.randomness import random_bytes

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A named secret of 32 bytes and its version; it never prints itself."""

    name: str
    version: int
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.name} v{self.version})"


class KeyProvider(Protocol):
    """Gives keys by name: the newest, or the version that a row remembers. Files today; PKCS#11, KMS or
    HashiCorp-Vault transit implement the same two methods."""

    def newest(self, name: str) -> Key:
        """The key in force, made on first use where the provider may make keys."""

    def version(self, name: str, version: int) -> Key:
        """That version; raises SealBroken where it is gone."""


class FileKeys:
    """Keys as files `<folder>/<name>.<version>`, readable by their owner alone. For development and small offices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[tuple[str, int], Key] = {}
        self._newest: dict[str, Key] = {}

    def __reduce__(self) -> tuple[type[FileKeys], tuple[Path]]:
        """Another process is told the folder, never a key."""
        return FileKeys, (self.folder,)

    def newest(self, name: str) -> Key:
        if name not in self._newest:
            self._newest[name] = self._find(name) or self._make(name, 1)
        return self._newest[name]

    def version(self, name: str, version: int) -> Key:
        if (name, version) not in self._known:
            path = self._path(name, version)
            if not path.is_file():
                raise SealBroken
            self._known[name, version] = Key(name, version, _secret(path))
        return self._known[name, version]

    def renew(self, name: str) -> Key:
        """Make the next version; rows sealed before still open under theirs."""
        found = self._find(name)
        return self._make(name, found.version + 1 if found else 1)

    def _make(self, name: str, version: int) -> Key:
        """That version, made unless another process was first."""
        _write_once(self._path(name, version), secrets.token_bytes(KEY_BYTES))
        self._newest[name] = self.version(name, version)
        return self._newest[name]

    def _find(self, name: str) -> Key | None:
        path = self._path(name, 0)
        versions = [int(p.suffix[1:]) for p in path.parent.glob(f"{path.stem}.*") if p.suffix[1:].isdecimal()]
        return self.version(name, max(versions)) if versions else None

    def _path(self, name: str, version: int) -> Path:
        return self.folder / f"{name}.{version}"


def _secret(path: Path) -> bytes:
    """The key in a file; a short one is another process's that is still being written, or damaged."""
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise SettingsError(f"The key file {path.name} is damaged: restore it from its backup.")
    return secret


def _write_once(path: Path, secret: bytes) -> None:
    """Write a key file whole or not at all; where another process was first, theirs counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


@lru_cache(1000)
def derive(key: Key, purpose: str) -> Key:
    """A key of its own for one purpose (HKDF-SHA-256). Those asked for last are kept: each takes two HMACs."""
    hkdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=f"meibo:{purpose}".encode())
    return Key(f"{key.name}:{purpose}", key.version, hkdf.derive(key.secret))


def mac(key: Key, message: bytes) -> bytes:
    """HMAC-SHA-256, 32 bytes."""
    return hmac.digest(key.secret, message, "sha256")


def seal(secret: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-256-GCM under a 32-byte secret: nonce, then ciphertext; `context` says where it belongs."""
    return seal_with(AESGCM(secret), plain, context)


def seal_with(cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
    """As `seal`, with the cipher of a secret that seals much: making one takes longer than using it."""
    nonce = random_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, context)


def unseal(secret: bytes, sealed: bytes, context: bytes) -> bytes:
    """What `seal` sealed; raises SealBroken where anything differs, place included."""
    return unseal_with(AESGCM(secret), sealed, context)


def unseal_with(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    """As `unseal`, with the cipher of a secret that opens much."""
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


@lru_cache(100)
def cipher_of(key: Key) -> AESGCM:
    """The cipher for `seal_with` and `unseal_with` of a key that seals or opens much."""
    return AESGCM(key.secret)


def veil(key: Key, plain: bytes) -> bytes:
    """Deterministic authenticated encryption (AES-SIV): equal in, equal out. For opaque ids and cursors only."""
    return veiling(key).encrypt(plain, [])


def unveil(key: Key, veiled: bytes) -> bytes:
    """What `veil` veiled; raises SealBroken for anything else."""
    try:
        return veiling(key).decrypt(veiled, [])
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


@lru_cache(100)
def veiling(key: Key) -> AESSIV:
    """The cipher of `veil`, for who veils much under one key."""
    return AESSIV(derive(key, "siv:a").secret + derive(key, "siv:b").secret)
