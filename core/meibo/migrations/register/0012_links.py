"""Messages to and from outside systems."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "link_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_link_message_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_message")),
        info={"scoped": True},
    )
    op.create_index("ix_link_message_licence_id", "link_message", ["licence_id"])
    op.create_index("ix_link_message_connector_status", "link_message", ["connector", "status"])
    op.create_table(
        "link_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_link_action_licence_id")),
        sa.ForeignKeyConstraint(["message_id"], ["link_message.id"], name=op.f("fk_link_action_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_action")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_link_action_recorded_at", "link_action", ["recorded_at", "id"])
    op.create_table(
        "link_receipt",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("connector", "message_id", name=op.f("pk_link_receipt")),
        info={"insert_only": True},
    )
    op.create_table(
        "link_state",
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("connector", name=op.f("pk_link_state")),
    )


def downgrade() -> None:
    """Take them back."""
    for table in ("link_state", "link_receipt", "link_action", "link_message"):
        op.drop_table(table)
