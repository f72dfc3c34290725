"""The register's tables. Every row of a licence carries its profession's `scope`, which row-level security compares.

`action` is what happened; `licence_version` and `licence_span` follow from it and can be rebuilt. A version says
what holds; a span says on which days it holds, and from when to when the office believed so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from meibo.database.names import NAMES, identifier
from meibo.database.types import Instant
from meibo.items.declaration import Cardinality
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec, Profession
from meibo.values.names import name_key

INSERT_ONLY = {"insert_only": True}
SCOPED = {"scoped": True}
DERIVED = {"derived": True}
"""Rows that can be made anew from the actions; see `meibo.database.references`."""

metadata = MetaData(naming_convention=NAMES)


def _scope() -> Column[int]:
    return Column("scope", SmallInteger, nullable=False)


def _licence() -> Column[Any]:
    return Column("licence_id", Uuid, ForeignKey("licence.id"), nullable=False)


profession = Table(
    "profession",
    metadata,
    Column("code", String(41), primary_key=True),
    Column("scope", SmallInteger, nullable=False, unique=True),
)
"""Which small number stands for a profession in `scope`."""

installation = Table(
    "installation",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String(255), nullable=False),
)
"""Facts of this installation: its id, whether it is a demo."""

licence = Table(
    "licence",
    metadata,
    Column("id", Uuid, primary_key=True),
    _scope(),
    Column("pseudonym", String(64), nullable=False, unique=True),
    Column("portal_alias", String(64), nullable=False, unique=True),
    Column("issuing_register", String(64), nullable=False),
    Column("registration_number", String(64), nullable=False),
    Column("number_key", String(300), nullable=False),
    Column("office", String(16)),
    Column("version", Integer, nullable=False),
    Column("present_state", String(16)),
    Column("present_content", Integer),
    Column("next_change_date", Date),
    Column("recorded_at", Instant, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("scope", "issuing_register", "number_key"),
    Index("ix_licence_scope_number_key", "scope", "number_key", "id"),
    Index("ix_licence_scope_office", "scope", "office", "number_key", "id"),
    Index("ix_licence_next_change_date", "next_change_date"),
    info=SCOPED,
)

"""What stands today stands on the licence itself, so that most reads need nothing else: `present_state` and
`present_content` are its version's until `next_change_date`, and empty where there is no entry yet."""

