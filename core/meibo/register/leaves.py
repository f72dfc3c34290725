"""The register's changes as the audit log takes them: an action row, and a change of a code table, are leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select, tuple_

from meibo.audit.sources import Change
from meibo.codes.tables import code_change
from meibo.database.stores import Database
from meibo.register.tables import action, licence


class RegisterChanges:
    """Action rows in the order of their commits; each concerns one licence, by pseudonym."""

    name = "action"
    table = action

    def __init__(self, database: Database, scopes: Mapping[str, int]) -> None:
        self.database = database
        self.scopes = scopes

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor."""
        row = self.table.c
        statement: Select[Any] = (
            select(self.table, licence.c.pseudonym).join(licence, licence.c.id == row.licence_id)
            .order_by(row.recorded_at, row.id).limit(limit)
        )  # fmt: skip
        if after:
            instant, _, id = after.partition("|")
            position = tuple_(
                datetime.fromisoformat(instant), UUID(id), types=[row.recorded_at.type, row.id.type]
            )
            statement = statement.where(tuple_(row.recorded_at, row.id) > position)
        async with self.database.read(self.scopes.values()) as connection:
            found = (await connection.execute(statement)).mappings().all()
        return [
            Change(f"{r['recorded_at'].isoformat()}|{r['id'].hex}", _body(r), (r["pseudonym"],))
            for r in found
        ]


class CodeChanges:
    """Changes of code tables, by number."""

    name = "code_change"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def changes(self, after: str | None, limit: int) -> Sequence[Change]:
        """The rows after a cursor."""
        row = code_change.c
        statement = select(code_change).where(row.id > int(after or 0)).order_by(row.id).limit(limit)
        async with self.database.read() as connection:
            found = (await connection.execute(statement)).mappings().all()
        return [Change(str(r["id"]), _body(r)) for r in found]


def _body(row: Mapping[Any, Any]) -> bytes:
    """A row's canonical bytes: its columns by name, instants in UTC, sealed bytes in hexadecimal."""
    told = {
        str(name): value.hex() if isinstance(value, bytes) else value
        for name, value in row.items()
        if name != "pseudonym"
    }
    return orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS)
