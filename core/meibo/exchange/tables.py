"""Where each feed stands, and what its other side is known to have. Bodies and entries are sealed."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, SmallInteger, String, Table, Uuid

from meibo.database.types import Instant
from meibo.exchange.sides import side_key
from meibo.register.tables import SCOPED, metadata

feed = Table(
    "feed",
    metadata,
    *side_key(),
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

feed_item = Table(
    "feed_item",
    metadata,
    *side_key(),
    Column("path", String(130), primary_key=True),
    Column("master", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    info=SCOPED,
)
"""Which side changes an item; where no row says so, ours does."""

feed_heard = Table(
    "feed_heard",
    metadata,
    *side_key(),
    Column("heard_until", String(64), nullable=False),
    info=SCOPED,
)
"""Up to which cursor of theirs we have heard what was changed there."""

feed_change = Table(
    "feed_change",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("change_id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id")),
    Column("outcome", String(32), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("key_version", Integer),
    Column("sealed", LargeBinary),
    info=SCOPED,
)
"""What came of each change of theirs, once. One that a person has to look at is kept, sealed, until that is done."""

feed_medium = Table(
    "feed_medium",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("connector", String(32), nullable=False),
    Column("scope", SmallInteger, nullable=False),
    Column("batch_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", String(64), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("account", String(64), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("received_at", Instant),
    Column("destroyed_at", Instant),
    info=SCOPED,
)
"""The media on which batches were carried: who wrote which, when the other side had it, when it was destroyed."""
