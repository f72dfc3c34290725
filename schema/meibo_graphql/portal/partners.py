"""Partners as holders see them: whom a share may name, and who looked."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from meibo import partners
from meibo.consent import Purpose
from meibo_graphql.portal.context import of


@strawberry.type(description="A hospital or employer that is registered to check licences.")
class Partner:
    id: strawberry.ID = strawberry.field(description="Sent as recipient of shareLicence.")
    name: str
    corporate_number: str = strawberry.field(description="法人番号, by which it can be looked up elsewhere.")
    purpose: Purpose = strawberry.field(description="What it is registered to check licences for.")
    claims: list[str] = strawberry.field(
        description="The most that it may be shown: full_name of every profession, doctor.full_name of one."
    )
    may_check: bool = strawberry.field(description="Whether it may check licences today.")


@strawberry.type
class PartnerQuery:
    @strawberry.field(
        description=f"Those that may check licences today and have these words in their names: by name, the first"
        f" {partners.MOST_FOUND} (more words find fewer)."
    )
    async def partners(self, info: Info[Any, Any], name: str = "") -> list[Partner]:
        return [partner_of(found) for found in await of(info).portal.partners.search(name)]


def partner_of(known: partners.KnownPartner) -> Partner:
    """A partner as the API shows it."""
    return Partner(
        id=strawberry.ID(known.id), name=known.name, corporate_number=known.corporate_number,
        purpose=known.purpose, claims=list(known.claims), may_check=known.may_check,
    )  # fmt: skip


async def partner(info: Info[Any, Any], id: str | None) -> Partner | None:
    """The partner of an id that a share or a use names."""
    return None if id is None else partner_of(await of(info).partners.load(id))
