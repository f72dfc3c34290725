"""Checks of all holders: runs, batches, what they came to, discrepancies and what was decided about them."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0018"
down_revision = "core_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "check_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("professions", sa.String(length=1000), nullable=False),
        sa.Column("standings", sa.String(length=100), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("per_batch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("planned_by", sa.String(length=64), nullable=False),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("portion_date", sa.Date(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_run")),
    )
    op.create_table(
        "check_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["check_run.id"], name=op.f("fk_check_batch_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_batch")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_check_batch_run_id_number")),
        info={"scoped": True},
    )
    op.create_index("ix_check_batch_run_id_state", "check_batch", ["run_id", "state", "number"])
    op.create_table(
        "check_tally",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("age", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["check_batch.id"], name=op.f("fk_check_tally_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "outcome", "age", name=op.f("pk_check_tally")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_table(
        "check_discrepancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name=op.f("fk_check_discrepancy_licence_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["check_batch.id"], name=op.f("fk_check_discrepancy_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_discrepancy")),
        info={"scoped": True},
    )
    op.create_index("ix_check_discrepancy_licence_id", "check_discrepancy", ["licence_id", "state"])
    op.create_index(
        "ix_check_discrepancy_scope_state", "check_discrepancy", ["scope", "state", "found_at", "id"]
    )
    op.create_table(
        "check_verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("discrepancy_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("institution", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"], ["check_discrepancy.id"], name=op.f("fk_check_verdict_discrepancy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_verdict")),
        info={"scoped": True, "insert_only": True},
    )
    op.create_index("ix_check_verdict_discrepancy_id", "check_verdict", ["discrepancy_id", "recorded_at"])
    op.create_table(
        "check_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("legal_basis", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_rule")),
        info={"scoped": True},
    )
    op.create_index("ix_check_rule_scope", "check_rule", ["scope", "outcome", "start_date"])


def downgrade() -> None:
    """Take them back."""
    for table in (
        "check_rule",
        "check_verdict",
        "check_discrepancy",
        "check_tally",
        "check_batch",
        "check_run",
    ):
        op.drop_table(table)
