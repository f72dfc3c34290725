"""Pass lists (合格者名簿): read, and kept row by row under the register's keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.crypto.keys import KeyProvider
from meibo.database.inserting import insert_new
from meibo.errors import MessageRefused
from meibo.exchange.inbound.messages import PassList, PassRow
from meibo.exchange.inbound.sealing import PassSeals
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.exchange.sides import of_side
from meibo.link.encryption import Addressee
from meibo.link.states import Reason
from meibo.linkage.papers import read_lines
from meibo.values.names import name_key


@dataclass(frozen=True, slots=True)
class Lists:
    """Takes lists; `scopes` gives each profession's number."""

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
        seals = self.seals(message.profession)
        entries = [seals.kept(message.year, row) | {"scope": scope, "list_id": id} for row in rows]
        await connection.execute(insert(pass_entry), entries)

    def seals(self, profession: str) -> PassSeals:
        """What opens and finds the rows of a profession."""
        return PassSeals(self.keys, profession)

    async def _replace(
        self, connection: AsyncConnection, connector: str, scope: int, message: PassList
    ) -> None:
        """The wrong list counts no more; raises MessageRefused where there is none of this year."""
        row = pass_list.c
        wrong = of_side(pass_list, connector, scope) & (row.list == message.replaces)
        replaced = update(pass_list).where(wrong, row.year == message.year, row.replaced_at.is_(None))
        if (await connection.execute(replaced.values(replaced_at=clock.now()))).rowcount != 1:
            raise MessageRefused(Reason.UNKNOWN_REQUEST)

    def _addressee(self, connector: str) -> Addressee:
        return Addressee(self.keys, f"pass-list:{connector}")
