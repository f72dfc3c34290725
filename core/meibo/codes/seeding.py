"""Filling the code tables from the plugins' rows: the same row from two plugins is one, other rows are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from meibo.access.principals import Principal
from meibo.codes.service import FIRST_DAY, CodeTables, read_row, write_rows
from meibo.codes.tables import CodeTable
from meibo.errors import PluginError

Row = Mapping[str, object]
Given = Iterable[tuple[str, Mapping[str, Iterable[Row]]]]
"""The plugins by name, each with its rows by table."""


async def seed(codes: CodeTables, principal: Principal, given: Given) -> None:
    """Add the rows whose codes the tables do not have yet; raises PluginError where two plugins contradict."""
    await codes.refresh(at_once=True)
    async with codes.database.write() as work:
        for table, rows in merged(given, codes.tables).items():
            target = codes.tables[table]
            known = {row.key for row in codes.rows(table)}
            read = [(read_row(target, row), _first_day(row)) for row in rows]
            if wanted := [(values, start) for values, start in read if target.row_key(values) not in known]:
                await write_rows(work.connection, principal, target, wanted)
        await work.commit()
    await codes.refresh(at_once=True)


def _first_day(row: Row) -> date:
    return date.fromisoformat(str(row.get("valid_from") or FIRST_DAY))


def merged(given: Given, known: Mapping[str, CodeTable]) -> dict[str, list[Row]]:
    """Table -> the rows of all plugins; raises PluginError naming table, code and both plugins."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, Row]] = {}
    for plugin, tables in given:
        for table, rows in tables.items():
            for row in rows:
                place = (table, _place(plugin, table, row, known))
                first, before = found.setdefault(place, (plugin, row))
                if dict(before) != dict(row):
                    raise PluginError(
                        f"The plugins {first!r} and {plugin!r} give different rows of {table!r} for the code"
                        f" {'/'.join(filter(None, place[1]))}: choose another code, or give the same row."
                    )
    together: dict[str, list[Row]] = {}
    for (table, _), (_, row) in found.items():
        together.setdefault(table, []).append(row)
    return together


def _place(plugin: str, table: str, row: Row, known: Mapping[str, CodeTable]) -> tuple[str, ...]:
    """What tells rows of a table apart: their key, and their first day."""
    if table not in known:
        raise PluginError(f"The plugin {plugin!r} gives rows of {table!r}, which is no code table.")
    return (*(str(row.get(item.name, "")) for item in known[table].keys), str(row.get("valid_from") or ""))
