"""What is told of a profession: its groups, forms, procedures, fees and rules, and how its register is kept."""

from __future__ import annotations

import strawberry

from meibo.professions.compiled import Profession as Compiled
from meibo_graphql.certificates import Certificate, certificate
from meibo_graphql.forms import Form, forms_of
from meibo_graphql.items import ItemGroup, group_of
from meibo_graphql.keeping import Administrator, Erasure, PublicSearch, ReceivingOffice, Term, path
from meibo_graphql.procedures import LegalBasis, Measure, Procedure, Rule, legal_basis, measure, procedures_of
from meibo_graphql.types import Language


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
        return [group_of(self.source, spec) for spec in self.source.groups.values()]

    @strawberry.field(description="What registers and corrects a licence: all that a form needs.")
    def forms(self) -> list[Form]:
        return forms_of(self.source)

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
