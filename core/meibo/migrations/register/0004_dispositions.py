"""Dispositions follow from the actions, which hold everything that a row of their own said once more."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the copy."""
    op.drop_index("ix_disposition_licence_id", table_name="disposition")
    op.drop_table("disposition")


def downgrade() -> None:
    """Make the table again, empty."""
    op.create_table(
        "disposition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_disposition_action_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_disposition_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_disposition_licence_id", "disposition", ["licence_id"], unique=False)
