"""Reading and changing the code tables. They are small: all rows stand in memory, with a check for newer changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.codes.tables import GROUPS, TABLES, code_change
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, InvalidValue, Refused
from meibo.items.declaration import Group, Item
from meibo.items.kinds import Storage

FIRST_DAY = date(1868, 1, 25)
"""From when a row holds that names no day: 明治."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A row of a code table with its trail."""

    table: str
    key: str
    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Whether the row holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(slots=True)
class _Memory:
    change: int = -1
    rows: dict[str, list[CodeRow]] = field(default_factory=dict)
    by_key: dict[tuple[str, str], list[CodeRow]] = field(default_factory=dict)


class CodeTables:
    """The code tables of an installation."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._memory = _Memory()

    async def refresh(self) -> None:
        """Read the tables again where somebody changed them; one small statement where nobody did."""
        async with self.database.read() as connection:
            newest = (await connection.execute(select(func.max(code_change.c.id)))).scalar() or 0
            if newest != self._memory.change:
                self._memory = await _load(connection, newest)

    def rows(self, table: str, on: date | None = None) -> Sequence[CodeRow]:
        """The rows of a table, by key and day; those that hold on a day where one is given."""
        rows = self._memory.rows.get(table, [])
        return rows if on is None else [row for row in rows if row.holds(on)]

    def find(self, table: str, code: str, on: date | None = None) -> CodeRow | None:
        """The row of a code, on a day or the newest."""
        rows = self._memory.by_key.get((table, code), [])
        held = [row for row in rows if on is None or row.holds(on)]
        return held[-1] if held else None

    def known(self, table: str, code: str) -> bool:
        """Whether a table has, or ever had, the code."""
        return (table, code) in self._memory.by_key

    def label(self, table: str, code: str, language: str) -> str | None:
        """The label of a code; the Japanese one where the table has no English."""
        row = self.find(table, code)
        if row is None:
            return None
        found: str | None = row.values.get(_label_item(table, language)) or row.values.get(
            _label_item(table, "ja")
        )
        return found

    async def put(
        self, principal: Principal, table: str, raw: Mapping[str, object], valid_from: date | None = None
    ) -> CodeRow:
        """Add a row, or let it follow the one that holds: that one ends on the day on which this begins.

        Demands `registry:code:write`. Raises Refused with a finding for each value that its kind does not allow.
        """
        principal.demand(Permission.CODE_WRITE)
        values = _read(GROUPS[table], raw)
        async with self.database.write() as work:
            await write_row(work.connection, principal, table, values, valid_from or FIRST_DAY)
            await work.commit()
        await self.refresh()
        found = self.find(table, row_key(GROUPS[table], values))
        assert found is not None  # it was committed just now
        return found


async def write_row(
    connection: AsyncConnection, principal: Principal, table: str, values: Mapping[str, Any], valid_from: date
) -> None:
    """Write one row and its change within the caller's unit of work."""
    target = TABLES[table]
    at = await record_instant(connection)
    newest = (await connection.execute(select(func.max(code_change.c.id)))).scalar() or 0
    change = {
        "id": newest + 1, "recorded_at": at, "account": principal.account, "institution": principal.institution,
        "terminal": principal.terminal, "table_name": table, "key": row_key(GROUPS[table], values),
    }  # fmt: skip
    await connection.execute(insert(code_change), change)
    same = [target.c[i.name] == values[i.name] for i in _keys(GROUPS[table])]
    await connection.execute(
        update(target).where(*same, target.c.valid_to.is_(None)).values(valid_to=valid_from)
    )
    row = {i.name: values.get(i.name) for i in _settable(GROUPS[table])}
    await connection.execute(
        insert(target), {**row, "valid_from": valid_from, "valid_to": None, "change_id": newest + 1}
    )


def read_row(table: str, raw: Mapping[str, object]) -> dict[str, Any]:
    """The values of a row as handed in; raises Refused."""
    return _read(GROUPS[table], raw)


def _read(group: type[Group], raw: Mapping[str, object]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for item in _settable(group):
        given = raw.get(item.name)
        if given is None and item.required:
            findings.append(
                Finding(
                    (item.name,),
                    "必須の項目です。",
                    "This item is required.",
                    FindingCode.REQUIRED,
                    "item.required",
                )
            )
        if given is None:
            continue
        try:
            values[item.name] = item.kind.parse(given, item)
        except InvalidValue as error:
            findings.append(Finding((item.name,), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule))
    if findings:
        raise Refused(*findings)
    return values


async def _load(connection: AsyncConnection, newest: int) -> _Memory:
    memory = _Memory(newest)
    changes = {c.id: c for c in await connection.execute(select(code_change).order_by(code_change.c.id))}
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for change in changes.values():
        first.setdefault((change.table_name, change.key), change)
        last[change.table_name, change.key] = change
    for table, target in TABLES.items():
        order = [*(target.c[i.name] for i in _keys(GROUPS[table])), target.c.valid_from]
        for row in (await connection.execute(select(target).order_by(*order))).mappings():
            key = row_key(GROUPS[table], dict(row))
            trail = _trail(first[table, key], last[table, key])
            values = {i.name: row[i.name] for i in _settable(GROUPS[table])} | trail
            made = CodeRow(table, key, values, row["valid_from"], row["valid_to"])
            memory.rows.setdefault(table, []).append(made)
            memory.by_key.setdefault((table, key.rsplit("/", 1)[-1]), []).append(made)
    return memory


def _trail(first: Any, last: Any) -> dict[str, str | datetime]:
    """The four items that the office's lists print for every table, from the audit trail."""
    return {
        "created_terminal_no": first.terminal,
        "created_at": first.recorded_at,
        "updated_terminal_no": last.terminal,
        "updated_at": last.recorded_at,
    }


def _keys(group: type[Group]) -> list[Item]:
    return [i for i in group.items.values() if i.key]


def _settable(group: type[Group]) -> list[Item]:
    return [i for i in group.items.values() if i.storage is Storage.CLEAR]


def row_key(group: type[Group], values: Mapping[str, Any]) -> str:
    """The key of a row as text; where it has two parts (reasons: category and code) the code comes last."""
    names = sorted((i.name for i in _keys(group)), key=lambda name: name == _code_item(group))
    return "/".join(str(values[name]) for name in names)


def _code_item(group: type[Group]) -> str:
    return next(i.name for i in group.items.values() if i.key)


def _label_item(table: str, language: str) -> str:
    """The item that holds a table's label: its name in that language, or its first text."""
    texts = [
        i.name for i in GROUPS[table].items.values() if i.kind.name == "text" and i.storage is Storage.CLEAR
    ]
    named = [name for name in texts if name.endswith(f"_name_{language}")]
    return (
        named[0]
        if named
        else next((name for name in texts if language == "ja" or name.endswith("_en")), texts[0])
    )
