"""Whether the tables of a profession are what its declaration says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, inspect

from meibo.professions.compiled import Profession
from meibo.register.tables import profession_tables


def behind(connection: Connection, professions: Iterable[Profession]) -> dict[str, str]:
    """Profession -> the first `table.column` that it declares and the database lacks."""
    columns = inspect(connection).get_multi_columns()
    held = {table: {column["name"] for column in found} for (_, table), found in columns.items()}
    lacking: dict[str, str] = {}
    for profession in professions:
        for table in profession_tables(profession).values():
            for column in table.columns:
                if column.name not in held.get(table.name, ()):
                    lacking.setdefault(profession.code, f"{table.name}.{column.name}")
    return lacking
