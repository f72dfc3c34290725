"""A plan's steps. Each field is answered for all sources of its level at once; what needs no store is answered by
closures, one source at a time.

A slot is a place in the answer: a container and the key in it, the slot of the container itself, and whether it may be
null. An error makes its slot null, or the nearest one above that may be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from graphql import FieldNode, GraphQLSchema
from graphql.error import located_error

from meibo_graphql.batching import Picked
from meibo_graphql.reads.calling import Asked, Call
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.leaves import Leaf
from meibo_graphql.sanitizing import sanitize

Getter = Callable[[Any, Asked], Any]


class Slot(NamedTuple):
    """Where a value goes."""

    container: Any
    key: str | int
    above: Slot | None
    nullable: bool

    @property
    def path(self) -> list[str | int]:
        """The keys from the answer's top, which itself has none."""
        slot, keys = self, []
        while slot.above is not None:
            keys.append(slot.key)
            slot = slot.above
        return keys[::-1]

    def is_gone(self) -> bool:
        """Whether something above it has been made null."""
        slot = self.above
        while slot is not None:
            if slot.container[slot.key] is None:
                return True
            slot = slot.above
        return False


class Shape(Protocol):
    """What a field's type makes of its values."""

    nullable: bool
    is_sync: bool

    def render(self, value: Any, asked: Asked) -> Any:
        """The JSON value, where nothing below needs a store."""

    async def fill(self, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]) -> None:
        """Put the JSON of each value into its slot."""


@dataclass(slots=True)
class LeafShape:
    """A scalar or an enum."""

    serialize: Leaf
    nullable: bool
    is_sync: bool = True

    def render(self, value: Any, asked: Asked) -> Any:
        made = self.serialize(value)
        if made is None and not self.nullable:
            raise Fallback("null")
        return made

    async def fill(self, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]) -> None:
        for value, slot in zip(values, slots, strict=True):
            slot.container[slot.key] = self.render(value, asked)


@dataclass(slots=True)
class ListShape:
    """A list."""

    each: Shape
    nullable: bool
    is_sync: bool

    def render(self, value: Any, asked: Asked) -> Any:
        if value is None:
            return _null(self)
        render = self.each.render
        return [render(each, asked) for each in value]

    async def fill(self, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]) -> None:
        inner: list[Any] = []
        places: list[Slot] = []
        nullable = self.each.nullable
        for value, slot in zip(values, slots, strict=True):
            if value is None:
                slot.container[slot.key] = _null(self)
                continue
            made = slot.container[slot.key] = [None] * len(value)
            inner.extend(value)
            places.extend(Slot(made, place, slot, nullable) for place in range(len(value)))
        await self.each.fill(asked, inner, places)


@dataclass(slots=True)
class ObjectShape:
    """An object of a known type."""

    selection: Selection
    nullable: bool
    is_sync: bool

    def render(self, value: Any, asked: Asked) -> Any:
        return _null(self) if value is None else self.selection.render(value, asked)

    async def fill(self, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]) -> None:
        if None in values:
            for value, slot in zip(values, slots, strict=True):
                if value is None:
                    slot.container[slot.key] = _null(self)
            slots = [slot for value, slot in zip(values, slots, strict=True) if value is not None]
            values = [value for value in values if value is not None]
        await self.selection.run(asked, values, slots)


class Selections(Protocol):
    """What is selected of an interface, by the type of the value."""

    known: dict[str, Selection]
    """By the types' names, as far as values of them were met."""

    def __call__(self, value: Any) -> Selection:
        """Of the value's type."""


@dataclass(slots=True)
class AbstractShape:
    """An object of one of several types, known from its value."""

    select: Selections
    nullable: bool
    is_sync: bool = False

    def render(self, value: Any, asked: Asked) -> Any:
        raise AssertionError  # It is never sync: which fields there are is known from the value alone.

    async def fill(self, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]) -> None:
        await _fill_objects(self, self.select, asked, values, slots)


async def _fill_objects(
    shape: Shape,
    select: Callable[[Any], Selection],
    asked: Asked,
    values: Sequence[Any],
    slots: Sequence[Slot],
) -> None:
    """Fill slots with objects; those of one type together."""
    levels: dict[int, tuple[Selection, list[Any], list[Slot]]] = {}
    for value, slot in zip(values, slots, strict=True):
        if value is None:
            slot.container[slot.key] = _null(shape)
            continue
        selection = select(value)
        _, sources, places = levels.setdefault(id(selection), (selection, [], []))
        sources.append(value)
        places.append(slot)
    for selection, sources, places in levels.values():
        await selection.run(asked, sources, places)


def inner_selections(shape: Shape) -> list[tuple[str, Selection]]:
    """What is selected beneath a field, by the type of the value where that decides (so far as it was met)."""
    if isinstance(shape, ListShape):
        return inner_selections(shape.each)
    if isinstance(shape, ObjectShape):
        return [("", shape.selection)]
    return list(shape.select.known.items()) if isinstance(shape, AbstractShape) else []


