"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meibo.items.declaration import Item
from meibo.items.kinds import Kind
from meibo_graphql.reads.steps import Getter, LeafShape, ObjectShape, Shape


def shortcut(item: Item, shape: Shape) -> Getter | None:
    """What renders an item of a group without loading it; None where there is more to it."""
    name, kind = item.name, item.kind.name
    if isinstance(shape, LeafShape) and shape.nullable:
        if type(item.kind).load is Kind.load and type(item.kind).dump is Kind.dump:
            return lambda source, _asked: source.written(name)
        if kind == "date":
            return lambda source, _asked: _day(source.written(name))
    if kind in PARTS and isinstance(shape, ObjectShape) and shape.nullable:
        names = [(step.key, step.call.name if step.call else "") for step in shape.selection.steps]
        if all(part in PARTS[kind] for _, part in names):
            parts = [(key, PARTS[kind][part]) for key, part in names]
            return lambda source, _asked: _parted(source.written(name), parts)
    return None


Part = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Part]] = {
    "code": {"code": lambda written: written},
    "partial_date": {"value": lambda written: written[0], "verbatim": lambda written: written[1]},
}
"""By kind, the fields that stand in what is written."""


def _parted(written: Any, parts: Sequence[tuple[str, Part]]) -> dict[str, Any] | None:
    return None if written is None else {key: part(written) for key, part in parts}


def _day(written: Any) -> str | None:
    """ISO in the blob, a day in a column."""
    return written if written is None or written.__class__ is str else str(written.isoformat())
