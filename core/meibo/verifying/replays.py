"""Key bindings that were shown, remembered in a table that every process of the surface shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from meibo.certificates.encoding import encode
from meibo.certificates.replays import KEEP
from meibo.certificates.tables import seen_binding
from meibo.database.direct.scripts import Ask, Put, Script
from meibo.database.direct.statements import Statement, among, given
from meibo.database.gathering import Gathering
from meibo.database.inserting import insert_new
from meibo.database.stores import Database

MOST_TOGETHER = 500
SWEEP = timedelta(minutes=1)
_row = seen_binding.c
_SEEN = Statement(select(_row.id, _row.request).where(among(_row.id, "ids")))
_KEEP = Statement(insert_new(seen_binding).values({c.name: given(c, c.name) for c in _row}))
_FORGET = Statement(delete(seen_binding).where(_row.seen_at <= given(_row.seen_at, "until")))


@dataclass(frozen=True, slots=True)
class Binding:
    """A key binding, and the request that shows it."""

    id: str
    request: str
    at: datetime


@dataclass(slots=True)
class SeenBindings:
    """What all processes have seen, until nobody would believe it any more."""

    database: Database
    _gathering: Gathering[Binding, bool] = field(init=False)
    _swept_at: datetime | None = None

    def __post_init__(self) -> None:
        self._gathering = Gathering(self._together, MOST_TOGETHER)

    def of(self, request: str) -> RequestReplays:
        """What a request may still show: what it showed before, and whatever nobody has."""
        return RequestReplays(self._gathering, request)

    async def _together(self, bindings: Sequence[Binding]) -> list[bool]:
        at, sweeps = bindings[0].at, self._swept_at is None or bindings[0].at - self._swept_at > SWEEP
        if sweeps:
            self._swept_at = at
        return await self.database.play(_remembered(bindings, at - KEEP if sweeps else None))


@dataclass(frozen=True, slots=True)
class RequestReplays:
    """The replays of one request."""

    gathering: Gathering[Binding, bool]
    request: str

    async def is_first(self, binding: bytes, at: datetime) -> bool:
        """Whether this binding was never seen before, but by this very request; it has been from now on, durably."""
        return await self.gathering(Binding(encode(binding).decode(), self.request, at))


def _remembered(bindings: Sequence[Binding], until: datetime | None) -> Script[list[bool]]:
    if until:
        yield Put(_FORGET, [{"until": until}])
    # By id, so that two processes who write the same bindings never wait for each other.
    rows = [
        {"id": each.id, "request": each.request, "seen_at": each.at}
        for each in sorted(bindings, key=lambda each: each.id)
    ]
    yield Put(_KEEP, rows)
    seen = yield Ask(_SEEN, {"ids": {each.id for each in bindings}})
    first = {row.id: row.request for row in seen}
    return [first[each.id] == each.request for each in bindings]
