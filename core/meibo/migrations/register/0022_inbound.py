"""Numbers from paper, pass lists, and the media on which they came."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0022"
down_revision = "core_0020"
branch_labels = None
depends_on = None

SCOPED = {"scoped": True}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("connector", "scope", "batch", name=op.f("uq_paper_batch_connector_scope_batch")),
        info=SCOPED,
    )
    op.create_table(
        "paper_line",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_line_batch_id_paper_batch")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_paper_line_licence_id_licence")
        ),
        sa.PrimaryKeyConstraint("batch_id", "reference", name=op.f("pk_paper_line")),
        info=SCOPED,
    )
    op.create_table(
        "paper_certificate",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("destroyed_date", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_certificate_batch_id_paper_batch")
        ),
        sa.PrimaryKeyConstraint("batch_id", "proof", name=op.f("pk_paper_certificate")),
        info=SCOPED,
    )
    op.create_table(
        "pass_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("list", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_list")),
        sa.UniqueConstraint("connector", "scope", "list", name=op.f("uq_pass_list_connector_scope_list")),
        info=SCOPED,
    )
    op.create_table(
        "pass_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["pass_list.id"], name=op.f("fk_pass_entry_list_id_pass_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_entry")),
        info=SCOPED,
    )
    op.create_index("ix_pass_entry_scope_number_hash", "pass_entry", ["scope", "number_hash"])
    op.create_index("ix_pass_entry_scope_person_hash", "pass_entry", ["scope", "person_hash"])
    op.create_table(
        "carried_medium",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("connector", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("destroyed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_medium")),
        info=SCOPED,
    )


def downgrade() -> None:
    """Take them back."""
    for table in (
        "carried_medium",
        "pass_entry",
        "pass_list",
        "paper_certificate",
        "paper_line",
        "paper_batch",
    ):
        op.drop_table(table)
