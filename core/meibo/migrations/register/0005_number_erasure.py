"""Orders to destroy the number of a licence that ended."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "number_erasure",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("gone_after_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_number_erasure_action_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_number_erasure_licence_id")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_number_erasure")),
        info={"scoped": True},
    )
    op.create_index("ix_number_erasure_licence_id", "number_erasure", ["licence_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_number_erasure_licence_id", table_name="number_erasure")
    op.drop_table("number_erasure")
