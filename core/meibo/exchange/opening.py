"""The exchange of one installation, from what its professions declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from meibo.access.guard import Guard
from meibo.connectors import Connector, Direction
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.exchange.beats import Beats, Side, Turn
from meibo.exchange.feeds import Feed
from meibo.exchange.hearing import Hearing
from meibo.exchange.inbound import Inbound, Receiving, open_inbound
from meibo.exchange.inbound.messages import NUMBERS, PSEUDONYMS, Pseudonyms
from meibo.exchange.media import Media
from meibo.exchange.messages import ASK, CHANGES, TAKEN, Asked, Taken, TheirChanges
from meibo.exchange.office import ExchangeOffice
from meibo.exchange.views import PublicView, RecordView, View, views_of
from meibo.jobs import Handler
from meibo.link.calls import Calls
from meibo.professions.compiled import Profession
from meibo.registry.office import Office
from meibo.registry.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Exchange:
    """The jobs that tell and hear, and what an administrator does about them."""

    beats: Beats
    office: ExchangeOffice
    media: Media
    inbound: Inbound

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for the exchange."""
        return [*self.beats.handlers, *self.inbound.beats.handlers]


def connectors(professions: Iterable[Profession], receiving: Receiving) -> list[Connector]:
    """The other sides of the professions as connectors, each once; what they send unasked is for `receiving`."""
    views: dict[str, View | None] = {}
    for profession in professions:
        views |= {view.connector: view for view in views_of(profession)}
        for each in (profession.plugin.paper_numbers, profession.plugin.pass_lists):
            if each is not None:
                views.setdefault(each.connector, None)
    return [_connector(name, view, receiving) for name, view in sorted(views.items())]


def open_exchange(
    database: Database,
    scopes: Scopes,
    keys: KeyProvider,
    calls: Calls,
    guard: Guard,
    office: Office,
    receiving: Receiving,
    within: timedelta,
) -> Exchange:
    """The exchange over an installation's stores; what is heard goes through its `office`. Certificates of destruction
    may take `within`."""
    feeds: dict[Turn, Feed] = {}
    hearings: dict[Turn, Hearing] = {}
    for profession in scopes.host.professions.values():
        scope = scopes.of(profession.code)
        for view in views_of(profession):
            turn = Turn(_side(view), scope)
            feeds[turn] = Feed(profession, scope, view, database, keys, calls, guard.audit)
            if isinstance(view, RecordView):
                hearings[turn] = Hearing(profession, scope, view, database, keys, office.codes, calls, office)
    all_feeds = tuple(feeds.values())
    media = Media(database, guard, all_feeds, calls.client.folder)
    inbound = open_inbound(database, keys, receiving, calls, guard, within)
    return Exchange(Beats(feeds, hearings), ExchangeOffice(database, keys, guard, all_feeds), media, inbound)


def _side(view: View) -> Side:
    return Side.PUBLIC_SEARCH if isinstance(view, PublicView) else Side.EXISTING_SYSTEM


def _connector(name: str, view: View | None, receiving: Receiving) -> Connector:
    two_way, unasked = isinstance(view, RecordView), receiving.receives(name)
    return Connector(
        name=name,
        direction=Direction.BOTH,
        sends=({view.form.name: view.form.batch} if view else {})
        | ({ASK: Asked} if two_way else {})
        | ({PSEUDONYMS: Pseudonyms} if NUMBERS in unasked else {}),
        receives=({TAKEN: Taken} if view else {}) | ({CHANGES: TheirChanges} if two_way else {}) | unasked,
        receive=partial(receiving.receive, name),
    )
