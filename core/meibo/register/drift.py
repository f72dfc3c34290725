"""Whether the tables of a profession are what its declaration says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from meibo.professions.compiled import Profession
from meibo.register.tables import profession_tables

COLUMNS = {
    "sqlite": text(
        'SELECT held.name, "column".name FROM sqlite_master AS held, pragma_table_info(held.name) AS "column"'
        " WHERE held.type = 'table'"
    ),
    "postgresql": text(
        "SELECT held.relname, attname FROM pg_attribute JOIN pg_class AS held ON held.oid = attrelid"
        " WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND pg_table_is_visible(held.oid)"
    ),
}
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
    held = connection.execute(COLUMNS[connection.dialect.name])
    return {(table, column) for table, column in held}
