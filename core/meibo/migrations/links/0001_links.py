"""Persons, their licences, their place at the portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "links_0001"
down_revision = None
branch_labels = ("links",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "licence_link",
        sa.Column("pseudonym", sa.String(40), primary_key=True),
        sa.Column("person", sa.String(40), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("profession", sa.String(64), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("alias", sa.String(40), nullable=False, unique=True),
        sa.Column("act", sa.Uuid, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.UniqueConstraint("person", "profession"),
    )
    op.create_table(
        "portal_link",
        sa.Column("pseudonym", sa.String(40), primary_key=True),
        sa.Column("person", sa.String(40), sa.ForeignKey("person.id"), nullable=False, unique=True),
        sa.Column("created_at", Instant, nullable=False),
    )


def downgrade() -> None:
    for table in ("portal_link", "licence_link", "person"):
        op.drop_table(table)
