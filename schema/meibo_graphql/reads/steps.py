"""A plan's steps. Each field is answered for all sources of its level at once, as a column; an object is one row of
the columns of its fields."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import msgspec
from graphql import FieldNode, GraphQLSchema
from graphql.error import located_error

from meibo_graphql.batching import Picked
from meibo_graphql.reads.calling import Asked, Call
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.places import Level, spread
from meibo_graphql.reads.shapes import Column, Shape
from meibo_graphql.sanitizing import sanitize

Getter = Callable[[Any, Asked], Any]
ENCODE = msgspec.json.Encoder().encode
OFTEN = 3
"""The time at which a selection is worth a class of its own: one for each document that comes once is memory that
only a full collection gives back."""


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
    shortcut: Column | None = None
    """What gives the field's JSON without loading its values, where there is such a way."""

    @property
    def is_sync(self) -> bool:
        """Whether its values, and all below, are given without a store."""
        return self.shape.is_sync and not (self.call and self.call.is_async)

    def render(self, sources: Sequence[Any], asked: Asked) -> list[Any]:
        """The field's JSON of each source, where no store is needed."""
        if self.shortcut:
            return self.shortcut(sources, asked)
        return self.shape.render(self._at_hand(sources, asked), asked)

    async def answer(
        self, schema: GraphQLSchema, sources: Sequence[Any], asked: Asked, objects: Level
    ) -> list[Any]:
        """The field's JSON of each source; `objects` are what it belongs to."""
        values, has_failed = await self._values(sources, asked)
        if self.shape.is_sync and not has_failed:
            return self.shape.render(values, asked)
        level = Level(objects, range(len(sources)), self.key, self.shape.nullable)
        if has_failed:
            return await self._answer_standing(schema, values, asked, level)
        return level.settled(await self.shape.answer(values, asked, level))

    def _at_hand(self, sources: Sequence[Any], asked: Asked) -> list[Any]:
        """What the resolver gives for each source, where it asks no store."""
        if self.call and self.call.columnar:
            return self.call.columnar(asked.context, sources)
        get = self.get
        return [get(source, asked) for source in sources]

    async def _values(self, sources: Sequence[Any], asked: Asked) -> tuple[Sequence[Any], bool]:
        """What the resolver gives for each source, and whether some of it are exceptions."""
        call = self.call
        if call is None or not call.is_async:
            return self._at_hand(sources, asked), False
        try:
            if call.batched:
                return await call.batched.many(
                    asked.context, sources, self.picked, **call.arguments(asked)
                ), False
            if len(sources) == 1:
                return [await self.get(sources[0], asked)], False
        except Fallback:
            raise
        except Exception as error:
            return [error] * len(sources), True
        given = (self.get(source, asked) for source in sources)
        values = await asyncio.gather(*given, return_exceptions=True)
        return values, any(isinstance(value, Exception) for value in values)

    async def _answer_standing(
        self, schema: GraphQLSchema, values: Sequence[Any], asked: Asked, level: Level
    ) -> list[Any]:
        """The JSON of the values that stand; for each failure an error, and null where it may be."""
        for place, value in enumerate(values):
            if isinstance(value, Exception) and not level.is_gone(place):
                asked.errors.append(sanitize(located_error(value, self.nodes, level.path(place)), schema))
                level.drop(place)
        standing = [place for place in range(len(values)) if not level.is_gone(place)]
        kept = [values[place] for place in standing]
        made = await self.shape.answer(kept, asked, level.kept(standing))
        return level.settled(spread(made, standing, len(values)))


class Selection:
    """The fields that are selected of an object of one type."""

    def __init__(self, schema: GraphQLSchema, steps: Iterable[Step]) -> None:
        self.schema = schema
        self.steps = tuple(steps)
        self.keys = [step.key for step in self.steps]
        self.make: Callable[..., Any] | None = None
        self.times = 0
        self.ways = [(step, step.is_sync) for step in self.steps]
        self.is_sync = all(is_sync for _, is_sync in self.ways)

    def render(self, sources: Sequence[Any], asked: Asked) -> list[Any]:
        """The object of each source, where no field needs a store."""
        columns = [
            step.render(mine, asked) for step, mine in zip(self.steps, self.shares(sources), strict=False)
        ]
        return self._objects(sources, columns)

    async def answer(self, sources: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        """The object of each source, field by field; null where an error has made it so."""
        if not sources:
            return []
        columns = [
            step.render(mine, asked) if is_sync else await step.answer(self.schema, mine, asked, level)
            for (step, is_sync), mine in zip(self.ways, self.shares(sources), strict=False)
        ]
        return self._objects(sources, columns)

    def shares(self, sources: Sequence[Any]) -> Iterable[Sequence[Any]]:
        """What each field is answered from: the sources themselves."""
        return repeat(sources)

    def _objects(self, sources: Sequence[Any], columns: Sequence[list[Any]]) -> list[Any]:
        if not columns:
            return [{} for _ in sources]
        self.times += 1
        if self.times == OFTEN:
            self.make = _maker(self.keys)
        return list(map(self.make or self._plain, *columns))

    def _plain(self, *values: Any) -> dict[str, Any]:
        return dict(zip(self.keys, values, strict=True))


def _maker(keys: Sequence[str]) -> Callable[..., Any]:
    """Makes an object of its values: a struct takes a tenth of the time of a dict, and writes the same JSON."""
    names = {f"field_{place}": key for place, key in enumerate(keys)}
    return msgspec.defstruct("Answered", [(name, Any) for name in names], rename=names, gc=False)
