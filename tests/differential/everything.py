"""All that there is to see, field by field, so that none is left to chance."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)


def everything(schema: GraphQLSchema, but: Collection[str], day: str) -> Iterator[str]:
    """A document for each root without arguments, and for each part of each list of licences; some fields left out."""
    assert schema.query_type is not None
    for name, about in schema.query_type.fields.items():
        if name.endswith("Licences"):
            for part in _parts(schema, name.removesuffix("s"), but, day):
                yield f"{{ {name}(first: 6) {{ nodes {{ {part} }} }} }}"
        elif name not in but and not any(map(is_required_argument, about.args.values())):
            yield f"{{ {name} {_selection(get_named_type(about.type), but)} }}"


def parts_of_licence(schema: GraphQLSchema, code: str) -> Iterator[tuple[str, str]]:
    """Each field of a profession's licence, with the name of its type."""
    name = "".join(part.capitalize() for part in code.split("_")) + "Licence"
    for part in _fields(schema.get_type(name), (), ()):
        yield name, part


def _parts(schema: GraphQLSchema, name: str, but: Collection[str], day: str) -> Iterator[str]:
    """Each field of a licence, and of its version on a day."""
    licence = name[0].upper() + name[1:]
    yield from _fields(schema.get_type(licence), but, ())
    for part in _fields(schema.get_type(f"{licence}Version"), but, ()):
        yield f'at(asOf: "{day}") {{ {part} }}'


def _selection(on: Any, but: Collection[str], above: tuple[str, ...] = ()) -> str:
    """Every field that needs no argument, at any depth; no type within itself. A leaf has none."""
    if is_leaf_type(on):
        return ""
    return f"{{ __typename {' '.join(_fields(on, but, (*above, on.name)))} }}"


def _fields(on: Any, but: Collection[str], above: tuple[str, ...]) -> Iterator[str]:
    for name, about in on.fields.items():
        type_ = get_named_type(about.type)
        if name in but or type_.name in above or any(map(is_required_argument, about.args.values())):
            continue
        if is_leaf_type(type_) or name not in ("profession", "at"):  # These stand for themselves.
            yield f"{name} {_selection(type_, but, above)}"
