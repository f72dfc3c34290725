"""Accounts and bearer tokens. A token is kept as its hash alone."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

from meibo.database.types import Instant

metadata = MetaData()

account = Table(
    "account",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_ja", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("role", String(32), nullable=False),
    Column("professions", String(1000), nullable=False),
    Column("offices", String(1000)),
    Column("demo", Integer, nullable=False, server_default="0"),
)
"""Who may sign in; `professions` is their scope, comma-separated codes; so are `offices`, which
bind an account to entries of those receiving offices."""

token = Table(
    "token",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("account_id", String(64), ForeignKey("account.id"), nullable=False),
    Column("terminal", String(64), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)
"""Bearer tokens by their SHA-256; the token itself is shown once."""
