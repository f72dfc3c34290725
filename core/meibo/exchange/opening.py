"""The exchange of one installation, from what its professions declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.audit.log import AuditLog
from meibo.connectors import Connector, Direction, Received
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.errors import MessageRefused
from meibo.exchange.beats import Beats, Side, Turn
from meibo.exchange.feeds import Feed
from meibo.exchange.messages import TAKEN, Taken
from meibo.exchange.views import PublicView, View, views_of
from meibo.link.calls import Calls
from meibo.link.states import Reason
from meibo.professions.compiled import Profession
from meibo.registry.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Exchange:
    """The feeds, and the jobs that give them their turns."""

    beats: Beats


def connectors(professions: Iterable[Profession]) -> list[Connector]:
    """The other sides of the professions as connectors, each once."""
    views = {view.connector: view for profession in professions for view in views_of(profession)}
    return [_connector(view) for _, view in sorted(views.items())]


def open_exchange(
    database: Database, scopes: Scopes, keys: KeyProvider, calls: Calls, audit: AuditLog
) -> Exchange:
    """The exchange over an installation's stores."""
    feeds = {
        Turn(_side(view), scopes.of(profession.code)): Feed(
            profession, scopes.of(profession.code), view, database, keys, calls, audit
        )
        for profession in scopes.host.professions.values()
        for view in views_of(profession)
    }
    return Exchange(Beats(feeds))


def _side(view: View) -> Side:
    return Side.PUBLIC_SEARCH if isinstance(view, PublicView) else Side.EXISTING_SYSTEM


def _connector(view: View) -> Connector:
    return Connector(
        name=view.connector, direction=Direction.BOTH, sends={view.form.name: view.form.batch},
        receives={TAKEN: Taken}, receive=_unasked,
    )  # fmt: skip


async def _unasked(_connection: AsyncConnection, _received: Received) -> None:
    """These systems answer; nothing of theirs comes unasked."""
    raise MessageRefused(Reason.UNKNOWN_REQUEST)
