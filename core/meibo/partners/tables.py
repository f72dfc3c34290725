"""The register's tables of partners. They hold nothing of a holder, so no row has a scope."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

from meibo.database.types import Instant
from meibo.register.tables import INSERT_ONLY, metadata

partner = Table(
    "partner",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("corporate_number", String(13), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("claims", String(8000), nullable=False),
    Column("binding", String(8), nullable=False),
    Column("keys", String(1000), nullable=False),
    Column("proposed_keys", String(1000), nullable=False),
    Column("certificate_thumbprint", String(43)),
    Column("addresses", String(2000), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("expiry_date", Date, nullable=False),
)
"""A partner as its actions have left it; keys are JSON, claims and addresses stand apart by blanks."""

partner_action = Table(
    "partner_action",
    metadata,
    Column("partner_id", String(64), ForeignKey("partner.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("verb", String(16), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("terminal", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("details", String(16000), nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("body_mac", LargeBinary, nullable=False),
    Index("ix_partner_action_recorded_at", "recorded_at", unique=True),
    Index("ix_partner_action_key_hash", "key_hash"),
    info=INSERT_ONLY,
)
"""What was done: `details` is what the act wrote, as JSON; the hashes are those of its idempotency key and body."""

used_proof = Table(
    "used_proof",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("forget_at", Instant, nullable=False),
    Index("ix_used_proof_forget_at", "forget_at"),
)
"""Assertions and proofs that partners signed, by hash, until they are too old to be believed: none serves twice."""

TOLD_TO_HOLDERS = ("id", "state", "name", "corporate_number", "purpose", "claims", "expiry_date")
"""The columns of a partner that holders may know: no key, no contact, no address."""
HOLDERS_GRANTS: dict[str, tuple[str, ...]] = {partner.name: (f"SELECT ({', '.join(TOLD_TO_HOLDERS)})",)}
"""What the role of a portal's process may do."""
