"""The statements by which licences are read: one head a licence, at a day and as known at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, false, func, or_, select, tuple_

from meibo.items.kinds import CodeKind
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.register.fold import State

NUL = "\x00"
"""PostgreSQL refuses to compare text that holds it; nothing stored does."""
licence, version, span = tables.licence, tables.licence_version, tables.licence_span

HEAD = (
    licence.c.id, licence.c.scope, licence.c.pseudonym, licence.c.portal_alias, licence.c.registration_number,
    licence.c.number_key, licence.c.version, licence.c.wrapped_key, licence.c.key_version,
    version.c.id.label("version_id"), version.c.number.label("version_number"), version.c.state, version.c.content,
    version.c.effective_date, version.c.recorded_at, version.c.plugin_version,
)  # fmt: skip


class Order(StrEnum):
    """By what a list is sorted; the id breaks ties."""

    REGISTRATION_NUMBER_ASC = "REGISTRATION_NUMBER_ASC"
    REGISTRATION_NUMBER_DESC = "REGISTRATION_NUMBER_DESC"
    REGISTRATION_DATE_ASC = "REGISTRATION_DATE_ASC"
    REGISTRATION_DATE_DESC = "REGISTRATION_DATE_DESC"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Both ends included."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ListFilter:
    """What a list is narrowed by, ANDed: hashes of search terms, states, and indexed items by path.

    An item's condition is a DateRange, a list of codes, or one exact value. Those of a list hold in one of its rows.
    """

    hashes: Sequence[tuple[str, bytes]] = ()
    states: Sequence[State] | None = None
    items: Mapping[str, Any] = field(default_factory=dict)


def in_reach(scopes: Iterable[int], offices: Iterable[str] | None) -> list[ColumnElement[bool]]:
    """The licences of these professions, and of these offices where the caller is bound to some."""
    return [licence.c.scope.in_(list(scopes)), *tables.of_offices(offices)]


def heads(
    scopes: Iterable[int], offices: Iterable[str] | None, day: date, known_at: datetime | None
) -> Select[Any]:
    """One row for each licence in reach that has an entry on `day`, as known at an instant (None: now)."""
    statement = (
        select(*HEAD)
        .join(span, span.c.licence_id == licence.c.id)
        .join(version, version.c.id == span.c.version_id)
        .where(*in_reach(scopes, offices), span.c.valid_from <= day)
        .where(or_(span.c.valid_to.is_(None), span.c.valid_to > day))
    )
    if known_at is None:
        return statement.where(span.c.known_to.is_(None))
    return statement.where(
        span.c.known_from <= known_at, or_(span.c.known_to.is_(None), span.c.known_to > known_at)
    )


def narrowed(statement: Select[Any], profession: Profession, filter: ListFilter, order: Order) -> Select[Any]:
    """The statement with the filter's conditions, and with the groups joined that they or the order need."""
    for kind, digest in filter.hashes:
        key = tables.search_key.c
        found = select(key.licence_id).where(
            key.scope == licence.c.scope, key.kind == kind, key.hash == digest, key.licence_id == licence.c.id
        )
        statement = statement.where(found.exists())
    if filter.states is not None:
        statement = statement.where(version.c.state.in_(list(filter.states)))
    conditions: dict[str, list[ColumnElement[bool]]] = {}
    for path, condition in filter.items.items():
        conditions.setdefault(path.partition(".")[0], []).extend(_conditions(profession, path, condition))
    if "DATE" in order:
        conditions.setdefault(profession.plugin.registered.partition(".")[0], [])
    for group, wanted in sorted(conditions.items()):
        spec = profession.groups[group]
        table = tables.group_table(profession.code, spec)
        on = and_(table.c.licence_id == licence.c.id, table.c.content == version.c.content)
        if spec.repeats:
            statement = statement.where(select(table.c.position).where(on, *wanted).exists())
        else:
            statement = statement.join(table, on).where(*wanted)
    return statement


def counted(
    statement: Select[Any], profession: Profession, paths: Sequence[str], days: DateRange
) -> Select[Any]:
    """How many licences share each combination of these clear items, of those registered on these days."""
    registered = profession.plugin.registered
    for group in sorted({path.partition(".")[0] for path in (*paths, registered)}):
        table = tables.group_table(profession.code, profession.groups[group])
        on = and_(table.c.licence_id == licence.c.id, table.c.content == version.c.content)
        statement = statement.join(table, on)
    columns = [_column(profession, path) for path in paths]
    statement = statement.where(*_conditions(profession, registered, days))
    return statement.with_only_columns(*columns, func.count()).group_by(*columns).order_by(*columns)


def sort_columns(profession: Profession, order: Order) -> tuple[ColumnElement[Any], ...]:
    """The columns that a list is sorted by, the id last."""
    if "NUMBER" in order:
        return licence.c.number_key, licence.c.id
    return _column(profession, profession.plugin.registered), licence.c.id


def beyond(
    columns: tuple[ColumnElement[Any], ...], values: Sequence[Any], *, greater: bool
) -> ColumnElement[bool]:
    """Rows after (or before) a position."""
    first, last = columns
    sort, id = _typed(first, values[0]), UUID(str(values[1]))
    pair, there = tuple_(first, last), tuple_(sort, id, types=[first.type, last.type])
    return pair > there if greater else pair < there


def _typed(column: ColumnElement[Any], value: Any) -> Any:
    return date.fromisoformat(value) if column.type.python_type is date else value


def _column(profession: Profession, path: str) -> ColumnElement[Any]:
    key, _, name = path.partition(".")
    return tables.group_table(profession.code, profession.groups[key]).c[name]


def _conditions(profession: Profession, path: str, condition: Any) -> Iterable[ColumnElement[bool]]:
    key, _, name = path.partition(".")
    spec = profession.groups[key]
    column = _column(profession, path)
    kind = spec.items[name].kind
    if isinstance(column.type, Date):
        return [
            c
            for c in (
                condition.start and column >= condition.start,
                condition.end and column <= condition.end,
            )
            if c is not None
        ]
    if isinstance(kind, CodeKind):
        return [column.in_([code for code in condition if NUL not in code])]
    return [false() if NUL in condition else column == condition]
