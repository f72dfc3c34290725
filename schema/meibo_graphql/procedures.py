"""Procedures, papers, fees, articles, measures and rules of a profession, as forms show them."""

from __future__ import annotations

from datetime import date

import strawberry

from meibo.professions import law
from meibo.professions import procedures as core
from meibo.professions.law import MeasureKind
from meibo.professions.plugin import ProfessionPlugin
from meibo.professions.rules import DeclaredRule
from meibo_graphql.keeping import path
from meibo_graphql.types import Language


@strawberry.type(description="Yen for a procedure.")
class Fee:
    channel: str = strawberry.field(description="online, paper or any.")
    yen: int
    kind: str = strawberry.field(description="tax (登録免許税) or fee (手数料).")
    valid_from: date
    valid_to: date | None


@strawberry.type(description="A paper that a procedure asks for.")
class Document:
    id: strawberry.ID
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.type(description="An application that people make.")
class Procedure:
    id: strawberry.ID
    gives: list[str] = strawberry.field(description="The items that it gives, as group.item.")
    documents: list[Document]
    within_days: int | None = strawberry.field(description="Days after what it tells of.")
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

    @strawberry.field(description="What holds.")
    def text(self, language: Language = Language.JA) -> str:
        return self.source.texts[language is Language.EN]


def procedures_of(plugin: ProfessionPlugin) -> list[Procedure]:
    """The plugin's procedures, each with its papers (the plugin's own or core's) and its fees."""
    papers = {d.id: d for d in (*core.DOCUMENTS, *plugin.documents)}
    return [
        _procedure(p, [papers[id] for id in p.documents], [f for f in plugin.fees if f.procedure == p.id])
        for p in plugin.procedures
    ]


def legal_basis(source: law.LegalBasis) -> LegalBasis:
    """The article, as the API shows it."""
    return LegalBasis(
        id=strawberry.ID(source.id), law=source.law, article=source.article,
        valid_from=source.valid_from, valid_to=source.valid_to,
    )  # fmt: skip


def measure(source: law.Measure) -> Measure:
    """The measure, as the API shows it."""
    return Measure(
        code=source.code, effect=source.kind, legal_basis=strawberry.ID(source.legal_basis),
        longest_months=source.longest_months, texts=source.name,
    )  # fmt: skip


def _procedure(source: core.Procedure, papers: list[core.Document], fees: list[core.Fee]) -> Procedure:
    return Procedure(
        id=strawberry.ID(source.id),
        gives=[path(p) for p in source.gives],
        documents=[Document(id=strawberry.ID(d.id), texts=d.name) for d in papers],
        texts=(source.ja, source.en),
        within_days=source.within.days if source.within else None,
        fees=[
            Fee(channel=f.channel, yen=f.yen, kind=f.kind, valid_from=f.valid_from, valid_to=f.valid_to)
            for f in fees
        ],
    )
