"""Locks that prove no other act is at work on the same number or enrolment; the transaction's end lets go."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, literal, select

from meibo.database.stores import UnitOfWork

EVERY = 0x65766572  # "ever": single acts share it, so that an act on many waits for them, and they for it.


async def lock(work: UnitOfWork, *names: int) -> None:
    """Wait for the named locks (signed 64-bit).

    On SQLite, BEGIN IMMEDIATE is the lock of the whole store; any statement brings it.
    """
    if work.connection.dialect.name != "postgresql":
        await work.connection.execute(select(literal(1)))
        return
    await work.connection.execute(select(func.pg_advisory_xact_lock_shared(EVERY)))
    for name in sorted(names):
        await work.connection.execute(select(func.pg_advisory_xact_lock(name)))


async def lock_every(work: UnitOfWork) -> None:
    """Wait until no act is at work on any number or enrolment, and keep others waiting."""
    postgresql = work.connection.dialect.name == "postgresql"
    await work.connection.execute(select(func.pg_advisory_xact_lock(EVERY) if postgresql else literal(1)))


def name_of(enrolment: UUID) -> int:
    """The lock of an enrolment's id."""
    return int.from_bytes(enrolment.bytes[:8], signed=True)
