"""Partners, what was done to them, and the proofs that they have used."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "partner",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("corporate_number", sa.String(length=13), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.String(length=8000), nullable=False),
        sa.Column("binding", sa.String(length=8), nullable=False),
        sa.Column("keys", sa.String(length=1000), nullable=False),
        sa.Column("proposed_keys", sa.String(length=1000), nullable=False),
        sa.Column("certificate_thumbprint", sa.String(length=43), nullable=True),
        sa.Column("addresses", sa.String(length=2000), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("expiry_date", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    op.create_table(
        "partner_action",
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("details", sa.String(length=16000), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_action_partner_id")),
        sa.PrimaryKeyConstraint("partner_id", "number", name=op.f("pk_partner_action")),
        info={"insert_only": True},
    )
    op.create_index("ix_partner_action_recorded_at", "partner_action", ["recorded_at"], unique=True)
    op.create_index("ix_partner_action_key_hash", "partner_action", ["key_hash"])
    op.create_table(
        "used_proof",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("forget_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_used_proof")),
    )
    op.create_index("ix_used_proof_forget_at", "used_proof", ["forget_at"])


def downgrade() -> None:
    """Take them back."""
    for table in ("used_proof", "partner_action", "partner"):
        op.drop_table(table)
