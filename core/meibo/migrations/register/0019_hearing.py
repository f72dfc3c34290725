"""What the existing systems change: who is master of an item, how far we have heard, what came of each change."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0019"
down_revision = "core_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feed_item",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=130), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("connector", "scope", "path", name=op.f("pk_feed_item")),
        info={"scoped": True},
    )
    op.create_table(
        "feed_heard",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("heard_until", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("connector", "scope", name=op.f("pk_feed_heard")),
        info={"scoped": True},
    )
    op.create_table(
        "feed_change",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_feed_change_licence_id")),
        sa.PrimaryKeyConstraint("connector", "change_id", name=op.f("pk_feed_change")),
        info={"scoped": True},
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("feed_change", "feed_heard", "feed_item"):
        op.drop_table(table)
