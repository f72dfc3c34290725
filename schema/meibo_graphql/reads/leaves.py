"""Leaves of an answer: what graphql-core's `serialize` gives, without its detours for the values that we have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType

Leaf = Callable[[Any], Any]
PLAIN: dict[str, type] = {"String": str, "ID": str, "Boolean": bool, "Int": int}
"""Python's types that a scalar's JSON has already. An Int beyond 32 bits must be refused."""
LARGEST = 2**31 - 1


def leaf(type_: GraphQLLeafType) -> Leaf:
    """What serializes values of a type; None stays None."""
    if isinstance(type_, GraphQLEnumType):
        return _named(type_)
    plain = PLAIN.get(type_.name)
    serialize = type_.serialize
    if plain is int:
        return lambda v: v if v is None or (v.__class__ is int and -LARGEST <= v <= LARGEST) else serialize(v)
    if plain:
        return lambda v: v if v is None or v.__class__ is plain else serialize(v)
    return lambda v: None if v is None else serialize(v)


def _named(type_: GraphQLEnumType) -> Leaf:
    """The name of an enum's value, looked up once for each."""
    names: dict[Any, Any] = {None: None}

    def name(value: Any) -> Any:
        if value not in names:
            names[value] = type_.serialize(value)
        return names[value]

    return name
