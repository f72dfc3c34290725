"""Fills a data set: processes prepare rows by our own functions, and copy them into the tables.

Left out is what no measured query shows: individual numbers and their vault; in a narrow set also search keys,
all groups but the register's, and the peers' copy.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import select

from bench import plain
from bench.cluster import Cluster
from bench.doctors import CODE, Doctors
from bench.installation import Dataset, make_installation
from meibo.audit.sequencer import Sequencer
from meibo.audit.sources import Change
from meibo.crypto.keys import FileKeys
from meibo.database.recording import record_instant
from meibo.database.stores import Store
from meibo.host import Host, load_host
from meibo.installation import migrate, open_installation
from meibo.register import tables
from meibo.register.leaves import RegisterChanges
from meibo.register.writing import LicenceWriter

PART = 1_000
"""Doctors that are prepared and copied together."""
TOLD_EVERY = 50_000

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Table -> rows, parents first; the rows of a table have the same columns."""


def load(dataset: Dataset, tell: Callable[[str], None]) -> None:
    """Make and fill a data set, unless that was done."""
    asyncio.run(_load(dataset, tell))


async def _load(dataset: Dataset, tell: Callable[[str], None]) -> None:
    if await dataset.cluster.has_database(f"{dataset.name}_done"):
        await migrate(dataset.settings, load_host())
        return
    tell(f"Loading {dataset.doctors:,} doctors …")
    await make_installation(dataset)
    await dataset.cluster.make_database(dataset.plain)
    await _run(dataset.cluster, dataset.plain, plain.TABLES, as_owner=True)
    await _copy_into(dataset.cluster, dataset.plain, {"prefecture": plain.prefectures()})
    async with open_installation(dataset.settings) as installation:
        scope = installation.scopes.of(CODE)
        async with installation.register.write([scope]) as work:
            at = await record_instant(work.connection)
            await work.commit()
    await asyncio.to_thread(_load_parts, dataset, scope, at, tell)
    await _run(dataset.cluster, dataset.plain, plain.INDEXES, as_owner=True)
    await _place_last(dataset)
    for database in (dataset.register, dataset.plain):
        await _run(dataset.cluster, database, "vacuum (analyze)")
    await _run(dataset.cluster, "postgres", "checkpoint")
    await dataset.cluster.make_database(f"{dataset.name}_done")


def _load_parts(dataset: Dataset, scope: int, at: datetime, tell: Callable[[str], None]) -> None:
    firsts = range(1, dataset.doctors + 1, PART)
    done = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = (pool.submit(_load_part, dataset, scope, first, at) for first in firsts)
        for part in list(parts):
            done += part.result()
            if done % TOLD_EVERY == 0:
                tell(f"  {done:,}")


def _load_part(dataset: Dataset, scope: int, first: int, at: datetime) -> int:
    """Prepare and copy one part; gives how many doctors it has."""
    last = min(first + PART, dataset.doctors + 1)
    register, copied = prepared(dataset, scope, range(first, last), at)
    asyncio.run(_copy_part(dataset, register, copied))
    return last - first


async def _copy_part(dataset: Dataset, register: Rows, copied: Rows) -> None:
    await _copy_into(dataset.cluster, dataset.register, register)
    await _copy_into(dataset.cluster, dataset.plain, copied)


def prepared(dataset: Dataset, scope: int, indexes: Iterable[int], at: datetime) -> tuple[Rows, Rows]:
    """The rows of doctors in our tables, and in the plain ones."""
    doctors, keys = _doctors(dataset.narrow), FileKeys(dataset.settings.key_folder("register"))
    unconnected: Any = None  # Rows are queued here and copied, never flushed.
    writer = LicenceWriter(unconnected, doctors.profession, scope, keys)
    copied: dict[str, list[Mapping[str, Any]]] = {"doctor": [], "disposition": []}
    for index in indexes:
        doctor = doctors.write(writer, index, at)
        if not dataset.narrow:
            writer.add_search_keys(doctor.licence, doctor.record)
            writer.add_unique_values(doctor.licence, doctor.record)
            copied["doctor"].append(plain.doctor_row(doctor))
            copied["disposition"].extend(plain.disposition_rows(doctor))
    names = [table.name for table in tables.metadata.sorted_tables]
    return {name: writer.rows[name] for name in names if name in writer.rows}, copied


@cache
def _host() -> Host:
    return load_host(only={CODE})


@cache
def _doctors(narrow: bool) -> Doctors:
    return Doctors(_host(), narrow=narrow)


async def _copy_into(cluster: Cluster, database: str, rows: Rows) -> None:
    """Binary COPY as superuser: row-level security and foreign keys, which these rows meet, are not asked."""
    connection = await cluster.connect(database)
    await connection.execute("set synchronous_commit = off; set session_replication_role = replica")
    for table, found in rows.items():
        if found:
            columns = list(found[0])
            await connection.copy_records_to_table(table, records=_records(found, columns), columns=columns)
    await connection.close()


def _records(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return (tuple(row[column] for column in columns) for row in rows)


async def _run(cluster: Cluster, database: str, statements: str, *, as_owner: bool = False) -> None:
    connection: asyncpg.Connection[Any] = await cluster.connect(database, "bench_owner" if as_owner else None)
    await connection.execute(statements)
    await connection.close()


class _LastActs:
    """The last of the loaded acts alone: the audit log's tree begins with it, so that no server that is measured
    gives hundreds of thousands of entries their places meanwhile."""

    name = RegisterChanges.name

    def __init__(self, changes: RegisterChanges) -> None:
        self.of = changes

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The last row where none has a place yet."""
        row = tables.action.c
        newest = select(row.recorded_at, row.id).order_by(row.recorded_at.desc(), row.id.desc()).limit(2)
        async with self.of.database.read(self.of.scopes.values()) as connection:
            before_last = (await connection.execute(newest)).all()[-1]
        cursor = f"{before_last.recorded_at.isoformat()}|{before_last.id.hex}"
        return [] if after else await self.of.changes(cursor, 1)


async def _place_last(dataset: Dataset) -> None:
    async with open_installation(dataset.settings) as installation:
        changes = RegisterChanges(installation.databases[Store.REGISTER], installation.scopes.numbers)
        audit, named = installation.databases[Store.AUDIT], installation.facts["id"]
        await Sequencer(audit, installation.keys, [_LastActs(changes)], named).run_once()
        while await installation.sequencer.run_once():
            pass
