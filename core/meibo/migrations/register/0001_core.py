"""The register: licences and their history, code tables, accounts."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_mac", sa.LargeBinary(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "account", "verb", "key_hash", name=op.f("pk_idempotency")),
        info={"scoped": True},
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "licence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("portal_alias", sa.String(length=64), nullable=False),
        sa.Column("issuing_register", sa.String(length=64), nullable=False),
        sa.Column("registration_number", sa.String(length=64), nullable=False),
        sa.Column("number_key", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_change_date", sa.Date(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("portal_alias", name=op.f("uq_licence_portal_alias")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_licence_pseudonym")),
        sa.UniqueConstraint(
            "scope",
            "issuing_register",
            "number_key",
            name=op.f("uq_licence_scope_issuing_register_number_key"),
        ),
        info={"scoped": True},
    )
    op.create_index("ix_licence_scope_number_key", "licence", ["scope", "number_key", "id"], unique=False)
    op.create_table(
        "profession",
        sa.Column("code", sa.String(length=41), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_profession")),
        sa.UniqueConstraint("scope", name=op.f("uq_profession_scope")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("legal_basis", sa.String(length=64), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("resulting_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_action_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("licence_id", "number", name=op.f("uq_action_licence_id_number")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_action_recorded_at", "action", ["recorded_at", "id"], unique=False)
    op.create_table(
        "search_key",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_search_key_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_key")),
        info={"scoped": True},
    )
    op.create_index("ix_search_key_licence_id", "search_key", ["licence_id"], unique=False)
    op.create_index("ix_search_key_scope_kind_hash", "search_key", ["scope", "kind", "hash"], unique=False)
    op.create_table(
        "disposition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_disposition_action_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_disposition_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_disposition_licence_id", "disposition", ["licence_id"], unique=False)
    op.create_table(
        "licence_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_licence_version_action_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_licence_version_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_version")),
        sa.UniqueConstraint("licence_id", "number", name=op.f("uq_licence_version_licence_id_number")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_table(
        "licence_span",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("known_from", Instant(), nullable=False),
        sa.Column("known_to", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_licence_span_licence_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["licence_version.id"], name=op.f("fk_licence_span_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_span")),
        info={"scoped": True},
    )
    op.create_index("ix_licence_span_licence_id", "licence_span", ["licence_id", "valid_from"], unique=False)
    op.create_table(
        "code_change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        info={"insert_only": True},
    )
    op.create_index("ix_code_change_recorded_at", "code_change", ["recorded_at"], unique=False)
    op.create_table(
        "bureau_director_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("bureau_director_code", sa.String(length=3), nullable=False),
        sa.Column("bureau_director_name_ja", sa.String(length=50), nullable=True),
        sa.Column("bureau_director_name_en", sa.String(length=100), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column("bureau_director_type_code", sa.String(length=2), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index(
        "ix_bureau_director_master_key", "bureau_director_master", ["bureau_director_code"], unique=False
    )
    op.create_table(
        "chief_medical_officer_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("chief_medical_officer_code", sa.String(length=3), nullable=False),
        sa.Column("chief_medical_officer_name_ja", sa.String(length=50), nullable=True),
        sa.Column("chief_medical_officer_name_en", sa.String(length=100), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column("chief_medical_officer_type_code", sa.String(length=2), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index(
        "ix_chief_medical_officer_master_key",
        "chief_medical_officer_master",
        ["chief_medical_officer_code"],
        unique=False,
    )
    op.create_table(
        "domicile_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("domicile_code", sa.String(length=3), nullable=False),
        sa.Column("domicile_name_ja", sa.String(length=50), nullable=True),
        sa.Column("domicile_display_name_ja", sa.String(length=50), nullable=True),
        sa.Column("domicile_name_en", sa.String(length=100), nullable=True),
        sa.Column("abbreviation", sa.String(length=10), nullable=True),
        sa.Column("foreign_flag", sa.Boolean(), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("ix_domicile_master_key", "domicile_master", ["domicile_code"], unique=False)
    op.create_table(
        "exam_site_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("exam_site_code", sa.String(length=2), nullable=False),
        sa.Column("exam_site_name", sa.String(length=50), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("ix_exam_site_master_key", "exam_site_master", ["exam_site_code"], unique=False)
    op.create_table(
        "licence_type_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("licence_type_code", sa.String(length=2), nullable=False),
        sa.Column("register_roll_code", sa.String(length=2), nullable=True),
        sa.Column("section_chief_code", sa.String(length=2), nullable=True),
        sa.Column("licence_type_name_ja", sa.String(length=50), nullable=True),
        sa.Column("licence_type_name_en", sa.String(length=100), nullable=True),
        sa.Column("law_name_en", sa.String(length=200), nullable=True),
        sa.Column("sequence_name", sa.String(length=64), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("ix_licence_type_master_key", "licence_type_master", ["licence_type_code"], unique=False)
    op.create_table(
        "minister_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("minister_code", sa.String(length=3), nullable=False),
        sa.Column("minister_name_ja", sa.String(length=50), nullable=True),
        sa.Column("minister_name_en", sa.String(length=100), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column("minister_type_code", sa.String(length=2), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("ix_minister_master_key", "minister_master", ["minister_code"], unique=False)
    op.create_table(
        "reason_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=3), nullable=False),
        sa.Column("processing_category_code", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("reason_short", sa.String(length=100), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index(
        "ix_reason_master_key", "reason_master", ["reason_code", "processing_category_code"], unique=False
    )
    op.create_table(
        "school_master",
        sa.Column("row_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("alma_mater_code", sa.String(length=5), nullable=False),
        sa.Column("alma_mater_name", sa.String(length=200), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["code_change.id"],
        ),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("ix_school_master_key", "school_master", ["alma_mater_code"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_ja", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("professions", sa.String(length=1000), nullable=False),
        sa.Column("demo", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("hash"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("token")
    op.drop_table("account")
    op.drop_index("ix_school_master_key", table_name="school_master")
    op.drop_table("school_master")
    op.drop_index("ix_reason_master_key", table_name="reason_master")
    op.drop_table("reason_master")
    op.drop_index("ix_minister_master_key", table_name="minister_master")
    op.drop_table("minister_master")
    op.drop_index("ix_licence_type_master_key", table_name="licence_type_master")
    op.drop_table("licence_type_master")
    op.drop_index("ix_exam_site_master_key", table_name="exam_site_master")
    op.drop_table("exam_site_master")
    op.drop_index("ix_domicile_master_key", table_name="domicile_master")
    op.drop_table("domicile_master")
    op.drop_index("ix_chief_medical_officer_master_key", table_name="chief_medical_officer_master")
    op.drop_table("chief_medical_officer_master")
    op.drop_index("ix_bureau_director_master_key", table_name="bureau_director_master")
    op.drop_table("bureau_director_master")
    op.drop_index("ix_code_change_recorded_at", table_name="code_change")
    op.drop_table("code_change")
    op.drop_index("ix_licence_span_licence_id", table_name="licence_span")
    op.drop_table("licence_span")
    op.drop_table("licence_version")
    op.drop_index("ix_disposition_licence_id", table_name="disposition")
    op.drop_table("disposition")
    op.drop_index("ix_search_key_scope_kind_hash", table_name="search_key")
    op.drop_index("ix_search_key_licence_id", table_name="search_key")
    op.drop_table("search_key")
    op.drop_index("ix_action_recorded_at", table_name="action")
    op.drop_table("action")
    op.drop_table("profession")
    op.drop_index("ix_licence_scope_number_key", table_name="licence")
    op.drop_table("licence")
    op.drop_table("installation")
    op.drop_table("idempotency")
    op.drop_table("recording")
