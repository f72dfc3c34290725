"""What was done to partners as the audit log takes it: an action row is a leaf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import select

from meibo.audit.sources import FIRST, Change
from meibo.database.direct.statements import Statement, given
from meibo.database.stores import Database
from meibo.partners.tables import partner_action

_AFTER = Statement(
    select(partner_action)
    .where(partner_action.c.recorded_at > given(partner_action.c.recorded_at, "instant"))
    .order_by(partner_action.c.recorded_at)
    .limit(given(partner_action.c.number, "limit"))
)


class PartnerChanges:
    """Acts on partners in the order of their commits."""

    name = "partner_action"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor, which is a row's instant: no two rows of a register share one."""
        instant = datetime.fromisoformat(after) if after else FIRST
        found = await self.database.fetch(_AFTER, instant=instant, limit=limit)
        return [Change(row.recorded_at.isoformat(), _body(row._asdict())) for row in found]


def _body(row: dict[str, object]) -> bytes:
    """A row's canonical bytes: its columns by name, hashes in hexadecimal."""
    told = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
