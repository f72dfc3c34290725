"""Calling our own resolvers as Strawberry calls them, with the arguments of a request worked out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField, VariableNode
from graphql.execution import VariableValues, get_argument_values
from strawberry.types.field import StrawberryField

from meibo_graphql.batching import Alongside, Batched, Columnar
from meibo_graphql.reads.arguments import Conversion
from meibo_graphql.reads.fallback import Fallback


@dataclass(slots=True)
class Asked:
    """One request, as resolvers are told of it in place of Strawberry's Info."""

    context: Any
    variables: VariableValues
    field_name: str = ""
    errors: list[GraphQLError] = field(default_factory=list)
    arguments: dict[int, dict[str, Any]] = field(default_factory=dict)


class Call:
    """A field of ours as it is selected in a document."""

    def __init__(self, definition: GraphQLField, nodes: Sequence[FieldNode], conversion: Conversion) -> None:
        made = definition.extensions.get("strawberry-definition")
        if not isinstance(made, StrawberryField) or made.permission_classes or len(made.extensions) > 0:
            raise Fallback("field")
        self.definition, self.node = definition, nodes[0]
        self.convert = conversion.arguments(made)
        self.name = made.python_name
        resolver = made.base_resolver
        self.resolve: Any = resolver.wrapped_func if resolver else None
        self.batched: Batched | None = getattr(self.resolve, "batched", None)
        self.columnar: Columnar | None = getattr(self.resolve, "columnar", None)
        self.is_async = bool(made.is_async)
        self.rooted: Callable[..., Any] | None = getattr(self.resolve, "rooted", None)
        self.alongside: Alongside | None = None
        """What a root that reads licences is told to read along with them."""
        self.takes_info = bool(resolver and resolver.info_parameter)
        self.takes_source = bool(
            resolver and (resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter)
        )
        self.takes_arguments = bool(definition.args)
        self.constant = None if self._has_variables() else self._arguments(None)

    def _has_variables(self) -> bool:
        return any(_mentions(argument.value) for argument in self.node.arguments or ())

    def arguments(self, asked: Asked) -> dict[str, Any]:
        """The arguments of this request, as the resolver takes them."""
        if self.constant is not None:
            return self.constant
        key = id(self)
        if key not in asked.arguments:
            asked.arguments[key] = self._arguments(asked.variables)
        return asked.arguments[key]

    def _arguments(self, variables: VariableValues | None) -> dict[str, Any]:
        try:
            given = get_argument_values(self.definition, self.node, variables)
        except GraphQLError:
            raise Fallback("argument") from None
        return self.convert(given)

    def getter(self, look_up: Callable[[Any, str], Any]) -> Callable[[Any, Asked], Any]:
        """What gives the field's value of a source."""
        resolve, name = self.resolve, self.name
        if resolve is None:
            return lambda source, _asked: look_up(source, name)
        if self.takes_arguments and self.takes_source and self.takes_info:
            return lambda source, asked: resolve(source, asked, **self.arguments(asked))
        if self.takes_arguments:
            return lambda source, asked: resolve(*self._places(source, asked), **self.arguments(asked))
        if self.takes_source and self.takes_info:
            return lambda source, asked: resolve(source, asked)
        if self.takes_source:
            return lambda source, _asked: resolve(source)
        return lambda source, asked: resolve(*self._places(source, asked))

    def _places(self, source: Any, asked: Asked) -> list[Any]:
        return [*([source] if self.takes_source else []), *([asked] if self.takes_info else [])]


def _mentions(value: Any) -> bool:
    """Whether a value of a document has a variable in it."""
    if isinstance(value, VariableNode):
        return True
    inner = [
        *(getattr(value, "values", None) or ()),
        *(f.value for f in getattr(value, "fields", None) or ()),
    ]
    return any(_mentions(each) for each in inner)
