"""Search keys by licence and by hash: a hash is of one kind and one profession, which need not stand beside it."""

import sqlalchemy as sa
from alembic import op

revision = "core_0029"
down_revision = "core_0030"
branch_labels = None
depends_on = None

BEFORE, AFTER = "pk_search_key_of_licence", "pk_search_key_by_licence"
WANTED, KEPT = ("licence_id", "hash"), ("scope", "kind", "hash", "licence_id")
COLUMNS = "scope, kind, hash, licence_id, key_version"


def upgrade() -> None:
    """Find rows by these."""
    op.drop_index("ix_search_key_licence_id", table_name="search_key")
    _key(BEFORE, AFTER, WANTED)
    op.create_index("ix_search_key_hash", "search_key", ["hash"])


def downgrade() -> None:
    """Find them as before."""
    op.drop_index("ix_search_key_hash", table_name="search_key")
    _key(AFTER, BEFORE, KEPT, sqlite_with_rowid=False)
    op.create_index("ix_search_key_licence_id", "search_key", ["licence_id"])


def _key(before: str, after: str, columns: tuple[str, ...], **options: bool) -> None:
    """Give the table another primary key; SQLite makes the table anew for that."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(before, "search_key", type_="primary")
        op.create_primary_key(after, "search_key", list(columns))
        return
    op.rename_table("search_key", "search_key_before")
    op.create_table(
        "search_key",
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*columns, name=after),
        **options,
    )
    rows = f"SELECT {COLUMNS} FROM search_key_before"  # noqa: S608 - The names are ours.
    op.execute(f"INSERT INTO search_key ({COLUMNS}) {rows}")
    op.drop_table("search_key_before")
