"""Codes to draw for synthetic holders: of the lists that plugins close, and of the rows that they give for tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from random import Random

from meibo.codes.seeding import merged
from meibo.codes.tables import code_tables
from meibo.host import Host
from meibo.items.codes import CodeList

Row = Mapping[str, object]


class Codes:
    """What a new installation's code lists hold for one profession: its own rows of a table, else everybody's."""

    def __init__(self, host: Host, code: str) -> None:
        self.known_tables = code_tables(host.professions.values())
        everybody = rows_of(host)
        self.tables = everybody | merged(host.answers("meibo_code_rows", of=code), self.known_tables)
        self.all = {(table, self._code(table, row)) for table, rows in everybody.items() for row in rows}

    def known(self, table: str, code: str) -> bool:
        """Whether any row of a table has the code."""
        return (table, code) in self.all

    def has(self, codes: CodeList, code: str) -> bool:
        """Whether a list takes the code."""
        return codes.open or (self.known(codes.table, code) if codes.table else code in codes.values)

    def draw(self, codes: CodeList | None, day: date, random: Random) -> str:
        """A code that holds on a day; "" where the list is empty."""
        if codes is None:
            return ""
        found = self._held(codes.table, day) if codes.table else sorted(codes.values)
        return random.choice(found) if found else ""

    def _held(self, table: str, day: date) -> list[str]:
        rows: Iterable[Row] = self.tables.get(table, ())
        return sorted({self._code(table, row) for row in rows if _holds(row, day)})

    def _code(self, table: str, row: Row) -> str:
        return self.known_tables[table].row_key(row).rsplit("/", 1)[-1]


@lru_cache(maxsize=1)
def rows_of(host: Host) -> dict[str, list[Row]]:
    """The rows that all plugins of a host give, by table: asked once for its professions, one after the other."""
    return merged(host.code_rows(), code_tables(host.professions.values()))


def _holds(row: Row, day: date) -> bool:
    """Whether a row holds on a day, and the person in office whom it names."""
    start = max(str(row.get("valid_from") or ""), str(row.get("term_start") or ""))
    return start <= day.isoformat() <= str(row.get("term_end") or "9")
