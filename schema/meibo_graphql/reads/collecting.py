"""Which fields are selected of a type: fragments flattened, `@skip` and `@include` decided, equal keys merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from meibo_graphql.reads.fallback import Fallback

Flags = Mapping[str, object]
"""The values of the variables that decide about selections."""
CONDITIONS = {"skip": True, "include": False}
"""By directive, the value of `if` that leaves a selection out."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects the fields of selections of one document, for one choice of what is skipped."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    flags: Flags

    def fields(
        self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        """The nodes of each response key that a type of the answer has, in the order of the document."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for each in sets:
            if each is not None:
                self._collect(type_, each, found, seen)
        return found

    def _collect(
        self,
        type_: GraphQLObjectType,
        selections: SelectionSetNode,
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selections.selections:
            if self._is_left_out(node):
                continue
            if isinstance(node, FieldNode):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, type_):
                    self._collect(type_, node.selection_set, found, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition, type_):
                    self._collect(type_, fragment.selection_set, found, seen)

    def _is_left_out(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value not in CONDITIONS:
                raise Fallback("directive")
            if self._condition(directive) is CONDITIONS[directive.name.value]:
                return True
        return False

    def _condition(self, directive: DirectiveNode) -> object:
        [argument] = directive.arguments or ()
        value = argument.value
        if isinstance(value, VariableNode):
            return self.flags.get(value.name.value)
        assert isinstance(value, BooleanValueNode)
        return value.value

    def _applies(self, condition: NamedTypeNode | None, type_: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        named = self.schema.type_map[condition.name.value]
        return is_abstract_type(named) and self.schema.is_sub_type(_abstract(named), type_)


def _abstract(type_: object) -> GraphQLAbstractType:
    assert is_abstract_type(type_)
    return type_


def deciding(document: DocumentNode) -> frozenset[str]:
    """The variables on which it depends what a document selects."""
    sets = (getattr(definition, "selection_set", None) for definition in document.definitions)
    return frozenset(name for each in sets if each is not None for name in _deciding(each))


def _deciding(selections: SelectionSetNode) -> Iterator[str]:
    waiting = [selections]
    while waiting:
        for node in waiting.pop().selections:
            for directive in node.directives or ():
                values = (argument.value for argument in directive.arguments or ())
                yield from (value.name.value for value in values if isinstance(value, VariableNode))
            if inner := getattr(node, "selection_set", None):
                waiting.append(inner)
