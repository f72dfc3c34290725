"""The code tables' tables. They hold no personal data; who changed a row, where and when stands in `code_change`.

Core keeps some for every installation; a profession may bring tables of its own, which its migration makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, String, Table

from meibo.database.types import Instant
from meibo.items.declaration import Group, Item
from meibo.items.kinds import Storage
from meibo.items.shared.code_tables import EVERY_TABLE
from meibo.professions.compiled import Profession

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


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A code table: the key by which code lists name it, what a row holds, and where rows lie."""

    key: str
    group: type[Group]
    table: Table

    @property
    def keys(self) -> list[Item]:
        """The items that tell rows apart; the first is the code."""
        return [i for i in self.group.items.values() if i.key]

    @property
    def settable(self) -> list[Item]:
        """The items that a row is made of; the others are its trail."""
        return [i for i in self.group.items.values() if i.storage is Storage.CLEAR]

    def row_key(self, values: Mapping[str, object]) -> str:
        """The key of a row as text; where it has two parts (reasons: category and code) the code comes last."""
        code, *categories = (item.name for item in self.keys)
        return "/".join(str(values[name]) for name in (*categories, code))

    def label_item(self, language: str) -> str:
        """The item that holds a row's label: its name in that language, or its first text."""
        texts = [i.name for i in self.settable if i.kind.name == "text"]
        named = [name for name in texts if name.endswith(f"_name_{language}")]
        return next(iter(named or (n for n in texts if language == "ja" or n.endswith("_en"))), texts[0])

    def label(self, values: Mapping[str, object], language: str) -> str | None:
        """A row's label in a language; the Japanese one where it has no other."""
        found = values.get(self.label_item(language)) or values.get(self.label_item("ja"))
        return None if found is None else str(found)


def _of(name: str, group: type[Group], profession: str | None = None) -> Table:
    """A row holds from `valid_from` to the day before `valid_to`; `change_id` is the change that wrote it."""
    if name in metadata.tables:
        return metadata.tables[name]
    items = [i for i in group.items.values() if i.storage is Storage.CLEAR]
    return Table(
        name,
        metadata,
        Column("row_id", Integer, primary_key=True, autoincrement=True),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date),
        Column("change_id", Integer, ForeignKey("code_change.id"), nullable=False),
        *(Column(i.name, i.kind.column(i), nullable=not i.key) for i in items),
        Index(f"ix_{name}_key", *(i.name for i in items if i.key)),
        info={"profession": profession} if profession else {},
    )


SHARED: Mapping[str, CodeTable] = {
    group.about.key: CodeTable(group.about.key, group, _of(group.about.key, group)) for group in EVERY_TABLE
}
"""Every code table of core, by key."""


def own_tables(profession: Profession) -> dict[str, CodeTable]:
    """The code tables that a profession brings, by key; its code stands before their names in the database."""
    return {
        spec.key: CodeTable(
            spec.key, spec.type, _of(f"{profession.code}_{spec.key}", spec.type, profession.code)
        )
        for spec in profession.own_code_tables
    }


def code_tables(professions: Iterable[Profession]) -> dict[str, CodeTable]:
    """The code tables of an installation, by key: core's, then those that its professions bring."""
    own = [own_tables(profession) for profession in professions]
    return {**SHARED, **{key: table for tables in own for key, table in tables.items()}}
