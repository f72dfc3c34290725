"""Search keys without a number of their own: a row is what it says, and half of an entry's cost was in the rest."""

import sqlalchemy as sa
from alembic import op

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

COLUMNS = "scope, licence_id, kind, hash, key_version"


def upgrade() -> None:
    """Make the table anew, with the same rows."""
    op.drop_index("ix_search_key_licence_id", table_name="search_key")
    op.drop_index("ix_search_key_scope_kind_hash", table_name="search_key")
    op.rename_table("search_key", "search_key_before")
    op.create_table(
        "search_key",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "kind", "hash", "licence_id", name="pk_search_key_of_licence"),
        info={"scoped": True},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_key_licence_id", "search_key", ["licence_id"])
    _move(op.get_bind())
    op.drop_table("search_key_before")


def downgrade() -> None:
    """Take it back: the rows follow from the records."""
    op.drop_index("ix_search_key_licence_id", table_name="search_key")
    op.drop_table("search_key")
    op.create_table(
        "search_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_search_key_licence_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_key"),
        info={"scoped": True},
    )
    op.create_index("ix_search_key_licence_id", "search_key", ["licence_id"])
    op.create_index("ix_search_key_scope_kind_hash", "search_key", ["scope", "kind", "hash"])


def _move(connection: sa.Connection) -> None:
    """Copy the rows. PostgreSQL's row-level security binds the owner too, so it steps aside for the old table."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE search_key_before DISABLE ROW LEVEL SECURITY"))
    rows = f"SELECT DISTINCT {COLUMNS} FROM search_key_before"  # noqa: S608 - The names are ours.
    connection.execute(sa.text(f"INSERT INTO search_key ({COLUMNS}) {rows}"))
