"""Data keys and lookup hashes, by enrolment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "keys_0001"
down_revision = None
branch_labels = ("keys",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("enrolment", sa.Uuid, primary_key=True),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("destroyed_at", Instant),
    )
    op.create_table(
        "lookup",
        sa.Column("enrolment", sa.Uuid, sa.ForeignKey("data_key.enrolment"), primary_key=True),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.UniqueConstraint("file", "kind", "hash"),
    )
    op.create_index("lookup_version", "lookup", ["file", "kind", "key_version"])


def downgrade() -> None:
    for table in ("lookup", "data_key"):
        op.drop_table(table)
