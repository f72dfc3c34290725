"""The register's tables of inquiries at the resident-record network. None of them holds a number or a name."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Table, Uuid

from meibo.database.types import Instant
from meibo.register.tables import INSERT_ONLY, SCOPED, metadata

resident_run = Table(
    "resident_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("key", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("size", Integer, nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", Instant),
    Index("ix_resident_run_scope_requested_at", "scope", "requested_at"),
    info=SCOPED,
)
"""An inquiry about many: who asked for it, and who approved or withdrew it."""

resident_batch = Table(
    "resident_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("run_id", Uuid, ForeignKey("resident_run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("file", LargeBinary),
    Column("digest", String(64)),
    Column("written_at", Instant),
    Column("filed_at", Instant),
    Index("ix_resident_batch_run_id", "run_id", "number", unique=True),
    info=SCOPED,
)
"""One file of a run. `file` is encrypted to the network, whose key nobody here has, and goes when the answers have
come; `digest` (SHA-256) is what its leaf names it by."""

resident_request = Table(
    "resident_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("batch_id", Uuid, ForeignKey("resident_batch.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("outcome", String(16)),
    Column("number", String(16)),
    Index("ix_resident_request_batch_id", "batch_id", "place", unique=True),
    Index("ix_resident_request_licence_id", "licence_id"),
    info=SCOPED,
)
"""A question about one licence's holder. The id is drawn for it and is the reference that the network is told: it
means nothing anywhere else. `number` says how the number that came
stands to the one that was asked by."""

resident_reply = Table(
    "resident_reply",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("request_id", Uuid, ForeignKey("resident_request.id"), nullable=False, unique=True),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    info=SCOPED | INSERT_ONLY,
)
"""Which row of the profession's replies came for which request, and, sealed, the characters that its texts lack (外字):
the official list counts them and has no place for them."""
