"""Reading and changing the code tables. They are small: all rows stand in memory, with a check for newer changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.codes.tables import CodeTable, code_change
from meibo.database.recording import record_instant
from meibo.database.stores import Database
from meibo.errors import Finding, FindingCode, InvalidValue, Refused
from meibo.items.codes import CodeList

FIRST_DAY = date(1868, 1, 25)
"""From when a row holds that names no day: 明治."""
Written = tuple[Mapping[str, Any], date]
"""The values of a row that is written, and its first day."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A row of a code table with its trail."""

    table: str
    key: str
    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None

    @property
    def code(self) -> str:
        """The code, without the category before it where the key has one."""
        return self.key.rsplit("/", 1)[-1]

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

    def __init__(self, database: Database, tables: Mapping[str, CodeTable]) -> None:
        self.database = database
        self.tables = tables
        self._memory = _Memory()
        self._mark: object = None

    async def refresh(self, *, at_once: bool = False) -> None:
        """Read the tables again where somebody changed them; nothing where nobody did. What another process changed
        is seen within a second; `at_once` looks now."""
        mark = self.database.mark()
        if mark == self._mark and not at_once:
            return
        self._mark = mark
        async with self.database.read() as connection:
            newest = (await connection.execute(select(func.max(code_change.c.id)))).scalar() or 0
            if newest != self._memory.change:
                self._memory = await _load(connection, self.tables, newest)

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

    def all_known(self) -> frozenset[tuple[str, str]]:
        """(table, code) of all that `known` knows: what another process needs to ask."""
        return frozenset(self._memory.by_key)

    def label(self, table: str, code: str, language: str) -> str | None:
        """The label of a code; the Japanese one where the table has no English."""
        row = self.find(table, code)
        return None if row is None else self.tables[table].label(row.values, language)

    def texts(self, listed: CodeList, code: str) -> tuple[str | None, str | None]:
        """The labels of a code of any list in Japanese and English; None where the list does not know the code."""
        if listed.table:
            return self.label(listed.table, code, "ja"), self.label(listed.table, code, "en")
        return listed.label(code, "ja"), listed.label(code, "en")

    async def put(
        self, principal: Principal, table: str, raw: Mapping[str, object], valid_from: date | None = None
    ) -> CodeRow:
        """Add a row, or let it follow the one that holds: that one ends on the day on which this begins.

        Demands `registry:code:write`. Raises Refused with a finding for each value that its kind does not allow.
        """
        principal.demand(Permission.CODE_WRITE)
        target = self.tables[table]
        values = read_row(target, raw)
        async with self.database.write() as work:
            await write_rows(work.connection, principal, target, [(values, valid_from or FIRST_DAY)])
            await work.commit()
        await self.refresh(at_once=True)
        found = self.find(table, target.row_key(values).rsplit("/", 1)[-1])
        assert found is not None  # it was committed just now
        return found


async def write_rows(
    connection: AsyncConnection, principal: Principal, target: CodeTable, written: Sequence[Written]
) -> None:
    """Write rows of one table, and their changes, within the caller's unit of work.

    The row of a key that holds ends where the first one here begins; of several here each ends where the next begins.
    """
    at = await record_instant(connection)
    newest = (await connection.execute(select(func.max(code_change.c.id)))).scalar() or 0
    made = {
        "recorded_at": at, "account": principal.account, "institution": principal.institution,
        "terminal": principal.terminal, "table_name": target.key,
    }  # fmt: skip
    changes, rows = [], []
    starts: dict[str, Written] = {}
    for id, row in reversed(list(enumerate(written, newest + 1))):
        values, start = row
        key = target.row_key(values)
        end = starts[key][1] if key in starts else None
        starts[key] = row
        changes.append({**made, "id": id, "key": key})
        kept = {i.name: values.get(i.name) for i in target.settable}
        rows.append({**kept, "valid_from": start, "valid_to": end, "change_id": id})
    await connection.execute(insert(code_change), changes[::-1])
    await _end(connection, target, starts.values())
    await connection.execute(insert(target.table), rows[::-1])


async def _end(connection: AsyncConnection, target: CodeTable, following: Iterable[Written]) -> None:
    """Let the rows that hold end where others of their keys begin."""
    rows = target.table
    same = [rows.c[i.name] == bindparam(f"of_{i.name}") for i in target.keys]
    ending = update(rows).where(*same, rows.c.valid_to.is_(None)).values(valid_to=bindparam("end"))
    ends = [
        {"end": day, **{f"of_{i.name}": values[i.name] for i in target.keys}} for values, day in following
    ]
    await connection.execute(ending, ends)


def read_row(target: CodeTable, raw: Mapping[str, object]) -> dict[str, Any]:
    """The values of a row as handed in; raises Refused."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for item in target.settable:
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


async def _load(connection: AsyncConnection, tables: Mapping[str, CodeTable], newest: int) -> _Memory:
    memory = _Memory(newest)
    changes = {c.id: c for c in await connection.execute(select(code_change).order_by(code_change.c.id))}
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for change in changes.values():
        first.setdefault((change.table_name, change.key), change)
        last[change.table_name, change.key] = change
    for key, target in tables.items():
        rows = target.table
        order = [*(rows.c[i.name] for i in target.keys), rows.c.valid_from]
        for row in (await connection.execute(select(rows).order_by(*order))).mappings():
            place = target.row_key(dict(row))
            trail = _trail(first[key, place], last[key, place])
            values = {i.name: row[i.name] for i in target.settable} | trail
            made = CodeRow(key, place, values, row["valid_from"], row["valid_to"])
            memory.rows.setdefault(key, []).append(made)
            memory.by_key.setdefault((key, place.rsplit("/", 1)[-1]), []).append(made)
    return memory


def _trail(first: Any, last: Any) -> dict[str, str | datetime]:
    """The four items that the office's lists print for every table, from the audit trail."""
    return {
        "created_terminal_no": first.terminal,
        "created_at": first.recorded_at,
        "updated_terminal_no": last.terminal,
        "updated_at": last.recorded_at,
    }
