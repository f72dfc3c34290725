"""A licence as labels and texts, in order: what a page needs that shows any profession without knowing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from meibo.codes.service import CodeTables
from meibo.items.declaration import Item
from meibo.items.files import File
from meibo.professions.compiled import Profession
from meibo_graphql.types import Language, camel

FLAGS = {True: ("はい", "Yes"), False: ("いいえ", "No")}


@strawberry.type(description="One item that holds a value.")
class ShownItem:
    name: str = strawberry.field(description="Its name in the group's own type.")
    label: str
    text: str


@strawberry.type(
    description="One row of a group: the items that hold a value, in the order of the official list."
)
class SectionRow:
    items: list[ShownItem]


@strawberry.type(description="One group as a page shows it.")
class Section:
    name: str = strawberry.field(description="The field of the licence's own type.")
    title: str
    rows: list[SectionRow] = strawberry.field(description="One row of a group that stands once.")


def section(
    profession: Profession, key: str, rows: list[Mapping[str, Any]], codes: CodeTables, language: Language
) -> Section:
    """A group of a licence in a language."""
    english, about = language is Language.EN, profession.groups[key].type.about
    items = profession.shown_to_holder[key]
    return Section(
        name=camel(key),
        title=about.en if english else about.title,
        rows=[
            SectionRow(items=[i for i in (_item(each, row, codes, english) for each in items) if i])
            for row in rows
        ],
    )


def _item(item: Item, row: Mapping[str, Any], codes: CodeTables, english: bool) -> ShownItem | None:
    value = row.get(item.name)
    if value in (None, "", ()):
        return None
    label = item.en if english else item.label
    return ShownItem(name=camel(item.name), label=label, text=_text(item, value, codes, english))


def _text(item: Item, value: Any, codes: CodeTables, english: bool) -> str:
    """A value as a person reads it."""
    if item.codes and isinstance(value, str):
        return codes.texts(item.codes, value)[english] or value
    if isinstance(value, list | tuple):
        return ("、", ", ")[english].join(_text(item, each, codes, english) for each in value)
    match value:
        case bool():
            return FLAGS[value][english]
        case date():
            return value.isoformat()
        case File():
            return value.name
    return str(getattr(value, "text_en" if english else "text_ja", value))
