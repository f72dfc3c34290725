"""The register's changes as the audit log takes them: an action row, and a change of a code table, are leaves.

A sequencer asks for them twice a second, whether there are any or not: their statements are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Table, select, tuple_

from meibo.audit.sources import FIRST, Change
from meibo.codes.tables import code_change
from meibo.database.direct.reaches import Reach
from meibo.database.direct.statements import Statement, given
from meibo.database.stores import Database
from meibo.register.tables import action, licence

START = FIRST, UUID(int=0)
"""Comes before the position of every row: its instant, its id."""


def _rows_after(table: Table) -> Statement:
    """Rows with their licences' pseudonyms, in the order of their commits.

    The rows are taken first, by their index. Joined at once, PostgreSQL walked through all licences and sorted their
    rows for each batch of an import, since its statistics did not know of it yet.
    """
    position = (table.c.recorded_at, table.c.id)
    after = tuple_(given(table.c.recorded_at, "instant"), given(table.c.id, "id"))
    next_rows = select(table).where(tuple_(*position) > after).order_by(*position)
    row = next_rows.limit(given(action.c.number, "limit")).subquery()
    of_licence = licence.c.id == row.c.licence_id
    return Statement(
        select(row, licence.c.pseudonym).join(licence, of_licence).order_by(row.c.recorded_at, row.c.id)
    )


_CODES_AFTER = Statement(
    select(code_change)
    .where(code_change.c.id > given(code_change.c.id, "id"))
    .order_by(code_change.c.id)
    .limit(given(code_change.c.id, "limit"))
)


class RegisterChanges:
    """Action rows in the order of their commits; each concerns one licence, by pseudonym."""

    name = "action"
    table = action

    def __init__(self, database: Database, scopes: Mapping[str, int]) -> None:
        self.database = database
        self.scopes = scopes
        self._rows_after = _rows_after(self.table)

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor."""
        instant, id = _position(after) if after else START
        reach = Reach.of(self.scopes.values(), None)
        found = await self.database.fetch(self._rows_after, reach, instant=instant, id=id, limit=limit)
        return [
            Change(f"{row.recorded_at.isoformat()}|{row.id.hex}", _body(row), (row.pseudonym,))
            for row in found
        ]


class CodeChanges:
    """Changes of code tables, by number."""

    name = "code_change"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor."""
        found = await self.database.fetch(_CODES_AFTER, id=int(after or 0), limit=limit)
        return [Change(str(row.id), _body(row)) for row in found]


def _position(cursor: str) -> tuple[datetime, UUID]:
    instant, _, id = cursor.partition("|")
    return datetime.fromisoformat(instant), UUID(id)


def _body(row: Any) -> bytes:
    """A row's canonical bytes: its columns by name, instants in UTC, sealed bytes in hexadecimal."""
    told = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row._asdict().items()
        if name != "pseudonym"
    }
    return orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS)
