"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import msgspec
from graphql import GraphQLSchema

from meibo.items.declaration import Item
from meibo.professions.compiled import GroupSpec
from meibo.register.written import is_plain, loading
from meibo_graphql.groups import show, told
from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.shapes import Column, LeafShape, ObjectShape, Shape
from meibo_graphql.reads.steps import ENCODE, Selection, Step


class Rows(Selection):
    """The fields that are selected of a group, each answered from its column of what is written: items in alphabetical
    order, and last of all what is masked."""

    def __init__(self, schema: GraphQLSchema, spec: GroupSpec, steps: Sequence[Step]) -> None:
        called = [step.call.name if step.call else "" for step in steps]
        names = sorted(spec.items.keys() & called)
        self.places = [names.index(name) if name in names else -1 for name in called]
        super().__init__(schema, [_of_column(spec, step) for step in steps])

    def shares(self, sources: Sequence[Any]) -> Iterable[Sequence[Any]]:
        """The column of each field."""
        columns = list(zip(*sources, strict=True)) or [()]
        return [columns[place] for place in self.places] if sources else [()] * len(self.places)


def _of_column(spec: GroupSpec, step: Step) -> Step:
    if step.call is None:
        return step
    item = spec.items.get(step.call.name)
    if item is None:  # It is `redacted`.
        return replace(step, get=lambda redacted, _asked: told(redacted))
    load = loading(spec, item)
    return replace(
        step, get=lambda written, _asked: show(item, load(written)), shortcut=_shortcut(item, step.shape)
    )


def _shortcut(item: Item, shape: Shape) -> Column | None:
    """What renders a column of an item without loading it; None where there is more to it."""
    kind = item.kind.name
    if not shape.nullable:
        return None
    if isinstance(shape, LeafShape):
        # A day is ISO in the blob, and written so from a column.
        return (lambda column, _asked: list(column)) if is_plain(item.kind) or kind == "date" else None
    if kind in PARTS and isinstance(shape, ObjectShape):
        names = [(step.key, step.call.name if step.call else "") for step in shape.selection.steps]
        if all(part in PARTS[kind] for _, part in names):
            made = _parted([(key, PARTS[kind][part]) for key, part in names])
            return _remembered(made) if kind == "code" else lambda column, _asked: list(map(made, column))
    if kind == "code" and shape.is_sync:
        return _distinct(lambda codes, asked: shape.render([show(item, code) for code in codes], asked))
    return None


def _distinct(render: Column) -> Column:
    """Codes, each rendered once however many rows have it."""

    def column(codes: Sequence[Any], asked: Asked) -> list[Any]:
        known = list(dict.fromkeys(codes))
        made = dict(zip(known, render(known, asked), strict=True))
        return [made[code] for code in codes]

    return column


def _remembered(make: Callable[[Any], Any]) -> Column:
    """Codes, each written as JSON once for all requests: there are as many as their list has."""
    made = _Made(make)
    return lambda codes, _asked: list(map(made.__getitem__, codes))


class _Made(dict[Any, msgspec.Raw]):
    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Any) -> msgspec.Raw:
        made = self[key] = msgspec.Raw(ENCODE(self.make(key)))
        return made


Part = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Part]] = {
    "code": {"code": lambda written: written},
    "partial_date": {"value": itemgetter(0), "verbatim": itemgetter(1)},
}
"""By kind, the fields that stand in what is written."""


def _parted(parts: Sequence[tuple[str, Part]]) -> Callable[[Any], Any]:
    """Makes the object of what is written."""
    if len(parts) == 1:
        [(key, part)] = parts
        return lambda written: None if written is None else {key: part(written)}
    return lambda written: None if written is None else {key: part(written) for key, part in parts}
