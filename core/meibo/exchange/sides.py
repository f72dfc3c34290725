"""What is kept once, or row by row, of one other side (a connector) and one profession (its scope)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, SmallInteger, String, Table


def side_key() -> tuple[Column[Any], Column[Any]]:
    """The primary key, or its beginning, of what is kept once of each side."""
    return (
        Column("connector", String(32), primary_key=True),
        Column("scope", SmallInteger, primary_key=True, autoincrement=False),
    )


def of_side(table: Table, connector: str, scope: int) -> ColumnElement[bool]:
    """The rows of one side."""
    return (table.c.connector == connector) & (table.c.scope == scope)
