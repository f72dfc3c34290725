"""Pass lists (合格者名簿): read, and kept row by row under the register's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.crypto.keys import Key, KeyProvider, derive, mac, seal, unseal
from meibo.database.inserting import insert_new
from meibo.errors import MessageRefused
from meibo.exchange.inbound.matching import identity_of
from meibo.exchange.inbound.messages import PassList, PassRow
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.link.encryption import Addressee
from meibo.link.envelopes import KEY
from meibo.link.states import Reason
from meibo.linkage.papers import read_lines
from meibo.register.search import HASH_BYTES, search_key_of
from meibo.values.names import name_key


@dataclass(frozen=True, slots=True)
class Lists:
    """Takes lists, and seals and opens their rows; `scopes` gives each profession's number."""

    keys: KeyProvider
    scopes: Mapping[str, int]

    def key(self, connector: str) -> dict[str, str]:
        """The register's key, as a JWK, to which the sender encrypts."""
        return self._addressee(connector).public()

    async def take(self, connection: AsyncConnection, connector: str, message: PassList) -> None:
        """Keep a list, unless it is known; one that it replaces counts no more. Raises MessageRefused."""
        rows = read_lines(PassRow, self._addressee(connector).decrypt(message.encrypted), message.count)
        if len({name_key(row.number) for row in rows}) != len(rows):
            raise MessageRefused(Reason.DUPLICATE)
        id, scope = uuid4(), self.scopes[message.profession]
        values = {
            "id": id, "scope": scope, "connector": connector, "list": message.list, "year": message.year,
            "size": message.count, "received_at": clock.now(),
        }  # fmt: skip
        unique = (pass_list.c.connector, pass_list.c.scope, pass_list.c.list)
        if (await connection.execute(insert_new(pass_list, *unique).values(values))).rowcount != 1:
            return
        if message.replaces is not None:
            await self._replace(connection, connector, scope, message)
        entries = self._entries(message, scope, id, rows)
        await connection.execute(insert(pass_entry), entries)

    def open(self, row: Any) -> PassRow:
        """A kept row; raises SealBroken."""
        key = self._seal_key(row.key_version)
        return msgspec.json.decode(unseal(key.secret, row.sealed, row.id.bytes), type=PassRow)

    def number_hash(self, profession: str, year: int, number: str) -> bytes:
        """What the rows of a year with this number are found by."""
        return self._hash(profession, f"number|{year}|{name_key(number)}")

    def person_hash(self, profession: str, year: int, full_name: str, birth_date: str) -> bytes:
        """What the rows of a year with this name, variants folded, and day of birth are found by."""
        return self._hash(profession, f"person|{year}|{'|'.join(identity_of(full_name, birth_date))}")

    def _entries(
        self, message: PassList, scope: int, list_id: UUID, rows: Sequence[PassRow]
    ) -> list[dict[str, Any]]:
        key, code, year = self._seal_key(), message.profession, message.year
        found = []
        for row in rows:
            id, full_name = uuid4(), row.family_name + row.given_name
            found.append(
                {
                    "id": id, "scope": scope, "list_id": list_id, "key_version": key.version,
                    "number_hash": self.number_hash(code, year, row.number),
                    "person_hash": self.person_hash(code, year, full_name, row.birth_date.isoformat()),
                    "sealed": seal(key.secret, msgspec.json.encode(row), id.bytes),
                }
            )  # fmt: skip
        return found

    async def _replace(
        self, connection: AsyncConnection, connector: str, scope: int, message: PassList
    ) -> None:
        """The wrong list counts no more; raises MessageRefused where there is none of this year."""
        row = pass_list.c
        wrong = (row.connector == connector) & (row.scope == scope) & (row.list == message.replaces)
        replaced = update(pass_list).where(wrong, row.year == message.year, row.replaced_at.is_(None))
        if (await connection.execute(replaced.values(replaced_at=clock.now()))).rowcount != 1:
            raise MessageRefused(Reason.UNKNOWN_REQUEST)

    def _hash(self, profession: str, text: str) -> bytes:
        return mac(search_key_of(self.keys, profession), f"pass|{text}".encode())[:HASH_BYTES]

    def _seal_key(self, version: int | None = None) -> Key:
        found = self.keys.newest(KEY) if version is None else self.keys.version(KEY, version)
        return derive(found, "pass-lists")

    def _addressee(self, connector: str) -> Addressee:
        return Addressee(self.keys, f"pass-list:{connector}")
