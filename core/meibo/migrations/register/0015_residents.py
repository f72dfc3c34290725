"""Inquiries at the resident-record network."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0015"
down_revision = "core_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "resident_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_run")),
        info={"scoped": True},
    )
    op.create_index("ix_resident_run_scope_requested_at", "resident_run", ["scope", "requested_at"])
    op.create_table(
        "resident_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("written_at", Instant(), nullable=True),
        sa.Column("filed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["resident_run.id"], name=op.f("fk_resident_batch_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_batch")),
        info={"scoped": True},
    )
    op.create_index("ix_resident_batch_run_id", "resident_batch", ["run_id", "number"], unique=True)
    op.create_table(
        "resident_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["resident_batch.id"], name=op.f("fk_resident_request_batch_id")
        ),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_resident_request_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_request")),
        info={"scoped": True},
    )
    op.create_index("ix_resident_request_batch_id", "resident_request", ["batch_id", "place"], unique=True)
    op.create_index("ix_resident_request_licence_id", "resident_request", ["licence_id"])
    op.create_table(
        "resident_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["resident_request.id"], name=op.f("fk_resident_reply_request_id")
        ),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_resident_reply_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_reply")),
        sa.UniqueConstraint("request_id", name=op.f("uq_resident_reply_request_id")),
        info={"scoped": True, "insert_only": True},
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("resident_reply", "resident_request", "resident_batch", "resident_run"):
        op.drop_table(table)
