"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meibo.items.declaration import Item
from meibo.items.kinds import Kind, Storage
from meibo.professions.compiled import GroupSpec
from meibo_graphql.groups import redactions, show
from meibo_graphql.reads.shapes import Column, LeafShape, ObjectShape, Shape
from meibo_graphql.reads.steps import Getter

Written = Callable[[Any], Any]


def getter(spec: GroupSpec, name: str) -> Getter:
    """What gives the value of a field of a group's view."""
    if name == "redacted":
        return lambda view, _asked: redactions(view)
    item = spec.items[name]
    return lambda view, _asked: show(item, view.values.get(name))


def shortcut(spec: GroupSpec, name: str, shape: Shape) -> Column | None:
    """What renders an item of groups' views without loading it; None where there is more to it."""
    item = spec.items.get(name)
    if item is None or not shape.nullable:
        return None
    written, kind = _written(spec, item), item.kind.name
    if isinstance(shape, LeafShape):
        if type(item.kind).load is Kind.load and type(item.kind).dump is Kind.dump:
            return lambda views, _asked: [written(view) for view in views]
        return (lambda views, _asked: [_day(written(view)) for view in views]) if kind == "date" else None
    if kind in PARTS and isinstance(shape, ObjectShape):
        names = [(step.key, step.call.name if step.call else "") for step in shape.selection.steps]
        if all(part in PARTS[kind] for _, part in names):
            return _parted(written, [(key, PARTS[kind][part]) for key, part in names])
    return None


def _written(spec: GroupSpec, item: Item) -> Written:
    """Gives an item of a view as it is written: its JSON in the blob, or its column's value. Where it stands is known
    from its declaration; what an older plugin wrote is brought forward as JSON."""
    name = item.name
    if item.storage is Storage.CLEAR and not item.kind.verbatim and not spec.upcasts:
        return lambda view: view.values.row.get(name)
    return lambda view: view.values.hidden.get(name)


Part = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Part]] = {
    "code": {"code": lambda written: written},
    "partial_date": {"value": lambda written: written[0], "verbatim": lambda written: written[1]},
}
"""By kind, the fields that stand in what is written."""


def _parted(written: Written, parts: Sequence[tuple[str, Part]]) -> Column:
    if len(parts) == 1:
        [(key, part)] = parts
        return lambda views, _asked: [
            None if (found := written(view)) is None else {key: part(found)} for view in views
        ]
    return lambda views, _asked: [
        None if (found := written(view)) is None else {key: part(found) for key, part in parts}
        for view in views
    ]


def _day(written: Any) -> str | None:
    """ISO in the blob, a day in a column."""
    return written if written is None or written.__class__ is str else str(written.isoformat())
