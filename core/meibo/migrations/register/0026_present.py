"""What stands today stands on the licence itself."""

import sqlalchemy as sa
from alembic import op

from meibo import clock

revision = "core_0026"
down_revision = "core_0023"
branch_labels = None
depends_on = None

EVERYTHING = (
    "SELECT set_config('app.scope', (SELECT coalesce(array_agg(scope), '{}')::text FROM profession), true),"
    " set_config('app.offices', '*', true)"
)
"""Row-level security fences the owner too."""
STATES = """
UPDATE licence SET present_state = version.state, present_content = version.content
FROM licence_span AS span JOIN licence_version AS version ON version.id = span.version_id
WHERE span.licence_id = licence.id AND span.known_to IS NULL
AND span.valid_from <= :day AND (span.valid_to IS NULL OR span.valid_to > :day)
"""


def upgrade() -> None:
    """Add the columns, and let each licence say how it stands."""
    op.add_column("licence", sa.Column("present_state", sa.String(length=16), nullable=True))
    op.add_column("licence", sa.Column("present_content", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(EVERYTHING)
    op.execute(sa.text(STATES).bindparams(sa.bindparam("day", clock.today(), sa.Date)))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("licence", "present_content")
    op.drop_column("licence", "present_state")
