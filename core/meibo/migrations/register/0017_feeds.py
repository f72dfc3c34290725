"""What the existing systems and the public search are told, and what they are known to have."""

import sqlalchemy as sa
from alembic import op

revision = "core_0017"
down_revision = "core_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feed",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.String(length=80), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("pending_id", sa.Uuid(), nullable=True),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("connector", "scope", name=op.f("pk_feed")),
        info={"scoped": True},
    )
    op.create_table(
        "feed_entry",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_feed_entry_licence_id")),
        sa.PrimaryKeyConstraint("connector", "licence_id", name=op.f("pk_feed_entry")),
        info={"scoped": True},
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("feed_entry", "feed"):
        op.drop_table(table)
