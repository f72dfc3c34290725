"""What verifying remembers: key bindings that were shown, and what came of a request that may be sent again."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "seen_binding",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("request", sa.String(length=43), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_binding")),
    )
    op.create_index("ix_seen_binding_seen_at", "seen_binding", ["seen_at"], unique=False)
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("body_mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_recorded_at", "verification", ["recorded_at"], unique=False)


def downgrade() -> None:
    """Take them back."""
    for table in ("verification", "seen_binding"):
        op.drop_table(table)
