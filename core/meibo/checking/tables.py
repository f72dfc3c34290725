"""The register's tables of checks. What was held and told is sealed under the licence's own key; the rest says of whom
something is known, never what."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
from meibo.register.tables import INSERT_ONLY, SCOPED, metadata

check_run = Table(
    "check_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("professions", String(1000), nullable=False),
    Column("standings", String(100), nullable=False),
    Column("per_day", Integer, nullable=False),
    Column("per_batch", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("planned_by", String(64), nullable=False),
    Column("approved_at", Instant),
    Column("approved_by", String(64)),
    Column("portion_date", Date),
    Column("ended_at", Instant),
)
"""Whom a check asks about, and how far it is; professions and standings stand apart by blanks. `portion_date` is the
last day whose portion was begun."""

check_batch = Table(
    "check_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("run_id", Uuid, ForeignKey("check_run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_id", Uuid, nullable=False),
    Column("last_id", Uuid, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant),
    Column("done_at", Instant),
    UniqueConstraint("run_id", "number"),
    Index("ix_check_batch_run_id_state", "run_id", "state", "number"),
    info=SCOPED,
)
"""Licences of one profession, from the first to the last id: no row for each."""

check_tally = Table(
    "check_tally",
    metadata,
    Column("batch_id", Uuid, ForeignKey("check_batch.id"), primary_key=True),
    Column("outcome", String(24), primary_key=True),
    Column("age", SmallInteger, primary_key=True, autoincrement=False),
    Column("scope", SmallInteger, nullable=False),
    Column("count", Integer, nullable=False),
    info=SCOPED | INSERT_ONLY,
)
"""How many holders of a batch came to an outcome, by the decade of their age; -1 where that is not known."""

check_discrepancy = Table(
    "check_discrepancy",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("batch_id", Uuid, ForeignKey("check_batch.id"), nullable=False),
    Column("source", String(32), nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_check_discrepancy_licence_id", "licence_id", "state"),
    Index("ix_check_discrepancy_scope_state", "scope", "state", "found_at", "id"),
    Index("ix_check_discrepancy_scope_outcome", "scope", "state", "outcome", "found_at", "id"),
    info=SCOPED,
)
"""What somebody has to look at: held (by the licence's `version`) and told side by side, sealed."""

check_verdict = Table(
    "check_verdict",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("discrepancy_id", Uuid, ForeignKey("check_discrepancy.id"), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("action_id", Uuid),
    Column("recorded_at", Instant, nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("terminal", String(64), nullable=False),
    Index("ix_check_verdict_discrepancy_id", "discrepancy_id", "recorded_at"),
    info=SCOPED | INSERT_ONLY,
)
"""Who decided what about a discrepancy; `action_id` is the act of the register that it led to."""

check_rule = Table(
    "check_rule",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("start_date", Date, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("legal_basis", String(64), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("approved_at", Instant),
    Column("approved_by", String(64)),
    Index("ix_check_rule_scope", "scope", "outcome", "start_date"),
    info=SCOPED,
)
"""What an administrator lets be applied without anybody's looking, from a day on; it holds once a second person has
approved it."""
