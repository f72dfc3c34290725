"""Kinds of jobs for tests: what they do is a row, so that doing it twice shows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from meibo.database.stores import Database
from meibo.jobs import Handler, JobKind, Lease, Payload
from meibo.register.tables import installation as facts


class Note(Payload, frozen=True):
    """A row to write."""

    id: UUID


NOTE = JobKind("test.note", Note, most_attempts=3, lease=timedelta(seconds=5))


async def note(lease: Lease, payload: Note) -> None:
    """Write a row that says by which fence it was written; the same row twice would be refused."""
    async with lease.write() as work:
        row = {"name": f"note-{payload.id}", "value": str(lease.fence)}
        await work.connection.execute(insert(facts), row)
        await work.commit()


BRIEF = JobKind("test.brief_note", Note, most_attempts=100, lease=timedelta(seconds=2))


async def slowly(lease: Lease, payload: Note) -> None:
    """The same, with time to die before it."""
    await asyncio.sleep(0.02)
    await note(lease, payload)


def noting() -> Handler[Note]:
    return Handler(NOTE, note)


async def notes(database: Database) -> dict[str, str]:
    """id -> fence of every row that was written."""
    async with database.read() as connection:
        rows = await connection.execute(facts.select().where(facts.c.name.startswith("note-")))
        return {row.name.removeprefix("note-"): row.value for row in rows}
