"""Which partners may call, looked up for every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from meibo import clock
from meibo.database.direct.statements import Statement, given
from meibo.database.stores import Database
from meibo.errors import Unauthenticated
from meibo.partners.records import ID, Partner
from meibo.partners.rows import partner_of
from meibo.partners.tables import partner

MOST_KNOWN = 10_000
"""Ids remembered at once, unknown ones too, which take no longer to refuse than others; beyond that all are
forgotten, and read again as they call."""
_BY_ID = Statement(select(partner).where(partner.c.id == given(partner.c.id, "id")), brief=True)


@dataclass(slots=True)
class Callers:
    """The partners that may call. One is remembered until the register changes (SQLite), or for a second (PostgreSQL),
    so that a suspended one is refused within a second by every process."""

    database: Database
    _mark: object = None
    _known: dict[str, Partner | None] = field(default_factory=dict)

    async def calling(self, id: str) -> Partner:
        """The partner of an id; raises Unauthenticated alike for one that is unknown, not approved, suspended, ended
        or expired."""
        found = await self.find(id)
        if found is None or not found.may_call(clock.today()):
            raise Unauthenticated
        return found

    def forget(self, id: str) -> None:
        """Read a partner again, which this process has changed."""
        self._known.pop(id, None)

    async def find(self, id: str) -> Partner | None:
        """The partner of an id, whether it may call or not."""
        if not ID.match(id):
            return None
        mark = self.database.mark()
        if mark != self._mark or len(self._known) >= MOST_KNOWN:
            self._mark, self._known = mark, {}
        if id not in self._known:
            rows = await self.database.fetch(_BY_ID, id=id)
            self._known[id] = partner_of(rows[0]) if rows else None
        return self._known[id]
