"""The table of jobs, in the register's store. A row says what is to be done with which rows, never with what values."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, SmallInteger, String, Table, Uuid

from meibo.database.names import NAMES
from meibo.database.types import Instant

metadata = MetaData(naming_convention=NAMES)

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("payload", String(400), nullable=False),
    Column("dedupe_key", String(128), unique=True),
    Column("state", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("enqueued_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("failure", String(64)),
    Index("ix_job_state_priority_due_at", "state", "priority", "due_at"),
)
"""`due_at` is the instant from which a worker may take the job: of a running one, the end of its lease. `fence` grows
with every taking, so that a worker that comes back late is known. `failure` is a code, never a message."""