action = Table(
    "action",
    metadata,
    Column("id", Uuid, primary_key=True),
    _scope(),
    _licence(),
    Column("number", Integer, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("effective_date", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("terminal", String(64), nullable=False),
    Column("legal_basis", String(64), nullable=False),
    Column("plugin_version", String(32), nullable=False),
    Column("resulting_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("licence_id", "number"),
    Index("ix_action_recorded_at", "recorded_at", "id"),
    info=SCOPED | INSERT_ONLY,
)

licence_version = Table(
    "licence_version",
    metadata,
    Column("id", Uuid, primary_key=True),
    _scope(),
    _licence(),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("content", Integer, nullable=False),
    Column("action_id", Uuid, ForeignKey("action.id"), nullable=False),
    Column("effective_date", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("plugin_version", String(32), nullable=False),
    UniqueConstraint("licence_id", "number"),
    info=SCOPED | DERIVED | INSERT_ONLY,
)

licence_span = Table(
    "licence_span",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _scope(),
    _licence(),
    Column("version_id", Uuid, ForeignKey("licence_version.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("known_from", Instant, nullable=False),
    Column("known_to", Instant),
    Index("ix_licence_span_licence_id", "licence_id", "valid_from"),
    info=SCOPED | DERIVED,
)

number_erasure = Table(
    "number_erasure",
    metadata,
    Column("action_id", Uuid, ForeignKey("action.id"), primary_key=True),
    _scope(),
    _licence(),
    Column("recorded_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("gone_after_date", Date),
    Index("ix_number_erasure_licence_id", "licence_id"),
    info=SCOPED,
)
"""Orders to destroy the number of a licence that ended, and when that was done; the day is the last on which a
backup of the key store may hold its key."""

search_key = Table(
    "search_key",
    metadata,
    Column("scope", SmallInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("licence_id", Uuid, nullable=False),
    Column("key_version", Integer, nullable=False),
    PrimaryKeyConstraint("licence_id", "hash", name="pk_search_key_by_licence"),
    Index("ix_search_key_hash", "hash"),
    info=SCOPED,
)
"""By what a holder is found. Derived from the record, and most of an entry's rows: they cost no foreign key, since
no licence is ever deleted; and they are found by their hash alone, which is of one kind and one profession."""

unique_value = Table(
    "unique_value",
    metadata,
    Column("scope", SmallInteger, primary_key=True),
    Column("path", String(130), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    _licence(),
    Index("ix_unique_value_licence_id", "licence_id"),
    info=SCOPED | DERIVED,
)
"""Hashes of the present values of items that no two licences may share (`unique=True`)."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", SmallInteger, primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("verb", String(32), primary_key=True),
    Column("key_hash", LargeBinary, primary_key=True),
    Column("body_mac", LargeBinary, nullable=False),
    Column("licence_id", Uuid, nullable=False),
    Column("action_id", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    info=SCOPED,
)
"""Kept for 7 days: an act asked for twice under one key is done once."""


def of_offices(offices: Iterable[str] | None) -> list[ColumnElement[bool]]:
    """The condition that binds licences to receiving offices; none where the caller is not bound."""
    return [] if offices is None else [licence.c.office.in_(sorted(offices))]


@lru_cache(2_000)  # An import compares the numbers of a chunk before it keeps them.
def number_key(number: str) -> str:
    """The form by which register numbers are compared and sorted: NFKC, upper case, runs of digits padded to 12."""
    return re.sub("[0-9]+", lambda run: run[0].zfill(12), name_key(number).upper())


def group_table(code: str, spec: GroupSpec) -> Table:
    """The table of a group: clear items as columns, the rest in one sealed blob. A row belongs to a version's
    content (a group that stands once; a list, at a position from 0), or is a row of its own (a reply)."""
    name = f"{code}_{spec.key}"
    if name in metadata.tables:
        return metadata.tables[name]
    replies = spec.cardinality is Cardinality.MANY
    return Table(
        name,
        metadata,
        _scope(),
        *(_reply_key(name) if replies else _content_key(spec)),
        Column("plugin_version", String(32), nullable=False),
        *(Column(i.name, i.kind.column(i)) for i in spec.stored(Storage.CLEAR)),
        Column("sealed", LargeBinary, nullable=False),
        *(
            Index(identifier(f"ix_{name}_{i.name}"), "scope", i.name, "licence_id")
            for i in spec.items.values()
            if i.index
        ),
        info=SCOPED | INSERT_ONLY | ({} if replies else DERIVED) | {"profession": code},
    )


def _content_key(spec: GroupSpec) -> tuple[Any, ...]:
    numbers = ("content", "position") if spec.repeats else ("content",)
    return (
        Column("licence_id", Uuid, ForeignKey("licence.id"), primary_key=True),
        *(Column(name, Integer, primary_key=True, autoincrement=False) for name in numbers),
    )


def _reply_key(name: str) -> tuple[Any, ...]:
    return (
        Column("id", Uuid, primary_key=True),
        _licence(),
        Column("recorded_at", Instant, nullable=False),
        Index(identifier(f"ix_{name}_licence_id"), "licence_id", "recorded_at"),
    )


def profession_tables(compiled: Profession) -> dict[str, Table]:
    """The tables of a profession by group."""
    groups = (*compiled.content_groups, *compiled.reply_groups)
    return {g.key: group_table(compiled.code, g) for g in groups if stored(g)}


def forget_tables(code: str) -> None:
    """Let the tables of a profession be made anew: another version of its plugin is in use from here on."""
    for table in [t for t in metadata.tables.values() if t.info.get("profession") == code]:
        metadata.remove(table)


def stored(spec: GroupSpec) -> bool:
    """Whether a group has a table at all; identity's pseudonyms stand on the licence itself."""
    return any(item.settable for item in spec.items.values())
