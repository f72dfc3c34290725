"""Leaves of an answer: what graphql-core's `serialize` gives, without its detours for the values that we have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType

Leaf = Callable[[Sequence[Any]], list[Any]]
"""What serializes values of a type; None stays None."""
NOTHING = type(None)
PLAIN: dict[str, frozenset[type]] = {
    "String": frozenset({str, NOTHING}),
    "ID": frozenset({str, NOTHING}),
    "Boolean": frozenset({bool, NOTHING}),
    "Int": frozenset({int, NOTHING}),
    "Date": frozenset({date, NOTHING}),
}
"""Python's types that are written as a scalar's JSON: a day as ISO. An Int beyond 32 bits must be refused."""
LARGEST = 2**31 - 1


def leaf(type_: GraphQLLeafType) -> Leaf:
    """What serializes values of a type."""
    serialize = _name(type_) if isinstance(type_, GraphQLEnumType) else _serialize(type_)
    plain = PLAIN.get(type_.name)
    if plain is None:
        return lambda values: list(map(serialize, values))
    if int in plain:
        return lambda values: [
            v if v.__class__ is int and -LARGEST <= v <= LARGEST else serialize(v) for v in values
        ]
    return lambda values: list(values if plain.issuperset(map(type, values)) else map(serialize, values))


def _serialize(type_: GraphQLLeafType) -> Callable[[Any], Any]:
    serialize = type_.serialize
    return lambda value: None if value is None else serialize(value)


def _name(type_: GraphQLEnumType) -> Callable[[Any], Any]:
    """The name of an enum's value, looked up once for each."""
    names: dict[Any, Any] = {None: None}

    def name(value: Any) -> Any:
        found = names.get(value)
        if found is None and value is not None:
            found = names[value] = type_.serialize(value)
        return found

    return name
