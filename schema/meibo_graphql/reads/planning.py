"""From a valid document to a plan: which fields, of which types, in which order, and what comes along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_leaf_type,
)

from meibo.host import Host
from meibo.professions.compiled import GroupSpec
from meibo.registry.views import Head
from meibo_graphql.batching import Picked
from meibo_graphql.licences import pascal
from meibo_graphql.reads.alongside import Alongside, steps_of
from meibo_graphql.reads.arguments import Conversion
from meibo_graphql.reads.calling import Asked, Call
from meibo_graphql.reads.collecting import Collector, Flags
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.groups import Rows
from meibo_graphql.reads.leaves import leaf
from meibo_graphql.reads.places import Level
from meibo_graphql.reads.shapes import AbstractShape, LeafShape, ListShape, ObjectShape, Shape
from meibo_graphql.reads.steps import Getter, Selection, Step


@dataclass(frozen=True, slots=True)
class Plan:
    """How one operation is answered."""

    operation: OperationDefinitionNode
    selection: Selection

    async def run(self, asked: Asked) -> Any:
        """The `data` of the answer; errors are noted in `asked`."""
        top = Level.top()
        [data] = top.settled(await self.selection.answer([None], asked, top))
        return data


class Catalogue:
    """What plans of one schema rest on: its types, and those of our values that tell their own."""

    def __init__(
        self, schema: GraphQLSchema, host: Host, conversion: Conversion, look_up: Callable[[Any, str], Any]
    ) -> None:
        self.schema, self.host, self.conversion, self.look_up = schema, host, conversion, look_up
        self._licences = {
            (profession.code, past): self._object(f"{pascal(profession)}Licence{'Version' if past else ''}")
            for profession in host.professions.values()
            for past in (False, True)
        }
        self.licence_types = {code: type_.name for (code, past), type_ in self._licences.items() if not past}
        """The names of the licences' types by profession."""

    def type_of(self, value: Any) -> GraphQLObjectType:
        """The type of a value of an interface."""
        if isinstance(value, Head):
            return self._licences[value.profession, value.past]
        made = getattr(type(value), "__strawberry_definition__", None)
        if made is None:
            raise Fallback("type")
        return self._object(made.name or type(value).__name__)

    def stored_group(self, type_: GraphQLObjectType) -> GroupSpec | None:
        """The group that a type shows, where it is one of those that are shown from their views."""
        spec: GroupSpec | None = getattr(
            type_.extensions["strawberry-definition"].origin, "stored_group", None
        )
        return spec

    def _object(self, name: str) -> GraphQLObjectType:
        found = self.schema.type_map.get(name)
        if not isinstance(found, GraphQLObjectType):
            raise Fallback("type")
        return found


def catalogue(schema: strawberry.Schema, host: Host) -> Catalogue:
    """The catalogue of a surface's schema."""
    converter = schema.schema_converter
    conversion = Conversion(converter.config, converter.scalar_registry)
    return Catalogue(schema._schema, host, conversion, converter.config.default_resolver)


class Planner:
    """Plans one operation, for one choice of what is skipped."""

    def __init__(
        self, catalogue: Catalogue, fragments: Mapping[str, FragmentDefinitionNode], flags: Flags
    ) -> None:
        self.catalogue = catalogue
        self.collector = Collector(catalogue.schema, fragments, flags)

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """The plan; raises Fallback where there can be none."""
        query = self.catalogue.schema.query_type
        assert query is not None
        return Plan(operation, self._selection(query, [operation]))

    def _selection(
        self, type_: GraphQLObjectType, nodes: Sequence[FieldNode | OperationDefinitionNode]
    ) -> Selection:
        collected = self.collector.fields(type_, [node.selection_set for node in nodes])
        steps = [self._step(type_, *each) for each in collected.items()]
        if group := self.catalogue.stored_group(type_):
            return Rows(self.catalogue.schema, group, steps)
        return Selection(self.catalogue.schema, steps)

    def _step(self, type_: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> Step:
        name = nodes[0].name.value
        if name == "__typename":
            told = type_.name
            return Step(key, None, lambda _source, _asked: told, LeafShape(list, False), nodes)
        definition = type_.fields.get(name)
        if definition is None:
            raise Fallback("introspection")
        call = Call(definition, nodes, self.catalogue.conversion)
        shape = self._shape(definition.type, nodes)
        return Step(key, call, self._getter(call, shape), shape, nodes, _picked(shape))

    def _getter(self, call: Call, shape: Shape) -> Getter:
        """What gives a field's value; a root that reads licences is told what to read along with them."""
        if call.rooted is None:
            return call.getter(self.catalogue.look_up)
        rooted, alongside = call.rooted, Alongside(self.catalogue.host, self.catalogue.licence_types, shape)
        call.alongside = alongside
        return lambda _source, asked: rooted(
            replace(asked, field_name=call.node.name.value), alongside, **call.arguments(asked)
        )

    def _shape(self, type_: GraphQLOutputType, nodes: Sequence[FieldNode]) -> Shape:
        nullable = not isinstance(type_, GraphQLNonNull)
        inner: Any = type_ if nullable else type_.of_type  # type: ignore[union-attr]
        if isinstance(inner, GraphQLList):
            each = self._shape(inner.of_type, nodes)
            return ListShape(each, nullable, each.is_sync)
        if is_leaf_type(inner):
            return LeafShape(leaf(inner), nullable)
        if isinstance(inner, GraphQLObjectType):
            selection = self._selection(inner, nodes)
            return ObjectShape(selection, nullable, selection.is_sync)
        if isinstance(inner, GraphQLInterfaceType):
            return AbstractShape(_Selections(self, nodes), nullable)
        raise Fallback("type")


class _Selections:
    """What is selected of an interface, by the type of the value: planned when the first such value is met."""

    def __init__(self, planner: Planner, nodes: Sequence[FieldNode]) -> None:
        self.planner, self.nodes = planner, nodes
        self.known: dict[str, Selection] = {}

    def __call__(self, value: Any) -> Selection:
        type_ = self.planner.catalogue.type_of(value)
        if type_.name not in self.known:
            self.known[type_.name] = self.planner._selection(type_, self.nodes)
        return self.known[type_.name]


def _picked(shape: Shape) -> Picked:
    """The names of the fields that are selected of an object, or of a list's objects."""
    return frozenset(step.call.name for step in steps_of(shape) if step.call)
