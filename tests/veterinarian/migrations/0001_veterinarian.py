"""The tables of veterinarian: one for each group."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "veterinarian_0001"
down_revision = None
branch_labels = ("veterinarian",)
depends_on = "core_0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "veterinarian_family_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_veterinarian_family_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_veterinarian_family_register")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index(
        "ix_veterinarian_family_register_licence_id",
        "veterinarian_family_register",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "veterinarian_practice_report",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("practice_field", sa.String(length=1), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_veterinarian_practice_report_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_veterinarian_practice_report")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index(
        "ix_veterinarian_practice_report_practice_field",
        "veterinarian_practice_report",
        ["scope", "practice_field", "licence_id"],
        unique=False,
    )
    op.create_table(
        "veterinarian_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("registration_number", sa.String(length=12), nullable=True),
        sa.Column("registration_date", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_veterinarian_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_veterinarian_register")),
        info={"scoped": True, "insert_only": True},
    )
    for item in ("registration_date", "registration_number"):
        op.create_index(
            f"ix_veterinarian_register_{item}",
            "veterinarian_register",
            ["scope", item, "licence_id"],
            unique=False,
        )


def downgrade() -> None:
    """Drop them."""
    for table in ("register", "practice_report", "family_register"):
        op.drop_table(f"veterinarian_{table}")
