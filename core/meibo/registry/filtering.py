"""What lists are narrowed and sorted by: the shape of a filter gives conditions, its values are bound by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, false, func, select

from meibo.database.direct.statements import among, given
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.register.fold import State
from meibo.register.search import SearchKind, sought

NUL = "\x00"
"""PostgreSQL refuses to compare text that holds it; nothing stored does."""


class Order(StrEnum):
    """By what a list is sorted; the id breaks ties."""

    REGISTRATION_NUMBER_ASC = "REGISTRATION_NUMBER_ASC"
    REGISTRATION_NUMBER_DESC = "REGISTRATION_NUMBER_DESC"
    REGISTRATION_DATE_ASC = "REGISTRATION_DATE_ASC"
    REGISTRATION_DATE_DESC = "REGISTRATION_DATE_DESC"

    @property
    def is_by_number(self) -> bool:
        """Whether by register number; else by the day of registration."""
        return "NUMBER" in self


@dataclass(frozen=True, slots=True)
class DateRange:
    """Both ends included."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ListFilter:
    """What a list is narrowed by, ANDed: search terms by kind, each as the hashes under which it may stand, states, and
    indexed items by path.

    An item's condition is a DateRange, a list of codes, or one exact value. Those of a list hold in one of its rows.
    """

    hashes: Sequence[tuple[SearchKind, Sequence[bytes]]] = ()
    states: Sequence[State] | None = None
    items: Mapping[str, Any] = field(default_factory=dict)

    def shape(self) -> Shape:
        """Everything of the filter but its values."""
        items = tuple((path, _tests(condition)) for path, condition in self.items.items())
        return Shape(tuple(kind for kind, _ in self.hashes), self.states is not None, items)

    def values(self) -> dict[str, Any]:
        """The values under the names that the shape's conditions give them."""
        named: dict[str, Any] = {
            f"hash_{n}_{place}": digest
            for n, (_, digests) in enumerate(self.hashes)
            for place, digest in enumerate(digests)
        }
        if self.states is not None:
            named["states"] = list(self.states)
        for n, condition in enumerate(self.items.values()):
            named |= _values(n, condition)
        return named


class Shape(NamedTuple):
    """What of a filter shapes a statement: kinds of search terms, whether states are given, tests by item."""

    hashes: tuple[SearchKind, ...] = ()
    states: bool = False
    items: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _tests(condition: Any) -> tuple[str, ...]:
    """How an item is tested."""
    if isinstance(condition, DateRange):
        return tuple(end for end in ("start", "end") if getattr(condition, end) is not None)
    if isinstance(condition, list):
        return ("is",) if len(_storable(condition)) == 1 else ("among",)
    return ("never",) if NUL in condition else ("is",)


def _values(number: int, condition: Any) -> dict[str, Any]:
    if isinstance(condition, DateRange):
        return {f"item_{number}_{end}": getattr(condition, end) for end in _tests(condition)}
    if isinstance(condition, list):
        codes = _storable(condition)
        return {f"item_{number}_is": codes[0]} if len(codes) == 1 else {f"item_{number}_among": codes}
    return {} if NUL in condition else {f"item_{number}_is": condition}


def _storable(codes: Sequence[str]) -> list[str]:
    return [code for code in codes if NUL not in code]


class Held(NamedTuple):
    """Where a statement reads what holds."""

    state: ColumnElement[str]
    content: ColumnElement[int]


def narrowed(
    statement: Select[Any], profession: Profession, shape: Shape, order: Order, held: Held
) -> tuple[Select[Any], frozenset[str]]:
    """The statement with the filter's conditions, and the groups that it joins since they or the order need them."""
    licence = tables.licence
    for number, kind in enumerate(shape.hashes):
        key = tables.search_key.c
        digests = [given(key.hash, f"hash_{number}_{place}") for place, _ in enumerate(sought(kind))]
        found = select(key.licence_id).where(
            key.scope == licence.c.scope, key.hash.in_(digests), key.licence_id == licence.c.id
        )
        statement = statement.where(found.exists())
    if shape.states:
        statement = statement.where(among(held.state, "states"))
    if office := _one_office(profession, shape, order):
        statement = statement.where(licence.c.office == given(licence.c.office, office))
    joined = []
    for group, wanted in sorted(_by_group(profession, shape, order).items()):
        spec = profession.groups[group]
        table = tables.group_table(profession.code, spec)
        of_profession = table.c.scope == given(table.c.scope, "profession")
        on = and_(table.c.licence_id == licence.c.id, table.c.content == held.content, of_profession)
        if spec.repeats:
            statement = statement.where(select(table.c.position).where(on, *wanted).exists())
        else:
            statement = statement.join(table, on).where(*wanted)
            joined.append(group)
    return statement, frozenset(joined)


def _by_group(profession: Profession, shape: Shape, order: Order) -> dict[str, list[ColumnElement[bool]]]:
    """The conditions on each group that must be joined."""
    conditions: dict[str, list[ColumnElement[bool]]] = {}
    office = _one_office(profession, shape, order)
    for number, (path, tests) in enumerate(shape.items):
        column = column_of(profession, path)
        if office == f"item_{number}_is":
            # One index of licences finds those of the office in order; the version shown must be of that office too.
            # Hidden from the planner, which would multiply both, expect a handful, and sort thousands.
            column = func.coalesce(column, "")
        conditions.setdefault(path.partition(".")[0], []).extend(_conditions(column, number, tests))
    if not order.is_by_number:
        conditions.setdefault(profession.plugin.registered.partition(".")[0], [])
    return conditions


def _one_office(profession: Profession, shape: Shape, order: Order) -> str | None:
    """The parameter of the one receiving office to which a list by number is narrowed, if it is."""
    receiving = profession.plugin.receiving_office
    if receiving is None or not order.is_by_number:
        return None
    found = (number for number, item in enumerate(shape.items) if item == (receiving.item, ("is",)))
    return next((f"item_{number}_is" for number in found), None)


def is_in_order(profession: Profession, shape: Shape, order: Order) -> bool:
    """Whether one index has a list in its order, whatever the values are: all by number, or those of one office."""
    if shape.hashes or shape.states or not order.is_by_number:
        return False
    return not shape.items or (len(shape.items) == 1 and _one_office(profession, shape, order) is not None)


def _conditions(
    column: ColumnElement[Any], number: int, tests: Sequence[str]
) -> Iterator[ColumnElement[bool]]:
    for test in tests:
        name = f"item_{number}_{test}"
        match test:
            case "start":
                yield column >= given(column, name)
            case "end":
                yield column <= given(column, name)
            case "among":
                yield among(column, name)
            case "is":
                yield column == given(column, name)
            case _:
                yield false()


def sort_columns(profession: Profession, order: Order) -> tuple[ColumnElement[Any], ...]:
    """The columns that a list is sorted by, the id last."""
    if order.is_by_number:
        return tables.licence.c.number_key, tables.licence.c.id
    return column_of(profession, profession.plugin.registered), tables.licence.c.id


def sort_value(profession: Profession, order: Order, value: Any) -> Any:
    """A sort value as a cursor tells it, in its column's type."""
    is_day = isinstance(sort_columns(profession, order)[0].type, Date)
    return date.fromisoformat(value) if is_day else value


def column_of(profession: Profession, path: str) -> ColumnElement[Any]:
    """The column of a clear item."""
    key, _, name = path.partition(".")
    return tables.group_table(profession.code, profession.groups[key]).c[name]
