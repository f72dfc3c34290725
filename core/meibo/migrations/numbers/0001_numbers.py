"""Sealed numbers, by enrolment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "numbers_0001"
down_revision = None
branch_labels = ("numbers",)
depends_on = None

CURRENT = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("verified_by", sa.String(64), nullable=False),
        sa.Column("enrolled_at", Instant, nullable=False),
        sa.Column("claimed_by", sa.Uuid, nullable=False),
        sa.Column("claimed_at", Instant, nullable=False),
        sa.Column("replaced_by", sa.Uuid),
        sa.Column("replaced_at", Instant),
        sa.Column("destroyed_at", Instant),
    )
    op.create_index(
        "enrolment_current",
        "enrolment",
        ["person", "file", "kind"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("enrolment_person", "enrolment", ["person", "file"])
    op.create_index("ix_enrolment_claimed_by", "enrolment", ["claimed_by"])
    op.create_index("ix_enrolment_replaced_by", "enrolment", ["replaced_by"])


def downgrade() -> None:
    op.drop_table("enrolment")
