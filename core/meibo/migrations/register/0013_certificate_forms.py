"""What holders are told of their certificates: the form, claims by name; and the request that each came of."""

import sqlalchemy as sa
from alembic import op

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None

EVERY_SCOPE = (
    "SELECT set_config('app.scope', (SELECT coalesce(array_agg(scope), '{}')::text FROM profession), true)"
)


def upgrade() -> None:
    """Add the columns; what was on paper until now was a QR certificate, what was not an SD-JWT VC."""
    op.add_column(
        "certificate",
        sa.Column("format", sa.String(length=16), nullable=False, server_default="dc+sd-jwt"),
    )
    op.add_column(
        "certificate", sa.Column("claims", sa.String(length=1000), nullable=False, server_default="")
    )
    op.add_column("certificate", sa.Column("request", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(EVERY_SCOPE)  # Row-level security fences the owner too.
    op.execute("UPDATE certificate SET format = 'qr' WHERE medium = 'paper'")
    op.drop_index("ix_certificate_licence_id", table_name="certificate")
    op.create_index(
        "ix_certificate_licence_id_request", "certificate", ["licence_id", "request"], unique=True
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_certificate_licence_id_request", table_name="certificate")
    op.create_index("ix_certificate_licence_id", "certificate", ["licence_id"], unique=False)
    for column in ("request", "claims", "format"):
        op.drop_column("certificate", column)
