"""The tables of inquiries, in the register's store. What the family register says is a row of the profession's own
table, sealed; here stands who asked, on which basis, and until when the answer is kept elsewhere."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Table, Uuid

from meibo.database.types import Instant
from meibo.register.tables import INSERT_ONLY, SCOPED, metadata

family_batch = Table(
    "family_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("legal_basis", String(200), nullable=False),
    Column("asked_items", String(2_000), nullable=False),
    Column("licences", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Index("ix_family_batch_requested_at", "requested_at"),
    info=SCOPED | INSERT_ONLY,
)
"""What was asked at once: by whom, on which legal basis, which items. The id follows from the caller's idempotency key;
`digest` tells whether the same was asked."""

family_inquiry = Table(
    "family_inquiry",
    metadata,
    Column("id", Uuid, ForeignKey("link_message.id"), primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("batch_id", Uuid, ForeignKey("family_batch.id"), nullable=False),
    Index("ix_family_inquiry_licence_id", "licence_id"),
    Index("ix_family_inquiry_batch_id", "batch_id"),
    info=SCOPED | INSERT_ONLY,
)
"""One inquiry about one licence, under the id of its message; what came of it is the message's status."""

family_result = Table(
    "family_result",
    metadata,
    Column("inquiry_id", Uuid, ForeignKey("family_inquiry.id"), primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("kept_until", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("deleted_at", Instant),
    Index("ix_family_result_kept_until", "deleted_at", "kept_until"),
    info=SCOPED,
)
"""A result that came: the row it became, until when the intermediate server keeps its copy, when that was last asked
for, and when it was deleted there."""
