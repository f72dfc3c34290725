"""From coerced GraphQL values to what resolvers take, as Strawberry converts them, its detours worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any

from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_argument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

Convert = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Conversion:
    """What turns GraphQL's arguments into Python's; input types are known once met."""

    config: StrawberryConfig
    scalars: Any
    known: dict[Any, Convert] = field(default_factory=dict)

    def arguments(self, made: StrawberryField) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What converts the arguments of a field; those that were left out stay so."""
        name_of = self.config.name_converter.from_argument
        places = [(a.python_name, name_of(a), self.of(a.type)) for a in made.arguments]
        return lambda given: {
            name: convert(given[graphql_name])
            for name, graphql_name, convert in places
            if graphql_name in given
        }

    def of(self, type_: Any) -> Convert:
        """What converts values of a type."""
        if isinstance(type_, StrawberryMaybe):
            return lambda value: convert_argument(value, type_, self.scalars, self.config)
        if isinstance(type_, StrawberryOptional):
            return self.of(type_.of_type)
        if isinstance(type_, LazyType):
            return self.of(type_.resolve_type())
        if isinstance(type_, StrawberryList):
            each = self.of(type_.of_type)
            return lambda value: None if value is None else [each(one) for one in value]
        return self._input(type_) if has_object_definition(type_) else _as_it_is

    def _input(self, type_: Any) -> Convert:
        definition: StrawberryObjectDefinition = type_.__strawberry_definition__
        if definition.from_input is not None:
            return lambda value: convert_argument(value, type_, self.scalars, self.config)
        if type_ not in self.known:
            self.known[type_] = lambda value: self.known[type_](value)  # It may hold itself.
            self.known[type_] = self._made(type_, definition)
        return self.known[type_]

    def _made(self, type_: Any, definition: StrawberryObjectDefinition) -> Convert:
        name_of = self.config.name_converter.from_field
        fields = definition.fields
        given = [
            (f.python_name, name_of(f), self.of(f.resolve_type(type_definition=definition))) for f in fields
        ]
        absent = {
            f.python_name: None for f in fields if f.default_value is MISSING and f.default_factory is MISSING
        }

        def convert(value: Any) -> Any:
            if value is None:
                return None
            handed = {name: made(value[key]) for name, key, made in given if key in value}
            return type_(**{**absent, **handed})

        return convert
