"""Data keys and lookup hashes, in a store of their own: a number goes where its row here goes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from meibo.clock import now
from meibo.crypto.envelopes import WrappedKey
from meibo.database.among import is_one_of
from meibo.database.bulk import Ready, by_index, pour_tables
from meibo.database.direct.sqlite import BUSY_SECONDS
from meibo.database.stores import Database
from meibo.vault.kinds import NumberKind
from meibo.vault.refusals import duplicate_number, settle
from meibo.vault.tables import data_key, lookup

BATCH = 1_000
NIL = UUID(int=0)
SCRUB = ("busy_timeout = 0", "wal_checkpoint(TRUNCATE)", f"busy_timeout = {BUSY_SECONDS * 1000}")


@dataclass(frozen=True, slots=True)
class LookupHash:
    """A keyed hash by which a number is found, and the version of its key."""

    hash: bytes
    version: int


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """Whether the data key is there, or when it was destroyed."""

    held: bool
    destroyed_at: datetime | None


class KeyStore:
    """Keeps wrapped data keys and lookup hashes by enrolment, in the store `keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect

    async def put(
        self, enrolment: UUID, file: str, kind: NumberKind, wrapped: WrappedKey, found_by: LookupHash
    ) -> None:
        """Keep a key and its hash. Raises Refused (DUPLICATE) where either is there already."""
        await settle(lambda: self._put(enrolment, file, kind, wrapped, found_by), duplicate_number)

    async def put_new(self, rows: Mapping[str, Ready]) -> None:
        """Keep many new keys and hashes in one commit: `rows` are those of NewRows. Raises IntegrityError for any that
        is there."""
        async with self._database.write() as work:
            await pour_tables(work.connection, (data_key, lookup), rows)
            await work.commit()

    async def find_many(self, file: str, kind: NumberKind, hashes: Sequence[bytes]) -> dict[bytes, UUID]:
        """The enrolments of those of the hashes that are kept."""
        columns, found = (lookup.c.hash, lookup.c.enrolment), dict[bytes, UUID]()
        async with self._database.read() as connection:
            await by_index(connection)
            for start in range(0, len(hashes), BATCH):
                some = is_one_of(lookup.c.hash, hashes[start : start + BATCH], self.dialect)
                rows = select(*columns).where(lookup.c.file == file, lookup.c.kind == kind, some)
                found |= {bytes(hash): enrolment for hash, enrolment in await connection.execute(rows)}
        return found

    async def get(self, enrolment: UUID) -> WrappedKey | None:
        """The wrapped key; None where it was destroyed or never kept (`held_status` tells which)."""
        found = select(data_key.c.wrapped, data_key.c.key_version).where(data_key.c.enrolment == enrolment)
        async with self._database.read() as connection:
            row = (await connection.execute(found)).one_or_none()
        return None if row is None or row.wrapped is None else WrappedKey(row.wrapped, row.key_version)

    async def get_many(self, enrolments: Sequence[UUID]) -> dict[UUID, WrappedKey]:
        """The wrapped keys of those of the enrolments whose keys are held."""
        columns = (data_key.c.enrolment, data_key.c.wrapped, data_key.c.key_version)
        found: dict[UUID, WrappedKey] = {}
        async with self._database.read() as connection:
            await by_index(connection)
            for start in range(0, len(enrolments), BATCH):
                some = is_one_of(data_key.c.enrolment, enrolments[start : start + BATCH], self.dialect)
                rows = select(*columns).where(some, data_key.c.wrapped.is_not(None))
                found |= {id: WrappedKey(key, version) for id, key, version in await connection.execute(rows)}
        return found

    async def find(self, file: str, kind: NumberKind, hashes: Iterable[LookupHash]) -> UUID | None:
        """The enrolment of the number with one of these hashes: one for each version of the key in force."""
        found = select(lookup.c.enrolment).where(
            lookup.c.file == file, lookup.c.kind == kind, lookup.c.hash.in_([h.hash for h in hashes])
        )
        async with self._database.read() as connection:
            return await connection.scalar(found)

    async def versions(self, file: str, kind: NumberKind) -> range:
        """The versions of the lookup key from the oldest to the newest that a row remembers."""
        rows = (lookup.c.file == file, lookup.c.kind == kind)
        oldest = select(func.min(lookup.c.key_version)).where(*rows).scalar_subquery()
        newest = select(func.max(lookup.c.key_version)).where(*rows).scalar_subquery()
        async with self._database.read() as connection:
            low, high = (await connection.execute(select(oldest, newest))).one()
        return range(0) if low is None else range(low, high + 1)

    async def destroy(self, enrolments: Sequence[UUID]) -> None:
        """Destroy keys and hashes for good; what is left says when. Again is no harm."""
        async with self._database.write() as work:
            await work.connection.execute(delete(lookup).where(lookup.c.enrolment.in_(enrolments)))
            await work.connection.execute(
                update(data_key)
                .where(data_key.c.enrolment.in_(enrolments), data_key.c.wrapped.is_not(None))
                .values(wrapped=None, destroyed_at=now())
            )
            await work.commit()
        await self._scrub()

    async def held_status(self, enrolments: Iterable[UUID]) -> dict[UUID, KeyStatus]:
        """The status of each key, destroyed ones included; nothing for an enrolment that never had one."""
        found = select(data_key.c.enrolment, data_key.c.wrapped.is_not(None), data_key.c.destroyed_at).where(
            data_key.c.enrolment.in_(list(enrolments))
        )
        async with self._database.read() as connection:
            return {id: KeyStatus(held, at) for id, held, at in await connection.execute(found)}

    async def keys_before(self, instant: datetime) -> AsyncIterator[list[UUID]]:
        """The enrolments whose keys were made before `instant` and are held, in batches, for reconciling."""
        last = NIL
        while True:
            page = (
                select(data_key.c.enrolment)
                .where(
                    data_key.c.created_at < instant,
                    data_key.c.wrapped.is_not(None),
                    data_key.c.enrolment > last,
                )
                .order_by(data_key.c.enrolment)
                .limit(BATCH)
            )
            async with self._database.read() as connection:
                batch = list((await connection.scalars(page)).all())
            if not batch:
                return
            last = batch[-1]
            yield batch

    async def _put(
        self, enrolment: UUID, file: str, kind: NumberKind, wrapped: WrappedKey, found_by: LookupHash
    ) -> None:
        row = {"enrolment": enrolment, "file": file, "kind": kind}
        key = {"wrapped": wrapped.wrapped, "key_version": wrapped.version, "created_at": now()}
        async with self._database.write() as work:
            await work.connection.execute(insert(data_key).values({**row, **key}))
            hashed = {"hash": found_by.hash, "key_version": found_by.version}
            await work.connection.execute(insert(lookup).values({**row, **hashed}))
            await work.commit()

    async def _scrub(self) -> None:
        """Take what was destroyed out of SQLite's log too, as far as readers let it."""
        if not self._database.is_sqlite:
            return
        async with self._database.read() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            for pragma in SCRUB:
                async with raw.execute(f"PRAGMA {pragma}") as cursor:
                    await cursor.fetchall()
