"""The public search: anybody may ask whether a register has somebody of a full name."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from meibo.publicsearch import Registered, question
from meibo_graphql.types import Code, code_of
from meibo_graphql.verify.context import of

PERSONAL = frozenset({"Query.publicLicence(name:)", "Query.publicLicence(sex:)"})
"""Arguments that take variables only."""


@strawberry.type(description="All that the public is told of somebody who stands in a register.")
class PublicLicence:
    full_name: str = strawberry.field(description="As the register spells it.")
    sex: Code | None
    registration_year: int


@strawberry.type(description="Who stands in the register under the name, by year of registration.")
class PublicLicences:
    registered: list[PublicLicence] = strawberry.field(
        description="None: not found, which is also told of those struck off. Holders alike in all three are told once."
    )
    complete: bool = strawberry.field(
        description="False where more people bear the name than are looked at: somebody may be missing."
    )


@strawberry.type
class PublicQuery:
    """Root fields for the public."""

    @strawberry.field(
        description="Looks for a full name, family and given name with a blank between, where the profession's rule"
        " (Profession.publicSearch) has a public search. Says who is registered, not who may practise today."
    )
    async def public_licence(
        self, info: Info[Any, Any], profession: strawberry.ID, name: str, sex: str | None = None
    ) -> PublicLicences:
        context = of(info)
        context.searches.take(context.mark)
        asked = question(context.verifying.host, profession, name, sex)
        found = await context.public.search(asked)
        item = asked.profession.item(asked.profession.plugin.holder.sex)
        codes = item.codes if item else None

        def shown(each: Registered) -> PublicLicence:
            return PublicLicence(
                full_name=each.full_name,
                sex=code_of(each.sex, codes),
                registration_year=each.registration_year,
            )

        return PublicLicences(registered=[shown(each) for each in found.registered], complete=found.complete)
