"""The code table of the contents of dispositions."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "disposition_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("disposition_content_code", sa.String(length=2), nullable=False),
        sa.Column("disposition_content", sa.String(length=200), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["code_change.id"]),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index(
        "ix_disposition_master_key", "disposition_master", ["disposition_content_code"], unique=False
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_disposition_master_key", table_name="disposition_master")
    op.drop_table("disposition_master")
