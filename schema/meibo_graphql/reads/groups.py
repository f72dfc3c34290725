"""Items of groups, rendered from what is written in their blob or column: most are their own JSON already."""

from __future__ import annotations

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
    if kind == "code" and isinstance(shape, ObjectShape) and shape.nullable:
        keys = [step.key for step in shape.selection.steps]
        if all(step.call and step.call.name == "code" for step in shape.selection.steps):
            return lambda source, _asked: _coded(source.written(name), keys)
    return None


def _day(written: Any) -> str | None:
    """ISO in the blob, a day in a column."""
    return written if written is None or written.__class__ is str else str(written.isoformat())


def _coded(code: Any, keys: list[str]) -> dict[str, Any] | None:
    return None if code is None else dict.fromkeys(keys, code)
