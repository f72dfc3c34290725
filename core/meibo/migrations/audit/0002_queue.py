"""The queue of leaves names them without a foreign key: its check was a third of what a leaf costs the database, and a
queued name without a leaf, which no statement of ours can write, would place nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "audit_0002"
down_revision = "audit_0001"
branch_labels = None
depends_on = None

FOREIGN_KEY = "audit_unplaced_leaf_id_fkey"


def upgrade() -> None:
    """Let the foreign key go; SQLite has the table made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(FOREIGN_KEY, "audit_unplaced", type_="foreignkey")
    else:
        _anew(sa.Column("leaf_id", sa.String(32), primary_key=True))


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(FOREIGN_KEY, "audit_unplaced", "audit_leaf", ["leaf_id"], ["id"])
    else:
        _anew(sa.Column("leaf_id", sa.String(32), sa.ForeignKey("audit_leaf.id"), primary_key=True))


def _anew(leaf_id: sa.Column[str]) -> None:
    op.rename_table("audit_unplaced", "audit_unplaced_before")
    op.create_table("audit_unplaced", leaf_id, sqlite_with_rowid=False)
    op.execute("INSERT INTO audit_unplaced SELECT leaf_id FROM audit_unplaced_before")
    op.drop_table("audit_unplaced_before")
