"""What a form needs to know of groups and items: labels, kinds, limits, and where the codes stand."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.items.codes import CodeList
from meibo.items.declaration import MOST_ROWS, Cardinality, Privacy
from meibo.items.declaration import Item as CoreItem
from meibo.items.kinds import KINDS, Storage
from meibo.items.shared import lists
from meibo.professions.compiled import GroupSpec, NumberedItem, Profession
from meibo_graphql.context import of
from meibo_graphql.groups import root_or_field_name
from meibo_graphql.types import Language, camel

strawberry.enum(Cardinality, description="How often a group stands.")
strawberry.enum(Privacy, description="What is masked without permission.")
strawberry.enum(Storage, description="Where a value lies.")

_enum: Any = Enum  # Its members are core's kinds, which a type checker cannot know.
ItemKind: Any = strawberry.enum(
    _enum("ItemKind", {kind.name.upper(): kind.name for kind in KINDS}),
    description="What a value is: it decides the input that a form shows.",
)


@strawberry.type(
    description="A code and its labels, where the list is closed by the profession's declaration."
)
class CodeOption:
    code: str
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.interface(description="One input of a form.")
class FormField:
    source: strawberry.Private[CoreItem]

    @strawberry.field(description="Its name in the API.")
    def name(self) -> str:
        return camel(self.source.name)

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.source.label if language is Language.JA else self.source.en

    @strawberry.field(graphql_type=ItemKind)
    def kind(self) -> Any:
        return ItemKind(self.source.kind.name)

    @strawberry.field(
        description="The most characters, digits of an integer, characters of each of several codes; null where the"
        " kind alone bounds it."
    )
    def max_length(self) -> int | None:
        return self.source.kind.longest(self.source)

    @strawberry.field(description="Whether a value must be given, where its group holds anything.")
    def required(self) -> bool:
        return self.source.required

    @strawberry.field(description="Whether the text may have several lines.")
    def multiline(self) -> bool:
        return self.source.multiline

    @strawberry.field(description="The list of its codes.")
    def code_list(self) -> str | None:
        return self._codes.name if self._codes else None

    @strawberry.field(
        description="The root query that has the codes, where the office keeps them as a table: its rows are"
        " CodeTableRow."
    )
    def code_table(self, info: Info[Any, Any]) -> str | None:
        table = self._codes.table if self._codes else ""
        return camel(of(info).installation.codes.tables[table].group.about.plural) if table else None

    @strawberry.field(description="The codes that the declaration knows; empty where a table has them.")
    def options(self) -> list[CodeOption]:
        values = self._codes.values if self._codes else {}
        return [CodeOption(code=code, texts=texts) for code, texts in values.items()]

    @strawberry.field(description="Whether a code is taken that its list does not know: let people type.")
    def open(self) -> bool:
        return self._codes.open if self._codes else False

    @property
    def _codes(self) -> CodeList | None:
        return lists.ERA if self.source.kind.name == "era" else self.source.codes


@strawberry.type(description="One line of the official list.")
class Item(FormField):
    number: int = strawberry.field(description="Its number in the official list.")

    @strawberry.field
    def privacy(self) -> Privacy:
        return self.source.privacy

    @strawberry.field
    def storage(self) -> Storage:
        return self.source.storage

    @strawberry.field(description="The item of the same group that holds the era (元号) of this date.")
    def era(self) -> str | None:
        return camel(self.source.era) if self.source.era else None

    @strawberry.field(description="Whether a caller may hand in a value; else core or the vault has it.")
    def settable(self) -> bool:
        return self.source.settable


@strawberry.type(description="A group of items.")
class ItemGroup:
    profession: strawberry.Private[Profession]
    source: strawberry.Private[GroupSpec]
    listed: strawberry.Private[tuple[NumberedItem, ...]]

    @strawberry.field(
        description="Its name in the API: a field of the licence and of the inputs, or a root query."
    )
    def name(self) -> str:
        return camel(root_or_field_name(self.profession, self.source))

    @strawberry.field
    def title(self, language: Language = Language.JA) -> str:
        about = self.source.type.about
        return about.title if language is Language.JA else about.en

    @strawberry.field
    def cardinality(self) -> Cardinality:
        return self.source.cardinality

    @strawberry.field(description="Whether no licence is without it: it says who the holder is.")
    def required(self) -> bool:
        return self.source.key == self.profession.plugin.number.split(".")[0]

    @strawberry.field(description="Rows of a list at most; null where the group is none.")
    def max_rows(self) -> int | None:
        return MOST_ROWS if self.source.repeats else None

    @strawberry.field(description="What it is kept for; in English where nobody has said it in Japanese.")
    def purpose(self, language: Language = Language.JA) -> str:
        ja, en = self.source.type.about.purpose
        return ja if language is Language.JA and ja else en

    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(number=n.number, source=n.item) for n in self.listed]


def group_of(profession: Profession, spec: GroupSpec, *, settable: bool = False) -> ItemGroup:
    """A group with its items in the official order; `settable` leaves out what nobody hands in."""
    listed = (n for n in profession.numbered if n.group == spec.key)
    shown = tuple(n for n in listed if n.item.settable or not settable)
    return ItemGroup(profession=profession, source=spec, listed=shown)
