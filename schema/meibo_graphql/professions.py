"""What a form needs to know of a profession: groups, items, kinds, limits, lists, procedures, fees, rules."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from meibo.items.declaration import MOST_ROWS
from meibo.items.declaration import Item as CoreItem
from meibo.professions.compiled import GroupSpec, NumberedItem
from meibo.professions.compiled import Profession as Compiled
from meibo_graphql.certificates import Certificate, certificate
from meibo_graphql.context import of
from meibo_graphql.keeping import Administrator, Erasure, PublicSearch, ReceivingOffice, Term, path
from meibo_graphql.procedures import LegalBasis, Measure, Procedure, Rule, legal_basis, measure, procedures_of
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

    @strawberry.field(description="The item of the same group that holds the era (元号) of this date.")
    def era(self) -> str | None:
        return camel(self.source.era) if self.source.era else None

    @strawberry.field(description="Whether the text may have several lines.")
    def multiline(self) -> bool:
        return self.source.multiline

    @strawberry.field(description="Whether a caller may hand in a value; else core or the vault has it.")
    def settable(self) -> bool:
        return self.source.settable

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

    @strawberry.field(description="What it is kept for; in English where nobody has said it in Japanese.")
    def purpose(self, language: Language = Language.JA) -> str:
        ja, en = self.source.type.about.purpose
        return ja if language is Language.JA and ja else en

    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(number=n.number, source=n.item) for n in self.listed]


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

    @strawberry.field(description="In the order of the declaration.")
    def procedures(self) -> list[Procedure]:
        return procedures_of(self.source.plugin)

    @strawberry.field
    def legal_bases(self) -> list[LegalBasis]:
        return [legal_basis(b) for b in self.source.plugin.legal_bases]

    @strawberry.field
    def measures(self) -> list[Measure]:
        return [measure(m) for m in self.source.plugin.measures]

    @strawberry.field
    def rules(self) -> list[Rule]:
        return [Rule(source=rule) for rule in self.source.rules]

    @strawberry.field(description="The licence administrator (資格管理者); null where none is declared.")
    def administrator(self) -> Administrator | None:
        kept = self.source.plugin.administrator
        return Administrator(source=kept) if kept else None

    @strawberry.field(
        description="Through whom applications come (経由機関); null where people apply directly."
    )
    def receiving_office(self) -> ReceivingOffice | None:
        office = self.source.plugin.receiving_office
        return ReceivingOffice(source=office) if office else None

    @strawberry.field(description="The public search (資格確認検索); null where there is none.")
    def public_search(self) -> PublicSearch | None:
        search = self.source.plugin.public_search
        return PublicSearch(since=search.since, sex_required=search.sex_required) if search else None

    @strawberry.field(description="Entries for a term (期限付登録); null where there are none.")
    def term(self) -> Term | None:
        term = self.source.plugin.term
        return (
            Term(fixed=path(term.fixed), until=path(term.until), lifted=path(term.lifted)) if term else None
        )

    @strawberry.field(description="What the digital certificate shows; null where there is none.")
    def certificate(self) -> Certificate | None:
        return certificate(self.source)

    @strawberry.field
    def erasure(self) -> Erasure:
        rule = self.source.plugin.erasure
        return Erasure(keep_record=rule.keep_record, destroy_number_when=sorted(rule.destroy_number_when))
