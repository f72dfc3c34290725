"""Further qualifications."""

import sqlalchemy as sa
from alembic import op

revision = "veterinarian_0002"
down_revision = "veterinarian_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Further qualifications."""
    op.create_table(
        "veterinarian_qualifications",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plugin_version", sa.String(length=32), nullable=False),
        sa.Column("qualification_field", sa.String(length=1), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_veterinarian_qualifications_licence_id")
        ),
        sa.PrimaryKeyConstraint(
            "licence_id", "content", "position", name=op.f("pk_veterinarian_qualifications")
        ),
        info={"scoped": True, "insert_only": True, "profession": "veterinarian"},
    )
    op.create_index(
        "ix_veterinarian_qualifications_qualification_field",
        "veterinarian_qualifications",
        ["scope", "qualification_field", "licence_id"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "ix_veterinarian_qualifications_qualification_field", table_name="veterinarian_qualifications"
    )
    op.drop_table("veterinarian_qualifications")
