"""The register's tables of certificates: which instances there are, and the lists that say whether they hold.

A list is of no profession and no prefecture, so its address tells nothing; an instance belongs to a licence, so
row-level security fences it. What a certificate says is kept nowhere but in the holder's wallet.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from meibo.database.types import Instant
from meibo.register.tables import SCOPED, licence, metadata

status_list = Table(
    "status_list",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("medium", String(8), nullable=False),
    Column("period", String(7), nullable=False),
    Column("number", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("ends_date", Date, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("published_changes", Integer, nullable=False),
    Column("dirty_at", Instant),
    Column("published_at", Instant),
    UniqueConstraint("medium", "period", "number"),
)
"""`used` indices were given out; `changes` were made to it, `published_changes` of them are published; `dirty_at` is
the first instant of one that is not."""

certificate = Table(
    "certificate",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("medium", String(8), nullable=False),
    Column("format", String(16), nullable=False),
    Column("claims", String(1000), nullable=False),
    Column("request", LargeBinary),
    Column("status_list_id", String(16), ForeignKey("status_list.id"), nullable=False),
    Column("status_index", Integer, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expiry_date", Date, nullable=False),
    Column("ended_at", Instant),
    Column("end_reason", String(16)),
    UniqueConstraint("status_list_id", "status_index"),
    Index("ix_certificate_licence_id_request", "licence_id", "request", unique=True),
    Index("ix_certificate_status_list_id_status", "status_list_id", "status"),
    info=SCOPED,
)
"""One instance: its entry in a list, the day on which it holds no longer, and why it ended before, if it did. `claims`
are names, never values; `request` is the MAC of the key under which its holder asked for it, if there was one."""

seen_binding = Table(
    "seen_binding",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("request", String(43)),
    Column("seen_at", Instant, nullable=False, index=True),
)
"""A key binding that was shown, or a nonce that a proof was made upon, by its hash, and the request that showed it:
nobody else's serves again. Kept as long as it would be believed."""

verification = Table(
    "verification",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("body_mac", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("recorded_at", Instant, nullable=False, index=True),
)
"""What came of a request, by a keyed hash of who asked under which key, so that asking again leads to the same. Sealed:
it names uses and outcomes, and no claim."""

HOLDERS_GRANTS: dict[str, tuple[str, ...]] = {
    certificate.name: ("SELECT", "INSERT", "UPDATE (status, ended_at, end_reason)"),
    status_list.name: ("SELECT", "INSERT", "UPDATE (used, ends_date, changes, dirty_at)"),
    seen_binding.name: ("INSERT",),
    licence.name: ("SELECT", "UPDATE (id)"),
}
"""What the role of a portal's process may do: it issues certificates, ends them, and publishes nothing. PostgreSQL lets
a role hold a row that it may change in some column; an id cannot be changed, for the licence's actions name it."""
