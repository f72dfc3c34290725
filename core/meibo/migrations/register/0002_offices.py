"""Entries know their receiving office, accounts may be bound to some; values that no two licences may share."""

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the offices and the table of unique values."""
    op.add_column("licence", sa.Column("office", sa.String(length=16)))
    op.create_index("ix_licence_scope_office", "licence", ["scope", "office", "number_key", "id"])
    op.add_column("account", sa.Column("offices", sa.String(length=1000)))
    op.create_table(
        "unique_value",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("path", sa.String(length=130), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_unique_value_licence_id"),
        sa.PrimaryKeyConstraint("scope", "path", "hash", name="pk_unique_value"),
    )
    op.create_index("ix_unique_value_licence_id", "unique_value", ["licence_id"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("unique_value")
    op.drop_column("account", "offices")
    op.drop_index("ix_licence_scope_office", "licence")
    op.drop_column("licence", "office")
