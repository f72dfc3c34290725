"""What was sent here, what came of it, and the media on which it came."""

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
from meibo.register.tables import SCOPED, metadata

paper_batch = Table(
    "paper_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("connector", String(32), nullable=False),
    Column("batch", Uuid, nullable=False),
    Column("size", Integer, nullable=False),
    Column("on_paper", Boolean, nullable=False),
    Column("encrypted", LargeBinary),
    Column("received_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("answered_at", Instant),
    UniqueConstraint("connector", "scope", "batch"),
    info=SCOPED,
)
"""A batch of numbers under the sender's id `batch`. It lies as it came, encrypted to the vault, until it is taken; then
that goes. `answered_at`: the sender has the pseudonyms, and is to destroy what it had."""

paper_line = Table(
    "paper_line",
    metadata,
    Column("batch_id", Uuid, ForeignKey("paper_batch.id"), primary_key=True),
    Column("reference", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("licence_id", Uuid, ForeignKey("licence.id")),
    info=SCOPED,
)
"""What came of each line."""

paper_certificate = Table(
    "paper_certificate",
    metadata,
    Column("batch_id", Uuid, ForeignKey("paper_batch.id"), primary_key=True),
    Column("proof", String(16), primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("destroyed_date", Date, nullable=False),
    Column("method", String(32), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    Column("filed_at", Instant, nullable=False),
    info=SCOPED,
)
"""The certificates of destruction, each as it was signed."""

pass_list = Table(
    "pass_list",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("connector", String(32), nullable=False),
    Column("list", Uuid, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    Column("forgotten_at", Instant),
    UniqueConstraint("connector", "scope", "list"),
    info=SCOPED,
)
"""A list of those who passed, under the sender's id `list`; `forgotten_at`: its rows are gone."""

pass_entry = Table(
    "pass_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("list_id", Uuid, ForeignKey("pass_list.id"), nullable=False),
    Column("number_hash", LargeBinary, nullable=False),
    Column("person_hash", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_pass_entry_scope_number_hash", "scope", "number_hash"),
    Index("ix_pass_entry_scope_person_hash", "scope", "person_hash"),
    info=SCOPED,
)
"""One who passed: sealed, and found by keyed hashes of the year with the number, and with name and day of birth."""

carried_medium = Table(
    "carried_medium",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", SmallInteger, nullable=False),
    Column("connector", String(32), nullable=False),
    Column("way", String(8), nullable=False),
    Column("content", String(32), nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("label", String(64), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("account", String(64), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("destroyed_at", Instant),
    info=SCOPED,
)
"""The book of media that came, and of those that took answers back: who entered which, when it was destroyed."""
