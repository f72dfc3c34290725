"""How large a document is, each fragment measured once, however often it is spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from meibo_graphql.limits.costs import ONE, Cost, size_of
from meibo_graphql.sanitizing import ErrorCode, SafeError


@dataclass(slots=True)
class Extent:
    """One selection, fragments followed."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: Cost = field(default_factory=Cost)

    def include(self, other: Extent) -> None:
        """Add what a fragment selects at the same place."""
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.cost.add(ONE, other.cost)


@dataclass(frozen=True, slots=True)
class Measured:
    """A document: the largest of its operations, pairs of equal response names, and each operation's cost."""

    depth: int
    fields: int
    aliases: int
    directives: int
    repeats: int
    costs: Mapping[str, Cost]


def measure(schema: GraphQLSchema, document: DocumentNode) -> Measured:
    """Measure a parsed document, valid or not. Raises SafeError where a fragment spreads itself."""
    gauge = _Gauge(schema, document)
    extents: dict[str, Extent] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            extents[node.name.value if node.name else ""] = gauge.operation(node)
    each = list(extents.values())
    return Measured(
        depth=max((e.depth for e in each), default=0),
        fields=sum(e.fields for e in each),
        aliases=sum(e.aliases for e in each),
        directives=sum(e.directives for e in each),
        repeats=sum(count * count for count in gauge.names.values()),
        costs={name: extent.cost for name, extent in extents.items()},
    )


class _Gauge:
    """Measures fragments before those that spread them, so that nothing recurses through a chain of them."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.names: Counter[str] = Counter()
        self.defaults: dict[str, Any] = {}
        self.extents: dict[str, Extent] = {}
        fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        for name in _ordered(fragments):
            node = fragments[name]
            on = schema.get_type(node.type_condition.name.value)
            self.extents[name] = self.selection(node.selection_set, on)

    def operation(self, node: OperationDefinitionNode) -> Extent:
        """Measure an operation with the defaults of its own variables."""
        defaults = {v.variable.name.value: v.default_value for v in node.variable_definitions or ()}
        self.defaults = {
            name: int(value.value[:9]) for name, value in defaults.items() if isinstance(value, IntValueNode)
        }
        extent = self.selection(node.selection_set, self.schema.get_root_type(node.operation))
        extent.directives += len(node.directives or ())
        return extent

    def selection(self, node: SelectionSetNode, parent: GraphQLNamedType | None) -> Extent:
        """Measure a selection on a type; a type or field that does not exist counts as one without rows."""
        extent = Extent()
        for selected in node.selections:
            extent.directives += len(selected.directives or ())
            if isinstance(selected, FieldNode):
                self._field(extent, selected, parent)
            elif isinstance(selected, FragmentSpreadNode):
                extent.include(self.extents.get(selected.name.value, Extent()))
            elif isinstance(selected, InlineFragmentNode):
                named = selected.type_condition
                on = self.schema.get_type(named.name.value) if named else parent
                extent.include(self.selection(selected.selection_set, on))
        return extent

    def _field(self, extent: Extent, node: FieldNode, parent: GraphQLNamedType | None) -> None:
        self.names[node.alias.value if node.alias else node.name.value] += 1
        extent.fields += 1
        extent.aliases += node.alias is not None
        definition = getattr(parent, "fields", {}).get(node.name.value)
        type_ = get_named_type(definition.type) if definition else None
        within = self.selection(node.selection_set, type_) if node.selection_set else Extent()
        extent.depth = max(extent.depth, within.depth + 1)
        extent.fields += within.fields
        extent.aliases += within.aliases
        extent.directives += within.directives
        if definition and is_composite_type(type_) and not type_.name.startswith("__"):
            listed = _is_list(definition.type) and not (parent and parent.name.endswith("Connection"))
            paged = "first" in definition.args
            cost = Cost(own=1)
            cost.add(ONE, within.cost)
            extent.cost.add(size_of(node, paged=paged, listed=listed, defaults=self.defaults), cost)


def _is_list(type_: Any) -> bool:
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)


def _ordered(fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The names of the fragments, each after those that it spreads."""
    spreads = {name: list(_spread(node.selection_set)) for name, node in fragments.items()}
    done: set[str] = set()
    for first in fragments:
        path, pending, above = [first], [iter(spreads[first])], {first}
        while path and path[-1] not in done:
            following = next((n for n in pending[-1] if n in fragments and n not in done), None)
            if following is None:
                done.add(path[-1])
                above.discard(path[-1])
                yield path.pop()
                pending.pop()
            elif following in above:
                sentence = f"The fragment {following} spreads itself."
                raise SafeError(ErrorCode.VALIDATION_FAILED, sentence, fragments[following])
            else:
                path.append(following)
                above.add(following)
                pending.append(iter(spreads[following]))


def _spread(node: SelectionSetNode) -> Iterator[str]:
    """The fragments that a selection spreads, at any depth of its own."""
    for selected in node.selections:
        if isinstance(selected, FragmentSpreadNode):
            yield selected.name.value
        elif isinstance(selected, FieldNode | InlineFragmentNode) and selected.selection_set:
            yield from _spread(selected.selection_set)
