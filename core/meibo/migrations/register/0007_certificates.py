"""Certificates and the status lists that say whether they hold."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and find the licences whose standing changes on a day."""
    op.create_table(
        "status_list",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("ends_date", sa.Date(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("published_changes", sa.Integer(), nullable=False),
        sa.Column("dirty_at", Instant(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("medium", "period", "number", name=op.f("uq_status_list_medium_period_number")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("status_list_id", sa.String(length=16), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expiry_date", sa.Date(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_certificate_licence_id")),
        sa.ForeignKeyConstraint(
            ["status_list_id"], ["status_list.id"], name=op.f("fk_certificate_status_list_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "status_list_id", "status_index", name=op.f("uq_certificate_status_list_id_status_index")
        ),
        info={"scoped": True},
    )
    op.create_index("ix_certificate_licence_id", "certificate", ["licence_id"], unique=False)
    op.create_index(
        "ix_certificate_status_list_id_status", "certificate", ["status_list_id", "status"], unique=False
    )
    op.create_index("ix_licence_next_change_date", "licence", ["next_change_date"], unique=False)


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_licence_next_change_date", table_name="licence")
    op.drop_index("ix_certificate_status_list_id_status", table_name="certificate")
    op.drop_index("ix_certificate_licence_id", table_name="certificate")
    op.drop_table("certificate")
    op.drop_table("status_list")
