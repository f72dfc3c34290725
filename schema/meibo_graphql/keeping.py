"""How a profession's register is kept: by whom, through whom, for how long, what is forgotten."""

from __future__ import annotations

from datetime import date

import strawberry

from meibo.professions import law
from meibo_graphql.types import Language, camel


@strawberry.type(description="The licence administrator (資格管理者).")
class Administrator:
    source: strawberry.Private[law.Administrator]

    @strawberry.field
    def authority(self, language: Language = Language.JA) -> str:
        return self.source.authority[language is Language.EN]

    @strawberry.field
    def division(self, language: Language = Language.JA) -> str:
        return self.source.division[language is Language.EN]

    @strawberry.field(description="The body designated to keep the register (指定登録機関).")
    def designated(self, language: Language = Language.JA) -> str | None:
        return self.source.designated[language is Language.EN] if self.source.designated else None


@strawberry.type(description="The offices through which applications come (経由機関).")
class ReceivingOffice:
    source: strawberry.Private[law.ReceivingOffice]

    @strawberry.field(description="The item that holds an entry's office code, as group.item.")
    def item(self) -> str:
        return path(self.source.item)

    @strawberry.field
    def name(self, language: Language = Language.JA) -> str:
        return self.source.name[language is Language.EN]


@strawberry.type(description="The public search (資格確認検索).")
class PublicSearch:
    since: date
    sex_required: bool = strawberry.field(description="Whether the searcher must give the sex.")


@strawberry.type(description="Entries for a term (期限付登録), by items as group.item.")
class Term:
    fixed: str = strawberry.field(description="The flag that the entry has a term.")
    until: str = strawberry.field(description="Its last day.")
    lifted: str = strawberry.field(description="The day on which the term was lifted.")


@strawberry.type(description="What is forgotten when.")
class Erasure:
    keep_record: bool = strawberry.field(description="Whether the record stays after striking off.")
    destroy_number_when: list[str] = strawberry.field(
        description="For which reasons of striking off the Individual Number is destroyed."
    )


def path(item: str) -> str:
    """`register.family_name` as the API names it: `register.familyName`."""
    return ".".join(map(camel, item.split(".")))
