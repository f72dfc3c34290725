"""Whether the tables of a profession are what its declaration says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, inspect, text

from meibo.professions.compiled import Profession
from meibo.register.tables import profession_tables

COLUMNS_OF_SQLITE = text(
    'SELECT held.name, "column".name FROM sqlite_master AS held, pragma_table_info(held.name) AS "column"'
    " WHERE held.type = 'table'"
)
"""One statement, where SQLAlchemy takes several for each of a hundred tables: every start asks this."""


def behind(connection: Connection, professions: Iterable[Profession]) -> dict[str, str]:
    """Profession -> the first `table.column` that it declares and the database lacks."""
    held = _columns(connection)
    lacking: dict[str, str] = {}
    for profession in professions:
        for table in profession_tables(profession).values():
            for column in table.columns:
                if (table.name, column.name) not in held:
                    lacking.setdefault(profession.code, f"{table.name}.{column.name}")
    return lacking


def _columns(connection: Connection) -> set[tuple[str, str]]:
    """(table, column) of all that the database has."""
    if connection.dialect.name == "sqlite":
        return {(table, column) for table, column in connection.execute(COLUMNS_OF_SQLITE)}
    tables = inspect(connection).get_multi_columns()
    return {(table, column["name"]) for (_, table), columns in tables.items() for column in columns}
