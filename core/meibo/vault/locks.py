"""Locks that prove no other act is at work on the same number or enrolment; the transaction's end lets go."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, literal, select

from meibo.database.stores import UnitOfWork


async def lock(work: UnitOfWork, *names: int) -> None:
    """Wait for the named locks (signed 64-bit).

    On SQLite, BEGIN IMMEDIATE is the lock of the whole store; any statement brings it.
    """
    if work.connection.dialect.name != "postgresql":
        await work.connection.execute(select(literal(1)))
        return
    for name in sorted(names):
        await work.connection.execute(select(func.pg_advisory_xact_lock(name)))


def name_of(enrolment: UUID) -> int:
    """The lock of an enrolment's id."""
    return int.from_bytes(enrolment.bytes[:8], signed=True)
