"""dietitian."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "dietitian_0001"
down_revision = None
branch_labels = ("dietitian",)
depends_on = "core_0001"


def upgrade() -> None:
    """dietitian."""
    op.create_table(
        "dietitian_exam",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_dietitian_exam_licence_id")),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_dietitian_exam")),
        info={"scoped": True, "insert_only": True, "profession": "dietitian"},
    )
    op.create_table(
        "dietitian_family_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_dietitian_family_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dietitian_family_register")),
        info={"scoped": True, "insert_only": True, "profession": "dietitian"},
    )
    op.create_index(
        "ix_dietitian_family_register_licence_id",
        "dietitian_family_register",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "dietitian_practice_periods",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_dietitian_practice_periods_licence_id")
        ),
        sa.PrimaryKeyConstraint(
            "licence_id", "content", "position", name=op.f("pk_dietitian_practice_periods")
        ),
        info={"scoped": True, "insert_only": True, "profession": "dietitian"},
    )
    op.create_table(
        "dietitian_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("registration_number", sa.String(length=12), nullable=True),
        sa.Column("registration_date", sa.Date(), nullable=True),
        sa.Column("forwarding_prefecture_code", sa.String(length=2), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_dietitian_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_dietitian_register")),
        info={"scoped": True, "insert_only": True, "profession": "dietitian"},
    )
    op.create_index(
        "ix_dietitian_register_forwarding_prefecture_code",
        "dietitian_register",
        ["scope", "forwarding_prefecture_code", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_dietitian_register_registration_date",
        "dietitian_register",
        ["scope", "registration_date", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_dietitian_register_registration_number",
        "dietitian_register",
        ["scope", "registration_number", "licence_id"],
        unique=False,
    )
    op.create_table(
        "dietitian_resident_record",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_dietitian_resident_record_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dietitian_resident_record")),
        info={"scoped": True, "insert_only": True, "profession": "dietitian"},
    )
    op.create_index(
        "ix_dietitian_resident_record_licence_id",
        "dietitian_resident_record",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "dietitian_training_facility_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("training_facility_code", sa.String(length=6), nullable=False),
        sa.Column("training_facility_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["code_change.id"], name=op.f("fk_dietitian_training_facility_master_change_id")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_dietitian_training_facility_master")),
        info={"profession": "dietitian"},
    )
    op.create_index(
        "ix_dietitian_training_facility_master_key",
        "dietitian_training_facility_master",
        ["training_facility_code"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "ix_dietitian_training_facility_master_key", table_name="dietitian_training_facility_master"
    )
    op.drop_table("dietitian_training_facility_master")
    op.drop_index("ix_dietitian_resident_record_licence_id", table_name="dietitian_resident_record")
    op.drop_table("dietitian_resident_record")
    op.drop_index("ix_dietitian_register_registration_number", table_name="dietitian_register")
    op.drop_index("ix_dietitian_register_registration_date", table_name="dietitian_register")
    op.drop_index("ix_dietitian_register_forwarding_prefecture_code", table_name="dietitian_register")
    op.drop_table("dietitian_register")
    op.drop_table("dietitian_practice_periods")
    op.drop_index("ix_dietitian_family_register_licence_id", table_name="dietitian_family_register")
    op.drop_table("dietitian_family_register")
    op.drop_table("dietitian_exam")
