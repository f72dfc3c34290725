"""What a form needs to know of a profession: groups, items, kinds, limits, lists, procedures, fees, rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.items.declaration import MOST_ROWS
from meibo.items.declaration import Item as CoreItem
from meibo.professions import procedures
from meibo.professions.compiled import GroupSpec, NumberedItem
from meibo.professions.compiled import Profession as Compiled
from meibo.professions.law import MeasureKind
from meibo.professions.rules import DeclaredRule
from meibo_graphql.context import of
from meibo_graphql.types import Language, camel


@strawberry.type(
    description="A code and its labels, where the list is closed by the profession's declaration."
)
class CodeOption:
    code: str
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.type(description="One line of the official list.")
class Item:
    number: int = strawberry.field(description="Its number in the official list.")
    source: strawberry.Private[CoreItem]

    @strawberry.field(description="Its name in the API.")
    def name(self) -> str:
        return camel(self.source.name)

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.source.label if language is Language.JA else self.source.en

    @strawberry.field(description="text, kana, date, partial_date, code …")
    def kind(self) -> str:
        return self.source.kind.name

    @strawberry.field(description="In characters, or digits of a number.")
    def max_length(self) -> int | None:
        return self.source.max_length

    @strawberry.field
    def required(self) -> bool:
        return self.source.required

    @strawberry.field(description="public, personal or sensitive: what is masked without permission.")
    def privacy(self) -> str:
        return self.source.privacy.value

    @strawberry.field(description="clear, sealed, vault or derived.")
    def storage(self) -> str:
        return self.source.storage.value

    @strawberry.field(
        description="The list of its codes; a code table where that name is one of the root queries'."
    )
    def code_list(self) -> str | None:
        return self.source.codes.name if self.source.codes else None

    @strawberry.field(
        description="The root query that has the codes, where the office keeps them as a table."
    )
    def code_table(self, info: Info[Any, Any]) -> str | None:
        table = self.source.codes.table if self.source.codes else ""
        return camel(of(info).installation.codes.tables[table].group.about.plural) if table else None

    @strawberry.field(description="The codes, where the declaration closes them.")
    def options(self) -> list[CodeOption]:
        values = self.source.codes.values if self.source.codes else {}
        return [CodeOption(code=code, texts=texts) for code, texts in values.items()]


@strawberry.type(description="A group of items.")
class ItemGroup:
    source: strawberry.Private[GroupSpec]
    listed: strawberry.Private[tuple[NumberedItem, ...]]

    @strawberry.field(description="Its name in the API.")
    def name(self) -> str:
        return camel(self.source.key)

    @strawberry.field
    def title(self, language: Language = Language.JA) -> str:
        about = self.source.type.about
        return about.title if language is Language.JA else about.en

    @strawberry.field(
        description="one or list in a version, many or a view for a licence, one table, or in the vault."
    )
    def cardinality(self) -> str:
        return self.source.cardinality.value

    @strawberry.field(description="Rows of a list at most; null where the group is none.")
    def max_rows(self) -> int | None:
        return MOST_ROWS if self.source.repeats else None

    @strawberry.field
    def purpose(self) -> str:
        return self.source.type.about.purpose

    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(number=n.number, source=n.item) for n in self.listed]


@strawberry.type(description="Yen for a procedure.")
class Fee:
    channel: str
    yen: int
    kind: str
    valid_from: date
    valid_to: date | None


@strawberry.type(description="An application that people make.")
class Procedure:
    id: strawberry.ID
    documents: list[str]
    within_days: int | None
    fees: list[Fee]
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.type(description="An article that an act rests on: its id goes in as legalBasis.")
class LegalBasis:
    id: strawberry.ID
    law: str
    article: str
    valid_from: date
    valid_to: date | None


@strawberry.type(
    description="A measure that the profession's law knows (行政処分): its code goes in as kind."
)
class Measure:
    code: str
    effect: MeasureKind = strawberry.field(description="Which verb orders it.")
    legal_basis: strawberry.ID
    longest_months: int | None = strawberry.field(description="The longest suspension.")
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.type(description="A rule of the profession.")
class Rule:
    source: strawberry.Private[DeclaredRule]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.source.id)

    @strawberry.field(description="The law or the items that it rests on.")
    def cites(self) -> str:
        return self.source.cites


@strawberry.type(description="A profession whose register is kept here.")
class Profession:
    source: strawberry.Private[Compiled]

    @strawberry.field(description="Such as doctor.")
    def code(self) -> strawberry.ID:
        return strawberry.ID(self.source.code)

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.source.plugin.name[language is Language.EN]

    @strawberry.field
    def register_name(self, language: Language = Language.JA) -> str:
        return self.source.plugin.register_name[language is Language.EN]

    @strawberry.field(description="How many items the official list has.")
    def item_count(self) -> int:
        return len(self.source.numbered)

    @strawberry.field
    def groups(self) -> list[ItemGroup]:
        listed = self.source.numbered
        return [
            ItemGroup(source=spec, listed=tuple(n for n in listed if n.group == spec.key))
            for spec in self.source.groups.values()
        ]

    @strawberry.field
    def procedures(self) -> list[Procedure]:
        fees = self.source.plugin.fees
        return [
            _procedure(p, [f for f in fees if f.procedure == p.id]) for p in self.source.plugin.procedures
        ]

    @strawberry.field
    def legal_bases(self) -> list[LegalBasis]:
        return [
            LegalBasis(
                id=strawberry.ID(b.id),
                law=b.law,
                article=b.article,
                valid_from=b.valid_from,
                valid_to=b.valid_to,
            )
            for b in self.source.plugin.legal_bases
        ]

    @strawberry.field
    def measures(self) -> list[Measure]:
        return [
            Measure(
                code=m.code,
                effect=m.kind,
                legal_basis=strawberry.ID(m.legal_basis),
                longest_months=m.longest_months,
                texts=m.name,
            )
            for m in self.source.plugin.measures
        ]

    @strawberry.field
    def rules(self) -> list[Rule]:
        return [Rule(source=rule) for rule in self.source.rules]


def _procedure(source: procedures.Procedure, fees: list[procedures.Fee]) -> Procedure:
    return Procedure(
        id=strawberry.ID(source.id),
        documents=list(source.documents),
        texts=(source.ja, source.en),
        within_days=source.within.days if source.within else None,
        fees=[
            Fee(channel=f.channel, yen=f.yen, kind=f.kind, valid_from=f.valid_from, valid_to=f.valid_to)
            for f in fees
        ],
    )
