"""What the other sides are known to have of each licence, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.connectors import Message
from meibo.crypto.keys import KeyProvider, derive, seal, unseal
from meibo.exchange.sides import of_side
from meibo.exchange.tables import feed_entry
from meibo.exchange.views import Difference, View
from meibo.link.envelopes import KEY
from meibo.professions.compiled import Profession
from meibo.register.fold import on
from meibo.register.opening import open_licence


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals what waits to be sent and what was told, each for its place; the version of the key stands beside it."""

    keys: KeyProvider

    def seal(self, message: Message, place: bytes) -> tuple[int, bytes]:
        """(key version, sealed)."""
        version = self.keys.newest(KEY).version
        return version, seal(self._secret(version), msgspec.json.encode(message), place)

    def open(self, version: int, sealed: bytes, place: bytes) -> bytes:
        """The message's JSON; raises SealBroken."""
        return unseal(self._secret(version), sealed, place)

    def _secret(self, version: int) -> bytes:
        return derive(self.keys.version(KEY, version), "exchange").secret


@dataclass(frozen=True, slots=True)
class Entries:
    """Compares a profession's licences with what one other side has."""

    profession: Profession
    scope: int
    view: View
    keys: KeyProvider

    async def difference(self, connection: AsyncConnection, licence: UUID) -> Difference | None:
        """What the other side lacks of a licence, which counts as told from here on; None where it lacks nothing."""
        known = await open_licence(connection, self.profession, self.keys, licence)
        assert known is not None  # No licence is ever deleted.
        segment = on(known.segments, clock.today())
        now = self.view.entry(known.pseudonym, segment) if segment else None
        told = await self._told(connection, licence)
        if told == now:
            return None
        await self._remember(connection, licence, now)
        return Difference(known.pseudonym, told, now)

    async def forget(self, connection: AsyncConnection) -> None:
        """The other side has nothing."""
        mine = of_side(feed_entry, self.view.connector, self.scope)
        await connection.execute(delete(feed_entry).where(mine))

    async def _told(self, connection: AsyncConnection, licence: UUID) -> Message | None:
        row = (await connection.execute(select(feed_entry).where(self._of(licence)))).one_or_none()
        if row is None:
            return None
        body = Seals(self.keys).open(row.key_version, row.sealed, self._place(licence))
        told: Message = msgspec.json.decode(body, type=self.view.form.entry)
        return told

    async def _remember(self, connection: AsyncConnection, licence: UUID, now: Message | None) -> None:
        await connection.execute(delete(feed_entry).where(self._of(licence)))
        if now is None:
            return
        version, sealed = Seals(self.keys).seal(now, self._place(licence))
        row = {
            "connector": self.view.connector, "licence_id": licence, "scope": self.scope,
            "key_version": version, "sealed": sealed,
        }  # fmt: skip
        await connection.execute(insert(feed_entry), row)

    def _of(self, licence: UUID) -> ColumnElement[bool]:
        return (feed_entry.c.connector == self.view.connector) & (feed_entry.c.licence_id == licence)

    def _place(self, licence: UUID) -> bytes:
        """Where an entry belongs: it opens nowhere else."""
        return f"{self.view.connector}|{licence.hex}".encode()
