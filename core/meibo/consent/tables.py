"""The tables of sharing, in the register's store: each row belongs to one licence, and joins it to no other."""

from __future__ import annotations

from sqlalchemy import (
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

share = Table(
    "share",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("token_mac", LargeBinary, nullable=False, unique=True),
    Column("recipient", String(64)),
    Column("purpose", String(32), nullable=False),
    Column("claims", String(1000), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("withdrawn_at", Instant),
    Index("ix_share_licence_id", "licence_id", "made_at"),
    info=SCOPED,
)
"""A share as it stands; `claims` are names, never values; of its token the MAC alone is kept."""

share_consent = Table(
    "share_consent",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("share_id", Uuid, ForeignKey("share.id"), nullable=False),
    Column("act", String(16), nullable=False),
    Column("text_version", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("recipient", String(64)),
    Column("purpose", String(32), nullable=False),
    Column("claims", String(1000), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_share_consent_licence_id", "licence_id", "recorded_at"),
    info=SCOPED | INSERT_ONLY,
)
"""What the holder consented to and when, or withdrew: rows are added alone."""

share_use = Table(
    "share_use",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("share_id", Uuid, ForeignKey("share.id"), nullable=False),
    Column("recipient", String(64)),
    Column("outcome", String(16), nullable=False),
    Column("used_at", Instant, nullable=False),
    Index("ix_share_use_share_id", "share_id", "used_at"),
    info=SCOPED | INSERT_ONLY,
)
"""Each time that somebody presented a share's token, and what came of it."""

HOLDERS_GRANTS: dict[str, tuple[str, ...]] = {
    share.name: ("SELECT", "INSERT", "UPDATE"),
    share_consent.name: ("SELECT", "INSERT"),
    share_use.name: ("SELECT",),
}
"""What the role of a portal's process may do: it makes and withdraws shares, and redeems none."""
