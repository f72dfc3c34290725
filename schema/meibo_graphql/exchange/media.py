"""The book of media that carry batches by hand. Writing one is the machine's operator's: the file leaves there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.exchange.media import Medium
from meibo_graphql.context import of


@strawberry.type(description="媒体管理簿: a medium on which a batch was carried.")
class FeedMedium:
    id: strawberry.ID
    label: str
    number: int = strawberry.field(description="Of the batch in its series.")
    sha256: str = strawberry.field(description="Of the encrypted file on it.")
    written_at: datetime
    received_at: datetime | None = strawberry.field(description="When the other side's receipt was entered.")
    destroyed_at: datetime | None
    overdue: bool = strawberry.field(description="Whether it ought to be destroyed by now.")


async def resolve_media(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, overdue: bool = False
) -> list[FeedMedium]:
    """The book, or what of it is overdue."""
    media = of(info).installation.exchange.media
    found = await media.listed(of(info).principal, connector, profession)
    return [shown(medium) for medium in found if medium.overdue or not overdue]


QUERIES = {
    "feed_media": strawberry.field(
        resolver=resolve_media,
        description="媒体の一覧: the book of a feed's media, oldest first; with overdue those that ought to be"
        " destroyed by now.",
    )
}
"""The root fields, by name."""


def shown(medium: Medium) -> FeedMedium:
    """A medium as the API shows it."""
    return FeedMedium(
        id=strawberry.ID(str(medium.id)), label=medium.label, number=medium.number, sha256=medium.digest,
        written_at=medium.written_at, received_at=medium.received_at, destroyed_at=medium.destroyed_at,
        overdue=medium.overdue,
    )  # fmt: skip
