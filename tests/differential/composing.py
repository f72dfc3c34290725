"""Valid operations over a schema, composed from a tape: roots, aliases, fragments, directives, nested pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo_graphql.http import Operation
from tests.differential.known import Known, Node, types_of
from tests.differential.tape import Tape
from tests.differential.values import Values

Composite = GraphQLObjectType | GraphQLInterfaceType
FIELDS = 28
"""Of an operation at most, so that thousands are asked in a minute."""
DEPTH = 7
SEVERAL = 5
"""Items of a group, in one go."""
FORBIDDEN: Mapping[str, Permission] = {
    "partner": Permission.PARTNER_READ,
    "partners": Permission.PARTNER_READ,
    "residentGlyphs": Permission.REPLY_READ,
    "residentRun": Permission.RESIDENT_READ,
    "residentRuns": Permission.RESIDENT_READ,
    "accesses": Permission.AUDIT_READ,
    **dict.fromkeys(("connectors", "connectorRequests", "connectorEvidence"), Permission.LINK_MANAGE),
    **dict.fromkeys(("familyBatches", "familyInquiries", "familyStatistics"), Permission.FAMILY_READ),
    **dict.fromkeys(("checkRun", "checkRuns"), Permission.CHECK_READ),
    **dict.fromkeys(("discrepancies", "discrepancyEvidence"), Permission.CHECK_OPEN),
    **dict.fromkeys(("jobs", "jobCounts"), Permission.JOB_MANAGE),
    **dict.fromkeys(
        ("feeds", "feedItems", "feedConflicts", "feedConflictEvidence"), Permission.EXCHANGE_MANAGE
    ),
    **dict.fromkeys(("paperBatches", "overduePaperBatches", "paperBatchLines"), Permission.EXCHANGE_MANAGE),
    **dict.fromkeys(("numberBases", "handedNumbers", "numberErasures"), Permission.EXCHANGE_MANAGE),
    **dict.fromkeys(("numberErasureReceipt", "paperCertificate"), Permission.EXCHANGE_MANAGE),
    **dict.fromkeys(("feedMedia", "carriedMedia"), Permission.EXCHANGE_CARRY),
    **dict.fromkeys(("passLists", "candidatePass", "holderPass"), Permission.EXAMINATION_CHECK),
    "checkRules": Permission.CHECK_RULE,
    "checkSources": Permission.CHECK_PLAN,
    "history": Permission.HISTORY_READ,
    "registerHistory": Permission.HISTORY_READ,
}
"""Fields that fail without a permission, and then leave nothing of what they stand in: asked by few who lack it."""
INTROSPECTION = (
    "__typename",
    "__schema { queryType { name } mutationType { __typename } directives { name } }",
    '__type(name: "DoctorRegister") { name kind fields { name type { kind ofType { name } } } }',
)


@dataclass(frozen=True)
class Grammar:
    """What may be composed over a schema: made once."""

    schema: GraphQLSchema
    personal: frozenset[str]
    ambiguous: frozenset[str] = field(init=False)
    """Names of fields that have another shape in another type: these get an alias of their own."""

    def __post_init__(self) -> None:
        shapes: defaultdict[str, set[str]] = defaultdict(set)
        for type_ in self.schema.type_map.values():
            if isinstance(type_, Composite) and type_ is not self.schema.query_type:
                for name, about in type_.fields.items():
                    shapes[name].add(_shape(about))
        unclear = frozenset(name for name, found in shapes.items() if len(found) > 1)
        object.__setattr__(self, "ambiguous", unclear)


def _shape(about: Any) -> str:
    """The wrappers of a field's type, and the type itself where it is a leaf's."""
    named = get_named_type(about.type)
    return str(about.type).replace(named.name, named.name if is_leaf_type(named) else "*")


def compose(grammar: Grammar, known: Known, caller: Principal, tape: Tape) -> Operation:
    """The operation that a tape tells."""
    values = Values(known, caller, tape, grammar.personal)
    return _Composer(grammar, caller, tape, values).operation()


@dataclass
class _Composer:
    grammar: Grammar
    caller: Principal
    tape: Tape
    values: Values
    left: int = FIELDS
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By name: the type, and the selection."""
    plain: dict[str, str] = field(default_factory=dict)
    """The arguments of fields that stand without an alias: one response name means one thing throughout."""
    aliased: list[tuple[str, str, str]] = field(default_factory=list)

    def operation(self) -> Operation:
        """One operation, sometimes beside another that is not run."""
        roots = [self._root(self.tape.below(80))]
        roots += [self._root(self.tape.below(100)) for _ in range(self.tape.pick((0, 0, 1, 2)))]
        fragments = [f"fragment {name} on {on} {text}" for name, (on, text) in self.fragments.items()]
        declared = f"({', '.join(self.values.declared.values())})" if self.values.declared else ""
        text = f"query Asked{declared} {{ {' '.join(roots)} }}"
        beside: list[str] = ["query Other { viewer { account } }"]
        name: str | None = "Asked"
        if not self.tape.chance(10):
            beside, name = [], self.tape.pick((None, "Asked"))
        if not (beside or declared or self.tape.chance(80)):
            text, name = text.removeprefix("query Asked "), None
        return Operation(" ".join([text, *fragments, *beside]), self.values.given, name)

    def _root(self, kind: int) -> str:
        codes = list(self.values.known.licences)
        query = self.grammar.schema.query_type
        assert query is not None
        if kind < 64:
            lists = [name for name in query.fields if name.endswith("Licences")]
            mine = [name for name, code in zip(lists, codes, strict=True) if code in self.caller.professions]
            return self._field(query, self.tape.pick(mine if mine and not self.tape.chance(5) else lists), 1)
        if kind < 84:
            return self._field(query, self.tape.pick(("licence", "nodes", "node")), 1)
        if kind < 88:
            return self.tape.pick(INTROSPECTION)
        return self._field(query, self.tape.pick(list(query.fields)), 1)

    def _selection(self, on: Composite, depth: int, nodes: list[Node]) -> str:
        """A selection on a type; `nodes` are what is known to stand there."""
        parts = [self._selected(on, depth, nodes)]
        parts += [self._selected(on, depth, nodes) for _ in range(self.tape.below(4)) if self.left > 0]
        if on.name.endswith("Connection"):
            parts.insert(0, self._field(on, self.tape.pick(("nodes", "edges")), depth))
        if on.name.endswith("Edge"):
            parts.insert(0, self._field(on, self.tape.pick(("node", "cursor")), depth))
        return f"{{ {' '.join(parts)} }}"

    def _selected(self, on: Composite, depth: int, nodes: list[Node]) -> str:
        kind = self.tape.below(100)
        if kind >= 97:
            return "__typename"
        if self.left <= 0:
            return self._field(on, self._name(on, DEPTH), depth)
        if "redacted" in on.fields and kind % 3 == 0:
            return self._several(on, depth)
        if kind < 72 and not (nodes and kind > 20):
            return self._field(on, self._name(on, depth), depth)
        if kind < 88:
            condition = self._condition(on, nodes)
            named = f"on {condition.name} " if condition is not on or kind % 2 else ""
            return f"... {named}{self._directive()}{self._selection(condition, depth, [])}"
        return f"...{self._fragment(on, depth, nodes)} {self._directive()}"

    def _several(self, on: Composite, depth: int) -> str:
        """Items of a group that stand beside each other, so that all of them are asked at some time."""
        names = list(on.fields)
        first = self.tape.below(len(names))
        return " ".join(self._field(on, name, depth) for name in names[first : first + SEVERAL])

    def _condition(self, on: Composite, nodes: list[Node]) -> Composite:
        """A type that may stand where `on` does: itself, an interface, or one of the things that stand there."""
        types = self.grammar.schema.type_map
        among: list[Composite] = [on, *on.interfaces]
        if isinstance(on, GraphQLInterfaceType):
            found = [types[name] for name in types_of(nodes)] or self.grammar.schema.get_possible_types(on)
            concrete = [t for t in found if isinstance(t, GraphQLObjectType) and on in t.interfaces]
            licences = [i for t in concrete for i in t.interfaces if i is not on]
            among = [*concrete, *licences, *among] or among
        return self.tape.pick(among)

    def _fragment(self, on: Composite, depth: int, nodes: list[Node]) -> str:
        """The name of a fragment on a type: one that is there, or a new one."""
        condition = self._condition(on, nodes)
        there = [name for name, (type_, _) in self.fragments.items() if type_ == condition.name]
        if there and self.tape.chance(40):
            return self.tape.pick(there)
        selection = self._selection(condition, depth, [])
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (condition.name, selection)
        return name

    def _name(self, on: Composite, depth: int) -> str:
        """A field of a type: one that goes deeper now and then, one that is forbidden rarely."""
        allowed: list[str] = [name for name in on.fields if self._may(name) or self.tape.chance(4)]
        leaves = [name for name in allowed if is_leaf_type(get_named_type(on.fields[name].type))]
        deeper = [name for name in allowed if name not in leaves]
        if deeper and depth < DEPTH and (not leaves or self.tape.chance(45)):
            return self.tape.pick(deeper)
        return self.tape.pick(leaves or ["__typename"])

    def _may(self, name: str) -> bool:
        return name not in FORBIDDEN or self.caller.may(FORBIDDEN[name])

    def _field(self, on: Composite, name: str, depth: int) -> str:
        self.left -= 1
        if name == "__typename":
            return name
        about = on.fields[name]
        arguments = self.values.arguments(name, about)
        nodes, type_ = self.values.nodes, get_named_type(about.type)
        text = f"{self._response(on, name, arguments)}{arguments} {self._directive()}"
        return text if is_leaf_type(type_) else f"{text}{self._selection(type_, depth + 1, nodes)}"

    def _response(self, on: Composite, name: str, arguments: str) -> str:
        """The field's name, behind an alias where it has one. The alias keeps the name before its `_`."""
        clear = name not in self.grammar.ambiguous
        if clear and self.plain.setdefault(name, arguments) == arguments and not self.tape.chance(15):
            return name
        meant = ("" if clear else on.name, name, arguments)
        if meant not in self.aliased:
            self.aliased.append(meant)
        return f"{name}_{self.aliased.index(meant)}: {name}"

    def _directive(self) -> str:
        if not self.tape.chance(7):
            return ""
        return f"@{self.tape.pick(('include', 'skip'))}(if: {self.values.condition()}) "
