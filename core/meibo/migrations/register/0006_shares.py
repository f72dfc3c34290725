"""Shares by consent: what a holder lets somebody see, the record of the consent, and each use."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("token_mac", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.String(length=1000), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_share_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("token_mac", name=op.f("uq_share_token_mac")),
        info={"scoped": True},
    )
    op.create_index("ix_share_licence_id", "share", ["licence_id", "made_at"], unique=False)
    op.create_table(
        "share_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.String(length=1000), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_share_consent_licence_id")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_share_consent_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_consent")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index(
        "ix_share_consent_licence_id", "share_consent", ["licence_id", "recorded_at"], unique=False
    )
    op.create_table(
        "share_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_share_use_licence_id")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_share_use_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_use")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_share_use_share_id", "share_use", ["share_id", "used_at"], unique=False)


def downgrade() -> None:
    """Take them back."""
    for table in ("share_use", "share_consent", "share"):
        op.drop_table(table)
