"""What the type of a field makes of its values: all of a level together, from the top down, JSON from the bottom up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.leaves import Leaf
from meibo_graphql.reads.places import Level, spread

if TYPE_CHECKING:
    from meibo_graphql.reads.steps import Selection


class Shape(Protocol):
    """What a field's type makes of its values."""

    nullable: bool
    is_sync: bool

    def render(self, values: Sequence[Any], asked: Asked) -> list[Any]:
        """The JSON of each value, where nothing below needs a store."""

    async def answer(self, values: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        """The JSON of each value of a level."""


@dataclass(slots=True)
class LeafShape:
    """A scalar or an enum."""

    serialize: Leaf
    nullable: bool
    is_sync: bool = True

    def render(self, values: Sequence[Any], asked: Asked) -> list[Any]:
        made = self.serialize(values)
        if not self.nullable and None in made:
            raise Fallback("null")
        return made

    async def answer(self, values: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        return self.render(values, asked)


@dataclass(slots=True)
class ListShape:
    """A list: those of all values are answered as one."""

    each: Shape
    nullable: bool
    is_sync: bool

    def render(self, values: Sequence[Any], asked: Asked) -> list[Any]:
        _refuse_null(self, values)
        inner = [each for value in values if value is not None for each in value]
        return _divided(values, self.each.render(inner, asked))

    async def answer(self, values: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        _refuse_null(self, values)
        lists = [(place, value) for place, value in enumerate(values) if value is not None]
        owners = [place for place, value in lists for _ in value]
        indexes = [index for _, value in lists for index in range(len(value))]
        below = Level(level, owners, indexes, self.each.nullable)
        inner = [each for _, value in lists for each in value]
        return _divided(values, below.settled(await self.each.answer(inner, asked, below)))


def _divided(values: Sequence[Any], made: Sequence[Any]) -> list[Any]:
    """What was made of the members of lists, as lists of the same lengths."""
    rest: Iterator[Any] = iter(made)
    return [None if value is None else list(islice(rest, len(value))) for value in values]


@dataclass(slots=True)
class ObjectShape:
    """An object of a known type."""

    selection: Selection
    nullable: bool
    is_sync: bool

    def render(self, values: Sequence[Any], asked: Asked) -> list[Any]:
        places = _refuse_null(self, values)
        if len(places) == len(values):
            return self.selection.render(values, asked)
        made = self.selection.render([values[place] for place in places], asked)
        return spread(made, places, len(values))

    async def answer(self, values: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        places = _refuse_null(self, values)
        if len(places) == len(values):
            return await self.selection.answer(values, asked, level)
        made = await self.selection.answer([values[place] for place in places], asked, level.kept(places))
        return spread(made, places, len(values))


class Selections(Protocol):
    """What is selected of an interface, by the type of the value."""

    known: dict[str, Selection]
    """By the types' names, as far as values of them were met."""

    def __call__(self, value: Any) -> Selection:
        """Of the value's type."""


@dataclass(slots=True)
class AbstractShape:
    """An object of one of several types, known from its value; those of one type are answered together."""

    select: Selections
    nullable: bool
    is_sync: bool = False

    def render(self, values: Sequence[Any], asked: Asked) -> list[Any]:
        raise AssertionError  # It is never sync: which fields there are is known from the value alone.

    async def answer(self, values: Sequence[Any], asked: Asked, level: Level) -> list[Any]:
        sorts: dict[int, tuple[Selection, list[int]]] = {}
        for place in _refuse_null(self, values):
            selection = self.select(values[place])
            sorts.setdefault(id(selection), (selection, []))[1].append(place)
        made: list[Any] = [None] * len(values)
        for selection, places in sorts.values():
            mine = [values[place] for place in places]
            for place, one in zip(
                places, await selection.answer(mine, asked, level.kept(places)), strict=True
            ):
                made[place] = one
        return made


def _refuse_null(shape: Shape, values: Sequence[Any]) -> list[int]:
    """The places of the values that are not null."""
    places = [place for place, value in enumerate(values) if value is not None]
    if len(places) < len(values) and not shape.nullable:
        raise Fallback("null")
    return places


def inner_selections(shape: Shape) -> list[tuple[str, Selection]]:
    """What is selected beneath a field, by the type of the value where that decides (so far as it was met)."""
    if isinstance(shape, ListShape):
        return inner_selections(shape.each)
    if isinstance(shape, ObjectShape):
        return [("", shape.selection)]
    return list(shape.select.known.items()) if isinstance(shape, AbstractShape) else []


Column = Callable[[Sequence[Any], Asked], list[Any]]
"""What gives a field's JSON of each source."""
