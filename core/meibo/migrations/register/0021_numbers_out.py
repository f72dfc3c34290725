"""Numbers that go to existing systems: on which basis, how far, whose, and which have to be erased there again."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0021"
down_revision = "core_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feed_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_basis")),
        info={"scoped": True},
    )
    op.create_table(
        "feed_handover",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("looked_until", sa.Uuid(), nullable=True),
        sa.Column("next_round_at", Instant(), nullable=False),
        sa.Column("pending_id", sa.Uuid(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("connector", "scope", name=op.f("pk_feed_handover")),
        info={"scoped": True},
    )
    op.create_table(
        "feed_number",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_feed_number_licence_id")),
        sa.PrimaryKeyConstraint("connector", "licence_id", name=op.f("pk_feed_number")),
        info={"scoped": True},
    )
    op.create_index("ix_feed_number_batch", "feed_number", ["connector", "scope", "batch"], unique=False)
    op.create_table(
        "feed_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_feed_erasure_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_erasure")),
        info={"scoped": True},
    )
    op.create_index("ix_feed_erasure_licence_id", "feed_erasure", ["licence_id"], unique=False)


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_feed_erasure_licence_id", table_name="feed_erasure")
    op.drop_index("ix_feed_number_batch", table_name="feed_number")
    for table in ("feed_erasure", "feed_number", "feed_handover", "feed_basis"):
        op.drop_table(table)
