"""Pass lists are forgotten when their time is over; a connector's queue is walked in order."""

import sqlalchemy as sa
from alembic import op

from meibo.database.types import Instant

revision = "core_0030"
down_revision = "core_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the instant and the index."""
    op.add_column("pass_list", sa.Column("forgotten_at", Instant(), nullable=True))
    op.create_index("ix_link_message_queue", "link_message", ["connector", "status", "requested_at", "id"])
    op.drop_index("ix_link_message_connector_status", "link_message")


def downgrade() -> None:
    """Take them back."""
    op.create_index("ix_link_message_connector_status", "link_message", ["connector", "status"])
    op.drop_index("ix_link_message_queue", "link_message")
    op.drop_column("pass_list", "forgotten_at")
