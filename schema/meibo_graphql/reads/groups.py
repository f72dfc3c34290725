"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from meibo.items.declaration import Item
from meibo.items.kinds import Kind
from meibo.professions.compiled import GroupSpec
from meibo.register.written import loading
from meibo_graphql.groups import show, told
from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.shapes import Column, LeafShape, ObjectShape, Shape
from meibo_graphql.reads.steps import Step


def of_rows(spec: GroupSpec, steps: Sequence[Step]) -> list[Step]:
    """The steps of a group's fields, by which they read rows of what is written: items in alphabetical order."""
    names = sorted({step.call.name for step in steps if step.call and step.call.name in spec.items})
    return [_of_row(spec, step, names) for step in steps]


def _of_row(spec: GroupSpec, step: Step, names: Sequence[str]) -> Step:
    if step.call is None:
        return step
    if step.call.name not in names:  # It is `redacted`.
        return replace(step, get=lambda row, _asked: told(row[-1]))
    item, place = spec.items[step.call.name], names.index(step.call.name)
    load = loading(spec, item)
    return replace(
        step,
        get=lambda row, _asked: show(item, load(row[place])),
        shortcut=_shortcut(item, place, step.shape),
    )


def _shortcut(item: Item, place: int, shape: Shape) -> Column | None:
    """What renders an item of rows without loading it; None where there is more to it."""
    written, kind = itemgetter(place), item.kind.name
    if not shape.nullable:
        return None
    if isinstance(shape, LeafShape):
        # A day is ISO in the blob, and written so from a column.
        plain = type(item.kind).load is Kind.load and type(item.kind).dump is Kind.dump
        return (lambda rows, _asked: list(map(written, rows))) if plain or kind == "date" else None
    if kind in PARTS and isinstance(shape, ObjectShape):
        names = [(step.key, step.call.name if step.call else "") for step in shape.selection.steps]
        if all(part in PARTS[kind] for _, part in names):
            told = _parted([(key, PARTS[kind][part]) for key, part in names])
            if kind == "code":
                return _distinct(place, lambda codes, _asked: told(codes))
            return lambda rows, _asked: told(map(written, rows))
    if kind == "code" and shape.is_sync:
        return _distinct(
            place, lambda codes, asked: shape.render([show(item, code) for code in codes], asked)
        )
    return None


def _distinct(place: int, render: Column) -> Column:
    """Codes, each rendered once however many rows have it."""

    def column(rows: Sequence[Any], asked: Asked) -> list[Any]:
        codes = [row[place] for row in rows]
        known = list(dict.fromkeys(codes))
        made = dict(zip(known, render(known, asked), strict=True))
        return [made[code] for code in codes]

    return column


Part = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Part]] = {
    "code": {"code": lambda written: written},
    "partial_date": {"value": itemgetter(0), "verbatim": itemgetter(1)},
}
"""By kind, the fields that stand in what is written."""


def _parted(parts: Sequence[tuple[str, Part]]) -> Callable[[Iterable[Any]], list[Any]]:
    """Makes the objects of what is written."""
    if len(parts) == 1:
        [(key, part)] = parts
        return lambda written: [None if one is None else {key: part(one)} for one in written]
    return lambda written: [
        None if one is None else {key: part(one) for key, part in parts} for one in written
    ]
