"""How rows of pass lists are kept: sealed, and found by keyed hashes, both under one version of the register's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec

from meibo.crypto.keys import Key, KeyProvider, derive, mac, seal, unseal
from meibo.errors import SealBroken
from meibo.exchange.inbound.matching import identity_of
from meibo.exchange.inbound.messages import PassRow
from meibo.link.envelopes import KEY
from meibo.register.search import HASH_BYTES
from meibo.values.names import name_key


@dataclass(frozen=True, slots=True)
class PassSeals:
    """Seals, opens and finds the rows of one profession; a key that is renewed leaves old rows as they are."""

    keys: KeyProvider
    profession: str

    def kept(self, year: int, row: PassRow) -> dict[str, Any]:
        """The columns of a row, under the newest key."""
        id, key = uuid4(), self._key(self.keys.newest(KEY))
        who = identity_of(row.family_name + row.given_name, row.birth_date.isoformat())
        return {
            "id": id, "key_version": key.version, "sealed": seal(key.secret, msgspec.json.encode(row), id.bytes),
            "number_hash": _hash(key, _number(year, row.number)), "person_hash": _hash(key, _person(year, *who)),
        }  # fmt: skip

    def open(self, row: Any) -> PassRow:
        """A kept row; raises SealBroken."""
        key = self._key(self.keys.version(KEY, row.key_version))
        return msgspec.json.decode(unseal(key.secret, row.sealed, row.id.bytes), type=PassRow)

    def number_hashes(self, year: int, number: str) -> list[bytes]:
        """What the rows of a year with this number are found by."""
        return [_hash(key, _number(year, number)) for key in self._every_key()]

    def person_hashes(self, year: int, full_name: str, birth_date: str) -> list[bytes]:
        """What the rows of a year with this name, variants folded, and day of birth are found by."""
        text = _person(year, *identity_of(full_name, birth_date))
        return [_hash(key, text) for key in self._every_key()]

    def _every_key(self) -> Iterator[Key]:
        """Each version under which rows may have been kept."""
        for version in range(self.keys.newest(KEY).version, 0, -1):
            with suppress(SealBroken):  # What was kept under a key that is gone cannot be opened any more.
                yield self._key(self.keys.version(KEY, version))

    def _key(self, key: Key) -> Key:
        return derive(key, f"pass-lists/{self.profession}")


def _number(year: int, number: str) -> str:
    return f"number|{year}|{name_key(number)}"


def _person(year: int, name: str, birth_date: str) -> str:
    return f"person|{year}|{name}|{birth_date}"


def _hash(key: Key, text: str) -> bytes:
    return mac(derive(key, "hashes"), text.encode())[:HASH_BYTES]
