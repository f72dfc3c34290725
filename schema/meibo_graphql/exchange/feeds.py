"""Feeds: what each other side is told of a profession, how far it is, and which side changes an item."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.exchange.masters import Master
from meibo.exchange.office import ExchangeOffice, FeedState
from meibo.professions.compiled import NumberedItem
from meibo_graphql.context import of
from meibo_graphql.refusals import attempt
from meibo_graphql.types import Language, UserError

strawberry.enum(
    Master, name="FeedMaster", description="Who changes an item, so that the other side takes it over."
)


@strawberry.type(description="連携: what another system is told of one profession, and how far it has come.")
class Feed:
    connector: strawberry.ID
    profession: strawberry.ID
    series: strawberry.ID | None = strawberry.field(
        description="Batches of a series tell everything; null: it never had a turn."
    )
    number: int = strawberry.field(description="The last batch of the series that the other side took.")
    waiting: bool = strawberry.field(description="Whether a batch is made that it has not taken yet.")
    told_on: date | None = strawberry.field(description="The last day that went into a batch.")
    two_way: bool = strawberry.field(description="Whether the other side changes items, too.")
    on_line: bool = strawberry.field(
        description="Whether the operator named its address; else batches are carried on a medium."
    )


@strawberry.type(description="An item that another system may be told.")
class FeedItem:
    path: strawberry.ID = strawberry.field(description="As messages name it, such as register.family_name.")
    number: int = strawberry.field(description="Its place in the official list.")
    master: Master
    texts: strawberry.Private[tuple[str, str]]

    @strawberry.field
    def label(self, language: Language = Language.JA) -> str:
        return self.texts[language is Language.EN]


@strawberry.input
class FeedActInput:
    connector: strawberry.ID
    profession: strawberry.ID
    validate_only: bool = False


@strawberry.input(description="Say which side changes an item from now on.")
class SetFeedMasterInput(FeedActInput):
    path: strawberry.ID = strawberry.field(description="FeedItem.path.")
    master: Master


@strawberry.type
class FeedPayload:
    feed: Feed | None
    user_errors: list[UserError]


@strawberry.type
class SetFeedMasterPayload:
    master: Master | None = strawberry.field(description="Null where it was refused or only validated.")
    user_errors: list[UserError]


async def resolve_feeds(info: Info[Any, Any]) -> list[Feed]:
    """The feeds of the caller's professions."""
    return [shown(state) for state in await office_of(info).listed(of(info).principal)]


async def resolve_items(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID
) -> list[FeedItem]:
    """What may be told there."""
    said = await office_of(info).masters(of(info).principal, connector, profession)
    items = {each.path: each for each in of(info).installation.host[profession].numbered}
    return [item_of(items[path], master) for path, master in said.items()]


async def begin_anew(info: Info[Any, Any], input: FeedActInput) -> FeedPayload:
    """Tell everything again."""
    told = of(info).principal, input.connector, input.profession
    state, errors = await attempt(
        office_of(info).begin_anew(*told, validate_only=input.validate_only), "connector", "feed.unknown"
    )
    return FeedPayload(
        feed=None if state is None or input.validate_only else shown(state), user_errors=errors
    )


async def set_master(info: Info[Any, Any], input: SetFeedMasterInput) -> SetFeedMasterPayload:
    """Say whose an item is."""
    told = of(info).principal, input.connector, input.profession, input.path, input.master
    act = office_of(info).set_master(*told, validate_only=input.validate_only)
    _, errors = await attempt(act, "path", "feed.unknown_item")
    done = not errors and not input.validate_only
    return SetFeedMasterPayload(master=input.master if done else None, user_errors=errors)


QUERIES = {
    "feeds": strawberry.field(
        resolver=resolve_feeds,
        description="連携の状況: what other systems are told, and how far each has come.",
    ),
    "feed_items": strawberry.field(
        resolver=resolve_items, description="連携項目: which side changes each item that is told there."
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "begin_feed_anew": strawberry.field(
        resolver=begin_anew,
        description="初めから連携: tell a system everything again, in a new series; it has lost what it had.",
    ),
    "set_feed_master": strawberry.field(
        resolver=set_master,
        description="正の登録の指定: say which side changes an item; the other takes it over.",
    ),
}
"""The administrator's verbs, by name."""


def shown(state: FeedState) -> Feed:
    """A feed as the API shows it."""
    return Feed(
        connector=strawberry.ID(state.connector), profession=strawberry.ID(state.profession),
        series=strawberry.ID(str(state.series)) if state.series else None, number=state.number,
        waiting=state.waiting, told_on=state.told_on, two_way=state.two_way, on_line=state.on_line,
    )  # fmt: skip


def item_of(numbered: NumberedItem, master: Master) -> FeedItem:
    """An item as the API shows it."""
    item = numbered.item
    return FeedItem(
        path=strawberry.ID(numbered.path), number=numbered.number, master=master, texts=(item.label, item.en)
    )


def office_of(info: Info[Any, Any]) -> ExchangeOffice:
    """The verbs on the exchange."""
    return of(info).installation.exchange.office
