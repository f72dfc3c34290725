"""The code tables' tables. They hold no personal data; who changed a row, where and when stands in `code_change`."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, String, Table

from meibo.database.types import Instant
from meibo.items.declaration import Group
from meibo.items.kinds import Storage
from meibo.items.shared import code_tables

INSERT_ONLY = {"insert_only": True}
metadata = MetaData()

code_change = Table(
    "code_change",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("recorded_at", Instant, nullable=False),
    Column("account", String(64), nullable=False),
    Column("institution", String(128), nullable=False),
    Column("terminal", String(64), nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("key", String(80), nullable=False),
    Index("ix_code_change_recorded_at", "recorded_at"),
    info=INSERT_ONLY,
)

GROUPS: dict[str, type[Group]] = {
    group.about.key: group
    for group in vars(code_tables).values()
    if isinstance(group, type) and issubclass(group, Group) and group is not Group
}
"""Every code table of core, by key."""


def _table(key: str, group: type[Group]) -> Table:
    """A row holds from `valid_from` to the day before `valid_to`; `change_id` is the change that wrote it."""
    items = [i for i in group.items.values() if i.storage is Storage.CLEAR]
    return Table(
        key,
        metadata,
        Column("row_id", Integer, primary_key=True, autoincrement=True),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date),
        Column("change_id", Integer, ForeignKey("code_change.id"), nullable=False),
        *(Column(i.name, i.kind.column(i), nullable=not i.key) for i in items),
        Index(f"ix_{key}_key", *(i.name for i in items if i.key)),
    )


TABLES: dict[str, Table] = {key: _table(key, group) for key, group in GROUPS.items()}
