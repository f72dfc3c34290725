"""Inquiries at the family register."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0016"
down_revision = "core_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "family_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("asked_items", sa.String(length=2000), nullable=False),
        sa.Column("licences", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_batch")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_family_batch_requested_at", "family_batch", ["requested_at"])
    op.create_table(
        "family_inquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["link_message.id"], name=op.f("fk_family_inquiry_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_family_inquiry_licence_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["family_batch.id"], name=op.f("fk_family_inquiry_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_inquiry")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_family_inquiry_licence_id", "family_inquiry", ["licence_id"])
    op.create_index("ix_family_inquiry_batch_id", "family_inquiry", ["batch_id"])
    op.create_table(
        "family_result",
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("kept_until", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["family_inquiry.id"], name=op.f("fk_family_result_inquiry_id")
        ),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_family_result")),
        info={"scoped": True},
    )
    op.create_index("ix_family_result_kept_until", "family_result", ["deleted_at", "kept_until"])


def downgrade() -> None:
    """Take them back."""
    for table in ("family_result", "family_inquiry", "family_batch"):
        op.drop_table(table)
