"""Sentences about a refused value: its place and its type, in names of the schema, never the value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)
from graphql.pyutils import did_you_mean, suggestion_list

NAME = r"[_A-Za-z][_0-9A-Za-z]*"

_UNKNOWN_FIELD = re.compile(rf"Expected value of type '[^']+' not to include unknown field '({NAME})?")
_MISSING_FIELD = re.compile(rf"Expected value of type '[^']+' to include required field '({NAME})'")
_NULL = re.compile(r"Expected (?:a value|value|variable '[^']*' provided to) (?:of |to )?non-null type ")
_ONE_OF = re.compile(rf"Within OneOf Input Object type '({NAME})'")


def spell(where: str, path: Iterable[str | int]) -> str:
    """`$input` and (register, 0) give `$input.register[0]`."""
    return where + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


def type_at(type_: GraphQLInputType, path: Iterable[str | int]) -> GraphQLInputType | None:
    """The input type at `path` below `type_`; None where the path leaves the schema."""
    current = type_
    for key in path:
        if isinstance(key, int):
            inner = get_nullable_type(current)
            current = cast("GraphQLInputType", inner.of_type if is_list_type(inner) else inner)
            continue
        named = get_named_type(current)
        if not is_input_object_type(named) or key not in named.fields:
            return None
        current = named.fields[key].type
    return current


def value_refused(place: str, type_: GraphQLInputType | None, detail: str) -> str:
    """The sentence for a value at `place`; of graphql-core's `detail` only the kind of fault is read."""
    if type_ is None:
        return f"The value at `{place}` is not valid."
    named = get_named_type(type_)
    if _NULL.match(detail):
        return f"The value at `{place}` must be given and must not be null: it is of type {type_}."
    if (one_of := _ONE_OF.match(detail)) and one_of[1] != named.name:
        return f"The value at `{place}` must not be null."
    if is_input_object_type(named) and (sentence := _object_refused(place, named, detail)):
        return sentence
    return f"The value at `{place}` is not a valid {named.name}."


def _object_refused(place: str, type_: GraphQLInputObjectType, detail: str) -> str | None:
    """What is wrong with the fields of an input object; names only what the schema has."""
    if _ONE_OF.match(detail):
        return f"The value at `{place}` must have exactly one field of {type_.name}, and it must not be null."
    if (missing := _MISSING_FIELD.match(detail)) and missing[1] in type_.fields:
        return f"The value at `{place}` lacks the field '{missing[1]}', which {type_.name} requires."
    if unknown := _UNKNOWN_FIELD.match(detail):
        hint = did_you_mean(suggestion_list(unknown[1] or "", list(type_.fields)))
        return f"The value at `{place}` has a field that {type_.name} does not have.{hint}"
    return None
