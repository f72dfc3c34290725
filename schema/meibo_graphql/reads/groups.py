"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meibo.items.declaration import Item
from meibo.items.kinds import Kind, Storage
from meibo.professions.compiled import GroupSpec
from meibo_graphql.groups import redactions, show
from meibo_graphql.reads.steps import Getter, LeafShape, ObjectShape, Shape


def getter(spec: GroupSpec, name: str) -> Getter:
    """What gives the value of a field of a group's view."""
    if name == "redacted":
        return lambda view, _asked: redactions(view)
    item = spec.items[name]
    return lambda view, _asked: show(item, view.values.get(name))


def shortcut(spec: GroupSpec, name: str, shape: Shape) -> Getter | None:
    """What renders an item of a group's view without loading it; None where there is more to it."""
    item = spec.items.get(name)
    if item is None or not shape.nullable:
        return None
    written, kind = _written(spec, item), item.kind.name
    if isinstance(shape, LeafShape):
        if type(item.kind).load is Kind.load and type(item.kind).dump is Kind.dump:
            return written
        return (lambda view, asked: _day(written(view, asked))) if kind == "date" else None
    if kind in PARTS and isinstance(shape, ObjectShape):
        names = [(step.key, step.call.name if step.call else "") for step in shape.selection.steps]
        if all(part in PARTS[kind] for _, part in names):
            parts = [(key, PARTS[kind][part]) for key, part in names]
            return _one_part(written, *parts[0]) if len(parts) == 1 else _parted(written, parts)
    return None


def _written(spec: GroupSpec, item: Item) -> Getter:
    """Gives an item of a view as it is written: its JSON in the blob, or its column's value. Where it stands is known
    from its declaration; what an older plugin wrote is brought forward as JSON."""
    name = item.name
    if item.storage is Storage.CLEAR and not item.kind.verbatim and not spec.upcasts:
        return lambda view, _asked: view.values.row.get(name)
    return lambda view, _asked: view.values.hidden.get(name)


Part = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Part]] = {
    "code": {"code": lambda written: written},
    "partial_date": {"value": lambda written: written[0], "verbatim": lambda written: written[1]},
}
"""By kind, the fields that stand in what is written."""


def _one_part(written: Getter, key: str, part: Part) -> Getter:
    return lambda view, asked: None if (found := written(view, asked)) is None else {key: part(found)}


def _parted(written: Getter, parts: Sequence[tuple[str, Part]]) -> Getter:
    def render(view: Any, asked: Any) -> dict[str, Any] | None:
        found = written(view, asked)
        return None if found is None else {key: part(found) for key, part in parts}

    return render


def _day(written: Any) -> str | None:
    """ISO in the blob, a day in a column."""
    return written if written is None or written.__class__ is str else str(written.isoformat())
