"""Reading the fields of a sound row. What a field says is remembered by column: most of a register's values repeat.

A row with anything wrong in it is left to `validation`, which tells all that is wrong. So are the values that do not
stand by themselves: an era and its date, and the rows of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from meibo.identity import NumberKind
from meibo.importing.headers import Column
from meibo.items.declaration import Item
from meibo.professions.compiled import Profession
from meibo.register import validation

REMEMBERED = 2_000
"""Values of a column: those that were read last."""


class Unsound(Exception):
    """A row has something wrong in it."""


class RowReader:
    """Reads the sound rows of one file."""

    def __init__(
        self, profession: Profession, columns: Sequence[Column], known: validation.KnownCode
    ) -> None:
        self.profession, self.known = profession, known
        self.alone: dict[str, list[tuple[int, str, Callable[[str], Any]]]] = {}
        self.others: dict[int, Column] = {}
        for place, column in enumerate(columns):
            if _stands_alone(profession, column):
                read = self.alone.setdefault(column.group, [])
                read.append((place, column.name, self._reader(column)))
            else:
                self.others[place] = column

    def read(self, fields: Sequence[str]) -> tuple[dict[str, Any], Mapping[NumberKind, str]]:
        """(what a row says, its numbers as they stand there); raises Unsound."""
        patch: dict[str, Any] = {}
        for group, columns in self.alone.items():
            if values := {name: read(text) for place, name, read in columns if (text := fields[place])}:
                patch[group] = values
        rest, numbers = sorted_out(self.others.values(), map(fields.__getitem__, self.others))
        if rest:
            reading = validation.read(self.profession, rest, self.known)
            if reading.findings:
                raise Unsound
            patch |= reading.patch
        return patch, numbers

    def _reader(self, column: Column) -> Callable[[str], Any]:
        return _remembering(self.profession.groups[column.group].items[column.name], self.known)


def sorted_out(
    columns: Iterable[Column], fields: Iterable[str]
) -> tuple[validation.Raw, dict[NumberKind, str]]:
    """(values by group, numbers): numbers leave the row at once. Empty fields are no values."""
    values: dict[str, dict[str, str]] = {}
    lists: dict[str, list[dict[str, str]]] = {}
    numbers: dict[NumberKind, str] = {}
    for column, text in zip(columns, fields, strict=True):
        if text == "":
            continue
        if column.number:
            numbers[column.number] = text
        elif column.position is None:
            values.setdefault(column.group, {})[column.name] = text
        else:
            rows = lists.setdefault(column.group, [])
            rows += [{} for _ in range(len(rows), column.position + 1)]
            rows[column.position][column.name] = text
    return {**values, **lists}, numbers


def _stands_alone(profession: Profession, column: Column) -> bool:
    spec = profession.groups[column.group]
    return column.number is None and not spec.repeats and not spec.pairs


def _remembering(item: Item, known: validation.KnownCode) -> Callable[[str], Any]:
    @lru_cache(REMEMBERED)
    def reader(text: str) -> Any:
        value, findings = validation.read_value(item, text, known, ())
        if findings:
            raise Unsound
        return value

    return reader
