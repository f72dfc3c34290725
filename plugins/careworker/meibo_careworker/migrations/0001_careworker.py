"""The tables of careworker: one for each group."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "careworker_0001"
down_revision = None
branch_labels = ("careworker",)
depends_on = "core_0001"


def upgrade() -> None:
    """The tables of careworker: one for each group."""
    op.create_table(
        "careworker_family_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_careworker_family_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_careworker_family_register")),
        info={"scoped": True, "insert_only": True, "profession": "careworker"},
    )
    op.create_index(
        "ix_careworker_family_register_licence_id",
        "careworker_family_register",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "careworker_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("registration_number", sa.String(length=12), nullable=True),
        sa.Column("registration_date_wareki", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("fixed_term_registration", sa.Boolean(), nullable=True),
        sa.Column("expiry_date_wareki", sa.Date(), nullable=True),
        sa.Column("expiry_release_date_wareki", sa.Date(), nullable=True),
        sa.Column("correction_date_wareki", sa.Date(), nullable=True),
        sa.Column("reissue_date_wareki", sa.Date(), nullable=True),
        sa.Column("erasure_date_wareki", sa.Date(), nullable=True),
        sa.Column("erasure_cancellation_date_wareki", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_careworker_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_careworker_register")),
        info={"scoped": True, "insert_only": True, "profession": "careworker"},
    )
    op.create_index(
        "ix_careworker_register_expiry_date_wareki",
        "careworker_register",
        ["scope", "expiry_date_wareki", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_careworker_register_registration_date_wareki",
        "careworker_register",
        ["scope", "registration_date_wareki", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_careworker_register_registration_number",
        "careworker_register",
        ["scope", "registration_number", "licence_id"],
        unique=False,
    )
    op.create_table(
        "careworker_resident_record",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_careworker_resident_record_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_careworker_resident_record")),
        info={"scoped": True, "insert_only": True, "profession": "careworker"},
    )
    op.create_index(
        "ix_careworker_resident_record_licence_id",
        "careworker_resident_record",
        ["licence_id", "recorded_at"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_careworker_resident_record_licence_id", table_name="careworker_resident_record")
    op.drop_table("careworker_resident_record")
    op.drop_index("ix_careworker_register_registration_number", table_name="careworker_register")
    op.drop_index("ix_careworker_register_registration_date_wareki", table_name="careworker_register")
    op.drop_index("ix_careworker_register_expiry_date_wareki", table_name="careworker_register")
    op.drop_table("careworker_register")
    op.drop_index("ix_careworker_family_register_licence_id", table_name="careworker_family_register")
    op.drop_table("careworker_family_register")
