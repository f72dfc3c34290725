"""The tables of links, in the register's store. A message's body is sealed; who asked for what, and what came of it,
is a row of its own, added alone."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Uuid,
)

from meibo.database.types import Instant
from meibo.register.tables import INSERT_ONLY, SCOPED, metadata

link_message = Table(
    "link_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("connector", String(32), nullable=False),
    Column("type", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("key_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_link_message_licence_id", "licence_id"),
    Index("ix_link_message_queue", "connector", "status", "requested_at", "id"),
    info=SCOPED,
)
"""The outbox; the id is the message's idempotency key."""

link_action = Table(
    "link_action",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("message_id", Uuid, ForeignKey("link_message.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("terminal", String(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_link_action_recorded_at", "recorded_at", "id"),
    info=SCOPED | INSERT_ONLY,
)
"""What was requested for a licence, and whether it was accepted or rejected, in the order of commits: each row is a
leaf of the audit log, and an event that a notice can follow."""

link_receipt = Table(
    "link_receipt",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("received_at", Instant, nullable=False),
)
"""The inbox: ids of messages that took effect, until `links.prune` forgets them; it holds none of their content."""

link_state = Table(
    "link_state",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("paused", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("open_until", Instant),
)
"""What all workers know of a connector: paused by hand, and how many deliveries failed in a row."""