def _null(shape: Shape) -> Any:
    if not shape.nullable:
        raise Fallback("null")
    return None


@dataclass(slots=True)
class Step:
    """A field of a selection."""

    key: str
    call: Call | None
    """None for `__typename`."""
    get: Getter
    shape: Shape
    nodes: Sequence[FieldNode]
    picked: Picked = frozenset()
    shortcut: Getter | None = None
    """What gives the field's JSON of a source at once, where there is such a way."""

    @property
    def is_sync(self) -> bool:
        """Whether its value, and all below, is given without a store."""
        return self.shape.is_sync and not (self.call and self.call.is_async)

    def renderer(self) -> Getter:
        """What gives the field's JSON of a source."""
        if self.shortcut:
            return self.shortcut
        get, render, shape = self.get, self.shape.render, self.shape
        if isinstance(shape, LeafShape) and shape.nullable:
            serialize = shape.serialize
            return lambda source, asked: serialize(get(source, asked))
        return lambda source, asked: render(get(source, asked), asked)

    async def run(
        self, schema: GraphQLSchema, asked: Asked, sources: Sequence[Any], slots: Sequence[Slot]
    ) -> None:
        """Answer the field for each source; `slots` are those of the objects that it belongs to."""
        values = await self._values(asked, sources)
        failed = any(isinstance(value, Exception) for value in values)
        if self.shape.is_sync and not failed:
            key, render = self.key, self.shape.render
            for value, slot in zip(values, slots, strict=True):
                slot.container[slot.key][key] = render(value, asked)
            return
        nullable = self.shape.nullable
        mine = [Slot(slot.container[slot.key], self.key, slot, nullable) for slot in slots]
        if failed:
            values, mine = self._without_failures(schema, asked, values, mine)
        await self.shape.fill(asked, values, mine)

    async def _values(self, asked: Asked, sources: Sequence[Any]) -> Sequence[Any]:
        call = self.call
        if call is None or not call.is_async:
            return [self.get(source, asked) for source in sources]
        try:
            if call.batched:
                many, arguments = call.batched.many, call.arguments(asked)
                return list(await many(asked.context, sources, self.picked, **arguments))
            if len(sources) == 1:
                return [await self.get(sources[0], asked)]
        except Fallback:
            raise
        except Exception as error:
            return [error] * len(sources)
        return await asyncio.gather(*(self.get(source, asked) for source in sources), return_exceptions=True)

    def _without_failures(
        self, schema: GraphQLSchema, asked: Asked, values: Sequence[Any], slots: Sequence[Slot]
    ) -> tuple[list[Any], list[Slot]]:
        """The values and slots that stand; for each failure an error, and null where it may be."""
        standing = []
        for value, slot in zip(values, slots, strict=True):
            if not isinstance(value, Exception):
                standing.append((value, slot))
            elif not slot.is_gone():
                asked.errors.append(sanitize(located_error(value, self.nodes, slot.path), schema))
                _make_null(slot)
        kept = [(value, slot) for value, slot in standing if not slot.is_gone()]
        return [value for value, _ in kept], [slot for _, slot in kept]


def _make_null(slot: Slot) -> None:
    """Make a slot null, or the nearest above it that may be."""
    while not slot.nullable and slot.above is not None:
        slot = slot.above
    slot.container[slot.key] = None


class Selection:
    """The fields that are selected of an object of one type."""

    def __init__(self, schema: GraphQLSchema, steps: Iterable[Step]) -> None:
        self.schema = schema
        self.steps = tuple(steps)
        self.is_sync = all(step.is_sync for step in self.steps)
        self.renderers = [(step.key, step.renderer() if step.is_sync else _later) for step in self.steps]
        self.later = [step for step in self.steps if not step.is_sync]

    def render(self, source: Any, asked: Asked) -> dict[str, Any]:
        """The object, with a place for each field that needs a store."""
        return {key: render(source, asked) for key, render in self.renderers}

    async def run(self, asked: Asked, sources: Sequence[Any], slots: Sequence[Slot]) -> None:
        """Put the objects into these slots, then what needs a store, field by field."""
        renderers = self.renderers
        for source, slot in zip(sources, slots, strict=True):
            slot.container[slot.key] = {key: render(source, asked) for key, render in renderers}
        for step in self.later:
            await step.run(self.schema, asked, sources, slots)
            if asked.errors:
                kept = [
                    (source, slot) for source, slot in zip(sources, slots, strict=True) if not _gone(slot)
                ]
                sources, slots = [source for source, _ in kept], [slot for _, slot in kept]


def _later(_source: Any, _asked: Asked) -> None:
    """Nothing yet."""


def _gone(slot: Slot) -> bool:
    return slot.container[slot.key] is None or slot.is_gone()
