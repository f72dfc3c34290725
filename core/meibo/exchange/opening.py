"""The exchange of one installation, from what its professions declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from meibo.access.guard import Guard
from meibo.connectors import Connector, Direction, Message
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.exchange.beats import Beats, Side, Turn
from meibo.exchange.feeds import Feed
from meibo.exchange.hearing import Hearing
from meibo.exchange.inbound import Inbound, Receiving, open_inbound
from meibo.exchange.inbound.messages import NUMBERS, PSEUDONYMS, Pseudonyms
from meibo.exchange.media import Media
from meibo.exchange.messages import ASK, CHANGES, TAKEN, Asked, Taken, TheirChanges
from meibo.exchange.numbers import NumberFeed, NumberOffice
from meibo.exchange.numbers.erasing import Erasing
from meibo.exchange.numbers.given import Given
from meibo.exchange.numbers.messages import ERASE, ERASED, HAND_OVER, Erase, Erased, NumberBatch
from meibo.exchange.numbers.watching import Watching
from meibo.exchange.office import ExchangeOffice
from meibo.exchange.views import PublicView, RecordView, View, views_of
from meibo.jobs import Handler
from meibo.link.calls import Calls
from meibo.linkage.handover import Handover
from meibo.professions.compiled import Profession
from meibo.registry.office import Office
from meibo.registry.scopes import Scopes
from meibo.settings import Settings

ASKED: Mapping[str, type[Message]] = {ASK: Asked, HAND_OVER: NumberBatch, ERASE: Erase}
ANSWERED: Mapping[str, type[Message]] = {CHANGES: TheirChanges, ERASED: Erased}
"""What an existing system is asked beside what it is told, and what it answers."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The jobs that tell and hear, and what an administrator does about them."""

    beats: Beats
    office: ExchangeOffice
    media: Media
    inbound: Inbound
    numbers: NumberOffice

    @property
    def handlers(self) -> list[Handler[Any]]:
        """What a worker does for the exchange."""
        return [
            *self.beats.handlers,
            *self.inbound.beats.handlers,
            *Watching(self.numbers).handlers,
        ]


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
    settings: Settings,
    database: Database,
    scopes: Scopes,
    keys: KeyProvider,
    calls: Calls,
    guard: Guard,
    office: Office,
    receiving: Receiving,
    handover: Handover,
) -> Exchange:
    """The exchange over an installation's stores; what is heard goes through its `office`."""
    feeds: dict[Turn, Feed] = {}
    hearings: dict[Turn, Hearing] = {}
    numbers: dict[Turn, NumberFeed] = {}
    for profession in scopes.host.professions.values():
        scope = scopes.of(profession.code)
        for view in views_of(profession):
            turn = Turn(_side(view), scope)
            feeds[turn] = Feed(profession, scope, view, database, keys, calls, guard.audit)
            if isinstance(view, RecordView):
                hearings[turn] = Hearing(profession, scope, view, database, keys, office.codes, calls, office)
            if takes_numbers(profession) and isinstance(view, RecordView):
                given = Given(view.connector, scope)
                erasing = Erasing(profession, given, database, handover, calls, guard.audit)
                numbers[turn] = NumberFeed(profession, given, database, handover, calls, erasing)
    all_feeds = tuple(feeds.values())
    media = Media(database, guard, all_feeds, calls.client.folder)
    return Exchange(
        Beats(feeds, hearings, numbers),
        ExchangeOffice(database, keys, guard, all_feeds),
        media,
        open_inbound(settings, database, keys, receiving, calls, guard),
        NumberOffice(database, guard, tuple(numbers.values())),
    )


def takes_numbers(profession: Profession) -> bool:
    """Whether the existing system of a profession may ever be given its numbers."""
    system = profession.plugin.existing_system
    return system is not None and system.takes_numbers and profession.keeps_numbers


def _side(view: View) -> Side:
    return Side.PUBLIC_SEARCH if isinstance(view, PublicView) else Side.EXISTING_SYSTEM


def _connector(name: str, view: View | None, receiving: Receiving) -> Connector:
    two_way, unasked = isinstance(view, RecordView), receiving.receives(name)
    return Connector(
        name=name,
        direction=Direction.BOTH,
        sends=({view.form.name: view.form.batch} if view else {})
        | (dict(ASKED) if two_way else {})
        | ({PSEUDONYMS: Pseudonyms} if NUMBERS in unasked else {}),
        receives=({TAKEN: Taken} if view else {}) | (dict(ANSWERED) if two_way else {}) | unasked,
        receive=partial(receiving.receive, name),
    )
