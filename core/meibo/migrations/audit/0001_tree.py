"""Leaves, the tree over them, checkpoints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "audit_0001"
down_revision = None
branch_labels = ("audit",)
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
APPEND_ONLY = ("audit_leaf", "audit_place", "audit_node", "audit_subject", "audit_checkpoint")


def upgrade() -> None:
    op.create_table(
        "audit_leaf",
        sa.Column("number", LONG, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_unplaced",
        sa.Column("leaf_id", sa.String(32), sa.ForeignKey("audit_leaf.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_place",
        sa.Column("leaf_index", LONG, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("cursor", sa.String(100), nullable=False),
        sa.Column("hash", sa.LargeBinary, sa.CheckConstraint("length(hash) = 32"), nullable=False),
    )
    op.create_index("audit_place_cursor", "audit_place", ["source", "cursor"], unique=True)
    others = sa.text("source <> 'audit'")
    op.create_index(
        "audit_place_last",
        "audit_place",
        ["source", "leaf_index"],
        sqlite_where=others,
        postgresql_where=others,
    )
    op.create_table(
        "audit_node",
        sa.Column("leaf_index", LONG, primary_key=True, autoincrement=False),
        sa.Column(
            "level", sa.SmallInteger, sa.CheckConstraint("level > 0"), primary_key=True, autoincrement=False
        ),
        sa.Column("hash", sa.LargeBinary, sa.CheckConstraint("length(hash) = 32"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_subject",
        sa.Column("subject", sa.String(100), primary_key=True),
        sa.Column("leaf_index", LONG, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", LONG, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("signed_at", Instant, nullable=False),
    )
    _guard()


def _guard() -> None:
    """Refuse updates and deletions: grants stop the server's role, this stops a slip of the owner's."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )


def downgrade() -> None:
    for table in ("audit_unplaced", *APPEND_ONLY):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_append_only()")
