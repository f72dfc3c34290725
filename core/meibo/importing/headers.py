"""Which item a column of a file is: by identifier, by number in the official list, or by label where it is unique.

A list has a set of columns for each of its rows: `practice_periods.start_date[2]` is the second row's; without a
number it is the first's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from meibo.errors import OperatorError
from meibo.identity import NumberKind
from meibo.items.declaration import MOST_ROWS, Cardinality
from meibo.professions.compiled import NumberedItem, Profession

ROW = re.compile(r"(.+)\[([1-9][0-9]{0,2})\]\Z")
Named = dict[str, dict[tuple[str, str], NumberedItem]]
"""A name -> the items of that name, by group and identifier."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: an item of a group that stands once, or of the row at a position (from 0) of a list; or a number for
    the vault."""

    group: str
    name: str
    number: NumberKind | None = None
    position: int | None = None


def resolve(profession: Profession, headers: Sequence[str]) -> list[Column]:
    """The column of each header; raises OperatorError naming headers that are unknown, ambiguous or repeated."""
    named = _named(profession)
    columns = [_column(profession, named, header.strip(), place) for place, header in enumerate(headers, 1)]
    for place, column in enumerate(columns):
        if column in columns[:place]:
            raise OperatorError(f"The column {headers[place]!r} is there twice: keep one.")
    return columns


def _named(profession: Profession) -> Named:
    """What each name in a header may mean."""
    named: Named = {}
    for numbered in profession.numbered:
        if importable(profession, numbered):
            for name in _names(profession, numbered):
                named.setdefault(name, {})[numbered.group, numbered.item.name] = numbered
    return named


def _column(profession: Profession, named: Named, header: str, place: int) -> Column:
    bare, position = _row(header)
    found = {
        (group, name): numbered
        for wanted, in_list in ((header, False), (bare, True))
        for (group, name), numbered in named.get(wanted, {}).items()
        if profession.groups[group].repeats is in_list
    }
    if not found:  # A file without headers begins with somebody's data, so the text is not repeated.
        raise OperatorError(
            f"Column {place} of the first line is no item of {profession.code}: use identifiers, numbers such as"
            f" {profession.plugin.name[0]}18, or labels of the official list."
        )
    if len(found) > 1:
        choices = ", ".join(f"{group}.{name}" for group, name in found)
        raise OperatorError(f"The column {header!r} may be {choices}: use one of these.")
    [numbered] = found.values()
    spec = profession.groups[numbered.group]
    if spec.repeats and position >= MOST_ROWS:
        raise OperatorError(f"The column {header!r} is beyond the {MOST_ROWS} rows that a list may have.")
    kind = NumberKind(numbered.item.kind.name) if spec.cardinality is Cardinality.VAULT else None
    return Column(numbered.group, numbered.item.name, kind, position if spec.repeats else None)


def _row(header: str) -> tuple[str, int]:
    """(header without its row, position from 0)."""
    match = ROW.match(header)
    return (match[1], int(match[2]) - 1) if match else (header, 0)


def importable(profession: Profession, numbered: NumberedItem) -> bool:
    """Whether a file may have a column for an item."""
    spec = profession.groups[numbered.group]
    held = spec in profession.content_groups and numbered.item.settable
    return held or spec.cardinality is Cardinality.VAULT


def _names(profession: Profession, numbered: NumberedItem) -> tuple[str, ...]:
    item = numbered.item
    return (
        item.name,
        f"{numbered.group}.{item.name}",
        f"{profession.plugin.name[0]}{numbered.number}",
        item.label,
    )
