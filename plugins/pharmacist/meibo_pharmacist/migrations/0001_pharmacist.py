"""The tables of pharmacist: one for each group."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "pharmacist_0001"
down_revision = None
branch_labels = ("pharmacist",)
depends_on = "core_0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pharmacist_application_entry",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("registration_category_code", sa.String(length=2), nullable=True),
        sa.Column("forwarding_prefecture_code", sa.String(length=2), nullable=True),
        sa.Column("received_date", sa.Date(), nullable=True),
        sa.Column("national_exam_round", sa.Integer(), nullable=True),
        sa.Column("national_exam_year", sa.Integer(), nullable=True),
        sa.Column("exam_site_code", sa.String(length=2), nullable=True),
        sa.Column("national_exam_pass_date", sa.Date(), nullable=True),
        sa.Column("former_registration_prefecture_code", sa.String(length=2), nullable=True),
        sa.Column("sex_code", sa.String(length=1), nullable=True),
        sa.Column("provisional_registration_date", sa.Date(), nullable=True),
        sa.Column("roll_correction_date", sa.Date(), nullable=True),
        sa.Column("reissue_date", sa.Date(), nullable=True),
        sa.Column("reissue_reason_code", sa.String(length=3), nullable=True),
        sa.Column("erasure_date", sa.Date(), nullable=True),
        sa.Column("registration_transfer_date", sa.Date(), nullable=True),
        sa.Column("registration_transfer_reason_code", sa.String(length=3), nullable=True),
        sa.Column("minister_code", sa.String(length=3), nullable=True),
        sa.Column("bureau_director_code", sa.String(length=3), nullable=True),
        sa.Column("alma_mater_code", sa.String(length=5), nullable=True),
        sa.Column("processing_category_code", sa.String(length=2), nullable=True),
        sa.Column("entry_category_code", sa.String(length=2), nullable=True),
        sa.Column("error_correction_date", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_application_entry_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_pharmacist_application_entry")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_table(
        "pharmacist_document_print",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_document_print_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacist_document_print")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_index(
        "ix_pharmacist_document_print_licence_id",
        "pharmacist_document_print",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "pharmacist_exam",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("national_exam_round", sa.Integer(), nullable=True),
        sa.Column("registration_category_code", sa.String(length=2), nullable=True),
        sa.Column("exam_site_code", sa.String(length=2), nullable=True),
        sa.Column("national_exam_year", sa.Integer(), nullable=True),
        sa.Column("sex_code", sa.String(length=1), nullable=True),
        sa.Column("national_exam_pass_date", sa.Date(), nullable=True),
        sa.Column("alma_mater_code", sa.String(length=5), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_exam_licence_id")),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_pharmacist_exam")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_table(
        "pharmacist_family_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_family_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacist_family_register")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_index(
        "ix_pharmacist_family_register_licence_id",
        "pharmacist_family_register",
        ["licence_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "pharmacist_image",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_image_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacist_image")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_index(
        "ix_pharmacist_image_licence_id", "pharmacist_image", ["licence_id", "recorded_at"], unique=False
    )
    op.create_table(
        "pharmacist_register",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("registration_number", sa.String(length=12), nullable=True),
        sa.Column("registration_category_code", sa.String(length=2), nullable=True),
        sa.Column("forwarding_prefecture_code", sa.String(length=2), nullable=True),
        sa.Column("received_date", sa.Date(), nullable=True),
        sa.Column("registration_date", sa.Date(), nullable=True),
        sa.Column("national_exam_round", sa.Integer(), nullable=True),
        sa.Column("national_exam_year", sa.Integer(), nullable=True),
        sa.Column("exam_site_code", sa.String(length=2), nullable=True),
        sa.Column("national_exam_pass_date", sa.Date(), nullable=True),
        sa.Column("former_registration_prefecture_code", sa.String(length=2), nullable=True),
        sa.Column("sex_code", sa.String(length=1), nullable=True),
        sa.Column("roll_correction_date", sa.Date(), nullable=True),
        sa.Column("reissue_date", sa.Date(), nullable=True),
        sa.Column("reissue_reason_code", sa.String(length=3), nullable=True),
        sa.Column("erasure_date", sa.Date(), nullable=True),
        sa.Column("registration_transfer_date", sa.Date(), nullable=True),
        sa.Column("registration_transfer_reason_code", sa.String(length=3), nullable=True),
        sa.Column("minister_code", sa.String(length=3), nullable=True),
        sa.Column("bureau_director_code", sa.String(length=3), nullable=True),
        sa.Column("alma_mater_code", sa.String(length=5), nullable=True),
        sa.Column("processing_category_code", sa.String(length=2), nullable=True),
        sa.Column("entry_category_code", sa.String(length=2), nullable=True),
        sa.Column("error_correction_date", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_register_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "content", name=op.f("pk_pharmacist_register")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_index(
        "ix_pharmacist_register_forwarding_prefecture_code",
        "pharmacist_register",
        ["scope", "forwarding_prefecture_code", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_pharmacist_register_registration_date",
        "pharmacist_register",
        ["scope", "registration_date", "licence_id"],
        unique=False,
    )
    op.create_index(
        "ix_pharmacist_register_registration_number",
        "pharmacist_register",
        ["scope", "registration_number", "licence_id"],
        unique=False,
    )
    op.create_table(
        "pharmacist_resident_record",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_pharmacist_resident_record_licence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacist_resident_record")),
        info={"scoped": True, "insert_only": True, "profession": "pharmacist"},
    )
    op.create_index(
        "ix_pharmacist_resident_record_licence_id",
        "pharmacist_resident_record",
        ["licence_id", "recorded_at"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_pharmacist_resident_record_licence_id", table_name="pharmacist_resident_record")
    op.drop_table("pharmacist_resident_record")
    op.drop_index("ix_pharmacist_register_registration_number", table_name="pharmacist_register")
    op.drop_index("ix_pharmacist_register_registration_date", table_name="pharmacist_register")
    op.drop_index("ix_pharmacist_register_forwarding_prefecture_code", table_name="pharmacist_register")
    op.drop_table("pharmacist_register")
    op.drop_index("ix_pharmacist_image_licence_id", table_name="pharmacist_image")
    op.drop_table("pharmacist_image")
    op.drop_index("ix_pharmacist_family_register_licence_id", table_name="pharmacist_family_register")
    op.drop_table("pharmacist_family_register")
    op.drop_table("pharmacist_exam")
    op.drop_index("ix_pharmacist_document_print_licence_id", table_name="pharmacist_document_print")
    op.drop_table("pharmacist_document_print")
    op.drop_table("pharmacist_application_entry")
