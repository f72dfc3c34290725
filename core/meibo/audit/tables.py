"""The tables of the audit store. Everything is written once; only the queue of unplaced leaves lets go."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from meibo.database.types import Instant

metadata = MetaData()
Long = BigInteger().with_variant(Integer, "sqlite")

leaf = Table(
    "audit_leaf",
    metadata,
    Column("number", Long, Identity(always=True), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# A leaf that commits late may have a lower number than one with a place, so no high-water mark finds it.
unplaced = Table(
    "audit_unplaced",
    metadata,
    Column("leaf_id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)

place = Table(
    "audit_place",
    metadata,
    Column("leaf_index", Long, primary_key=True, autoincrement=False),
    Column("source", String(40), nullable=False),
    Column("cursor", String(100), nullable=False),
    Column("hash", LargeBinary, CheckConstraint("length(hash) = 32"), nullable=False),
    Index("audit_place_cursor", "source", "cursor", unique=True),
    Index(
        "audit_place_last",
        "source",
        "leaf_index",
        sqlite_where=text("source <> 'audit'"),
        postgresql_where=text("source <> 'audit'"),
    ),
)

# The complete subtree of 2**level leaves that ends with this leaf; level 0 stands in audit_place.
node = Table(
    "audit_node",
    metadata,
    Column("leaf_index", Long, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, CheckConstraint("level > 0"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, CheckConstraint("length(hash) = 32"), nullable=False),
    sqlite_with_rowid=False,
)

subject = Table(
    "audit_subject",
    metadata,
    Column("subject", String(100), primary_key=True),
    Column("leaf_index", Long, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("size", Long, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("signed_at", Instant, nullable=False),
)

# What the server's role may do. The owner, for migrations, is another role.
GRANTS: dict[str, tuple[str, ...]] = {
    table.name: ("SELECT", "INSERT") for table in (leaf, place, node, subject, checkpoint)
} | {unplaced.name: ("SELECT", "INSERT", "DELETE")}
HOLDERS_GRANTS: dict[str, tuple[str, ...]] = {
    leaf.name: ("SELECT", "INSERT"),
    unplaced.name: ("INSERT",),
    place.name: ("SELECT",),
    subject.name: ("SELECT",),
}
"""What the role of a portal's process may do: append leaves, and tell holders who looked. It places none."""
