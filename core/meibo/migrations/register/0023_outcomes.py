"""The queue of discrepancies narrowed to one outcome: a death stands among thousands of new addresses."""

from alembic import op

revision = "core_0023"
down_revision = "core_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_check_discrepancy_scope_outcome",
        "check_discrepancy",
        ["scope", "state", "outcome", "found_at", "id"],
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_check_discrepancy_scope_outcome", "check_discrepancy")
