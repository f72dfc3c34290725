"""What was done to partners as the audit log takes it: an action row is a leaf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import select

from meibo.audit.sources import Change
from meibo.database.stores import Database
from meibo.partners.tables import partner_action


class PartnerChanges:
    """Acts on partners in the order of their commits."""

    name = "partner_action"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor, which is a row's instant: no two rows of a register share one."""
        row = partner_action.c
        statement = select(partner_action).order_by(row.recorded_at).limit(limit)
        if after:
            statement = statement.where(row.recorded_at > datetime.fromisoformat(after))
        async with self.database.read() as connection:
            found = (await connection.execute(statement)).mappings().all()
        return [Change(each["recorded_at"].isoformat(), _body(dict(each))) for each in found]


def _body(row: dict[str, object]) -> bytes:
    """A row's canonical bytes: its columns by name, hashes in hexadecimal."""
    told = {str(name): value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
