"""Where each feed stands, and what its other side is known to have. Bodies and entries are sealed."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, SmallInteger, String, Table, Uuid

from meibo.register.tables import SCOPED, metadata

feed = Table(
    "feed",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("scope", SmallInteger, primary_key=True, autoincrement=False),
    Column("series", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("told_until", String(80), nullable=False),
    Column("told_on", Date, nullable=False),
    Column("pending_id", Uuid),
    Column("key_version", Integer),
    Column("pending", LargeBinary),
    info=SCOPED,
)
"""`number` is the last batch that the other side took; `told_until` the last action, `told_on` the last day, that
went into one. A pending batch is sent as it is until it is taken."""

feed_entry = Table(
    "feed_entry",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("licence_id", Uuid, ForeignKey("licence.id"), primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    info=SCOPED,
)
"""What the other side was last told of a licence."""
