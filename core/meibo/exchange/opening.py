"""The exchange of one installation, from what its professions declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.guard import Guard
from meibo.connectors import Connector, Direction, Received
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import MessageRefused
from meibo.exchange.beats import Beats, Side, Turn
from meibo.exchange.feeds import Feed
from meibo.exchange.hearing import Hearing
from meibo.exchange.media import Media
from meibo.exchange.messages import ASK, CHANGES, TAKEN, Asked, Taken, TheirChanges
from meibo.exchange.office import ExchangeOffice
from meibo.exchange.views import PublicView, RecordView, View, views_of
from meibo.link.calls import Calls
from meibo.link.states import Reason
from meibo.professions.compiled import Profession
from meibo.registry.office import Office
from meibo.registry.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Exchange:
    """The jobs that tell and hear, and what an administrator does about them."""

    beats: Beats
    office: ExchangeOffice
    media: Media


def connectors(professions: Iterable[Profession]) -> list[Connector]:
    """The other sides of the professions as connectors, each once."""
    views = {view.connector: view for profession in professions for view in views_of(profession)}
    return [_connector(view) for _, view in sorted(views.items())]


def open_exchange(
    database: Database, scopes: Scopes, keys: KeyProvider, calls: Calls, guard: Guard, office: Office
) -> Exchange:
    """The exchange over an installation's stores; what is heard goes through its `office`."""
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
    return Exchange(Beats(feeds, hearings), ExchangeOffice(database, keys, guard, all_feeds), media)


def _side(view: View) -> Side:
    return Side.PUBLIC_SEARCH if isinstance(view, PublicView) else Side.EXISTING_SYSTEM


def _connector(view: View) -> Connector:
    two_way = isinstance(view, RecordView)
    return Connector(
        name=view.connector,
        direction=Direction.BOTH,
        sends={view.form.name: view.form.batch} | ({ASK: Asked} if two_way else {}),
        receives={TAKEN: Taken} | ({CHANGES: TheirChanges} if two_way else {}),
        receive=_unasked,
    )


async def _unasked(_connection: AsyncConnection, _received: Received) -> None:
    """These systems answer; nothing of theirs comes unasked."""
    raise MessageRefused(Reason.UNKNOWN_REQUEST)
