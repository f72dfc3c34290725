"""The tables of the three stores, and what a server's role may do with each."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from meibo.database.types import Instant

links_metadata = MetaData()
numbers_metadata = MetaData()
keys_metadata = MetaData()

person = Table(
    "person",
    links_metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", Instant, nullable=False),
)

# `act` is the act that made the link: the enrolments that it made are named after it.
licence_link = Table(
    "licence_link",
    links_metadata,
    Column("pseudonym", String(40), primary_key=True),
    Column("person", String(40), ForeignKey("person.id"), nullable=False),
    Column("profession", String(64), nullable=False),
    Column("file", String(64), nullable=False),
    Column("alias", String(40), nullable=False, unique=True),
    Column("act", Uuid, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("person", "profession"),
)

portal_link = Table(
    "portal_link",
    links_metadata,
    Column("pseudonym", String(40), primary_key=True),
    Column("person", String(40), ForeignKey("person.id"), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

# `claimed_by` is the last act that relied on the row: a failed act takes back only what no other relies on.
# `replaced_by` is the act that put another number in its place. `destroyed_at` is the list of keys that were
# destroyed on purpose, by which a key store restored from a backup is shredded again.
enrolment = Table(
    "enrolment",
    numbers_metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("file", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("verified_by", String(64), nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("claimed_by", Uuid, nullable=False, index=True),
    Column("claimed_at", Instant, nullable=False),
    Column("replaced_by", Uuid, index=True),
    Column("replaced_at", Instant),
    Column("destroyed_at", Instant),
    Index(
        "enrolment_current",
        "person",
        "file",
        "kind",
        unique=True,
        sqlite_where=text("replaced_at IS NULL"),
        postgresql_where=text("replaced_at IS NULL"),
    ),
    Index("enrolment_person", "person", "file"),
)

data_key = Table(
    "data_key",
    keys_metadata,
    Column("enrolment", Uuid, primary_key=True),
    Column("file", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("wrapped", LargeBinary),
    Column("key_version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("destroyed_at", Instant),
)

lookup = Table(
    "lookup",
    keys_metadata,
    Column("enrolment", Uuid, ForeignKey("data_key.enrolment"), primary_key=True),
    Column("file", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("file", "kind", "hash"),
    Index("lookup_version", "file", "kind", "key_version"),
)

# What the server's role may do in each store. The owner, for migrations, is another role.
LINKS_GRANTS: dict[str, tuple[str, ...]] = {
    person.name: ("SELECT", "INSERT", "DELETE"),
    licence_link.name: ("SELECT", "INSERT", "UPDATE", "DELETE"),
    portal_link.name: ("SELECT", "INSERT", "DELETE"),
}
# Of a portal's process: it reads whose licences are whose, of whoever has signed in.
HOLDERS_GRANTS: dict[str, tuple[str, ...]] = dict.fromkeys((licence_link.name, portal_link.name), ("SELECT",))
NUMBERS_GRANTS: dict[str, tuple[str, ...]] = {enrolment.name: ("SELECT", "INSERT", "UPDATE", "DELETE")}
KEYS_GRANTS: dict[str, tuple[str, ...]] = {
    data_key.name: ("SELECT", "INSERT", "UPDATE"),
    lookup.name: ("SELECT", "INSERT", "DELETE"),
}
