"""How a number is sealed, and how it is found: pure functions of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import orjson

from meibo.crypto.envelopes import Envelope, WrappedKey
from meibo.crypto.keys import Key, KeyProvider, derive, mac, seal, unseal
from meibo.errors import SealBroken
from meibo.values.pseudonyms import PersonId
from meibo.vault.keystore import LookupHash
from meibo.vault.kinds import NumberKind

PADDED_BYTES = 160
"""Every number is sealed at this length, so that a ciphertext does not tell its own; the longest is 128."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed number belongs. It opens nowhere else."""

    enrolment: UUID
    person: PersonId
    file: str
    kind: NumberKind

    def context(self, table: str) -> bytes:
        """The associated data of a seal in `table`."""
        return orjson.dumps([table, str(self.enrolment), self.person, self.file, self.kind])


@dataclass(frozen=True, slots=True)
class NumberSeals:
    """Seals under a data key for each enrolment, wrapped by the file administrator's key `numbers/<file>`."""

    keys: KeyProvider

    def new_key(self, place: Place) -> WrappedKey:
        """A fresh data key, wrapped."""
        return self._envelope(place).new(place.context("data_key"))[1]

    def sealed_anew(self, place: Place, number: str) -> tuple[WrappedKey, bytes]:
        """A fresh data key, wrapped, and the number sealed under it."""
        secret, wrapped = self._envelope(place).new(place.context("data_key"))
        return wrapped, seal(secret, _pad(number), place.context("enrolment"))

    def seal(self, place: Place, wrapped: WrappedKey, number: str) -> bytes:
        """The number, padded and sealed. Raises SealBroken where the key is another place's."""
        return seal(self._secret(place, wrapped), _pad(number), place.context("enrolment"))

    def open(self, place: Place, wrapped: WrappedKey, sealed: bytes) -> str:
        """The number. Raises SealBroken where the key or the seal is another place's."""
        return _unpad(unseal(self._secret(place, wrapped), sealed, place.context("enrolment")))

    def newest_hash(self, file: str, kind: NumberKind, number: str) -> LookupHash:
        """The hash that a new row gets, under `lookup/<file>`: no two files or kinds have one in common."""
        [key] = self._lookups(file, kind, ())
        return LookupHash(mac(key, number.encode()), key.version)

    def hashes(self, file: str, kind: NumberKind, number: str, versions: Iterable[int]) -> list[LookupHash]:
        """The number's hashes under each of the versions that is still in force, and under the newest."""
        keys = self._lookups(file, kind, versions)
        return [LookupHash(mac(key, number.encode()), key.version) for key in keys]

    def by_hash(
        self, file: str, kind: NumberKind, numbers: Sequence[str], versions: Iterable[int]
    ) -> dict[bytes, str]:
        """Many numbers by all their `hashes`."""
        return {
            mac(key, number.encode()): number
            for key in self._lookups(file, kind, versions)
            for number in numbers
        }

    def mark(self, file: str, profession: str, kind: NumberKind, number: str) -> str:
        """The number as records outside the vault may name it, equal within one profession only.

        The key is the vault's: under one of the registers' keys, trying all numbers would find this one.
        """
        key = derive(self.keys.newest(f"lookup/{file}"), f"mark:{profession}:{kind}")
        return mac(key, number.encode()).hex()

    def lock(self, file: str, kind: NumberKind, number: str) -> int:
        """A signed 64-bit name for a lock on the number, which nothing stores."""
        key = derive(self.keys.newest(f"lookup/{file}"), f"lock:{kind}")
        return int.from_bytes(mac(key, number.encode())[:8], signed=True)

    def _lookups(self, file: str, kind: NumberKind, versions: Iterable[int]) -> list[Key]:
        """What hashes a file's numbers of a kind: the newest key, and those of the versions that are there."""
        keys = [self.keys.newest(f"lookup/{file}")]
        for version in set(versions) - {keys[0].version}:
            with suppress(SealBroken):
                keys.append(self.keys.version(f"lookup/{file}", version))
        return [derive(key, f"lookup:{kind}") for key in keys]

    def _secret(self, place: Place, wrapped: WrappedKey) -> bytes:
        return self._envelope(place).unwrap(wrapped, place.context("data_key"))

    def _envelope(self, place: Place) -> Envelope:
        return Envelope(self.keys, f"numbers/{place.file}")


def _pad(number: str) -> bytes:
    """Its length in one byte, the number, zeros."""
    plain = number.encode("ascii")
    return (len(plain).to_bytes(1) + plain).ljust(PADDED_BYTES, b"\0")


def _unpad(padded: bytes) -> str:
    return padded[1 : 1 + padded[0]].decode("ascii")
