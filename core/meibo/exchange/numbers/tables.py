"""On which basis numbers go to an existing system, whose went there, and which have to be erased there again. No number
stands in any of them in a form that this side can read."""

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
    Text,
    Uuid,
)

from meibo.database.types import Instant
from meibo.exchange.sides import side_key
from meibo.register.tables import SCOPED, metadata

feed_basis = Table(
    "feed_basis",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("connector", String(32), nullable=False),
    Column("scope", SmallInteger, nullable=False),
    Column("legal_basis", String(200), nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_at", Instant),
    Column("ended_by", String(64)),
    Column("ended_at", Instant),
    info=SCOPED,
)
"""From which day until which day a law lets a system have numbers, by two people; one of them can end it."""

feed_handover = Table(
    "feed_handover",
    metadata,
    *side_key(),
    Column("number", Integer, nullable=False),
    Column("looked_until", Uuid),
    Column("next_round_at", Instant, nullable=False),
    Column("pending_id", Uuid),
    Column("pending", Text),
    info=SCOPED,
)
"""How far numbers have been handed over: the last batch that was made, the last licence that was looked at. What is
pending is encrypted to the system."""

feed_number = Table(
    "feed_number",
    metadata,
    Column("connector", String(32), primary_key=True),
    Column("licence_id", Uuid, ForeignKey("licence.id"), primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("token", String(80), nullable=False),
    Index("ix_feed_number_batch", "connector", "scope", "batch"),
    info=SCOPED,
)
"""Whose number the system has, or may have: `token` is the vault's name for which."""

feed_erasure = Table(
    "feed_erasure",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("connector", String(32), nullable=False),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("answer", String(32)),
    Column("confirmed_at", Instant),
    Column("erased_on", Date),
    Column("receipt", LargeBinary),
    Index("ix_feed_erasure_licence_id", "licence_id"),
    info=SCOPED,
)
"""A number that was destroyed here after it went there: when it was asked for, what was answered, and the system's
signed confirmation as it came."""
