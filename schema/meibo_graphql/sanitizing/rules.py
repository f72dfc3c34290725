"""Validation rules that keep values out of messages, and personal values out of documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    FieldNode,
    GraphQLError,
    GraphQLInputType,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    ValidationRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    VisitorAction,
    get_named_type,
    is_input_object_type,
    specified_rules,
)
from graphql.utilities.validate_input_value import validate_input_literal

from meibo_graphql.sanitizing.codes import ErrorCode
from meibo_graphql.sanitizing.errors import SafeError
from meibo_graphql.sanitizing.places import spell, type_at, value_refused


class SafeValuesRule(ValuesOfCorrectTypeRule):
    """graphql-core's rule with sentences of our own: the argument, the path and the type, never the value."""

    where = ""

    def enter_argument(self, node: ArgumentNode, _key: Any, parent: Any, _path: Any, ancestors: Any) -> None:
        """Remember which argument the values below belong to."""
        owner = parent if isinstance(parent, Node) else ancestors[-1]
        name = owner.name.value if hasattr(owner, "name") else ""
        self.where = f"{name if isinstance(owner, FieldNode) else '@' + name}({node.name.value}:)"

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: Any) -> None:
        """Remember which variable the default below belongs to."""
        self.where = f"${node.variable.name.value}"

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Check one literal; called by the parent class for every kind of value."""
        if input_type:
            where, type_ = self.where, input_type

            def report(error: GraphQLError, path: list[str | int]) -> None:
                sentence = value_refused(spell(where, path), type_at(type_, path), error.message)
                self.report_error(SafeError(ErrorCode.VALIDATION_FAILED, sentence, error.nodes))

            validate_input_literal(node, type_, report, hide_suggestions=True)
        return self.SKIP


SAFE_RULES: tuple[type[ASTValidationRule], ...] = tuple(
    SafeValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules
)
"""All rules of the specification, none of which repeats a value."""


def variables_only(coordinates: Collection[str]) -> type[ValidationRule]:
    """A rule that refuses literals where personal values go: documents are logged, cached and kept.

    A coordinate is an input type (`RegistrationNumberKey`), one of its fields
    (`RegistrationNumberKey.number`) or an argument (`Query.licence(by:)`). Literals inside objects and lists,
    and defaults of variables that are used there, are refused too; variables inside an object literal are
    welcome.
    """
    return type("VariablesOnlyRule", (_PersonalValuesRule,), {"coordinates": frozenset(coordinates)})


def body_only(coordinates: Collection[str]) -> type[ValidationRule]:
    """The same for GET requests, where variables stand in the address, which servers log: refuses both."""
    return type(
        "BodyOnlyRule", (_PersonalValuesRule,), {"coordinates": frozenset(coordinates), "in_address": True}
    )


class _PersonalValuesRule(ValidationRule):
    """Looks at every argument and input field that carries a coordinate of the set."""

    coordinates: frozenset[str] = frozenset()
    in_address = False

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.defaults: dict[str, VariableDefinitionNode] = {}
        self.used: dict[str, str] = {}
        self.refused: set[int] = set()

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: Any) -> None:
        """A default is a literal of the document; whether it is personal shows where the variable is used."""
        if self.in_address and self._holds_personal(self.context.get_input_type()):
            self._refuse(node, f"${node.variable.name.value}")
        if node.default_value:
            self.defaults[node.variable.name.value] = node
            self._check_type(node.default_value, f"${node.variable.name.value}")

    def enter_argument(self, node: ArgumentNode, *_args: Any) -> None:
        """Check an argument by its own coordinate and by its type."""
        parent, field = self.context.get_parent_type(), self.context.get_field_def()
        if self.context.get_directive() or not parent or not field:
            return
        name = node.name.value
        field_name = next((n for n, f in getattr(parent, "fields", {}).items() if f is field), "")
        where = f"{field_name}({name}:)"
        if f"{parent.name}.{where}" in self.coordinates:
            self._check(node.value, where)
        else:
            self._check_type(node.value, where)

    def enter_object_field(self, node: ObjectFieldNode, *_args: Any) -> None:
        """Check a field of an input object by its coordinate and by its type."""
        parent = self.context.get_parent_input_type()
        where = f"{get_named_type(parent).name}.{node.name.value}" if parent else ""
        if where in self.coordinates:
            self._check(node.value, where)
        else:
            self._check_type(node.value, where)

    def leave_document(self, *_args: Any) -> None:
        """Refuse the defaults of variables that were used at a personal place."""
        for name in self.used.keys() & self.defaults.keys():
            self._refuse(self.defaults[name], self.used[name])

    def _check_type(self, node: ValueNode, where: str) -> None:
        type_ = self.context.get_input_type()
        if type_ and get_named_type(type_).name in self.coordinates:
            self._check(node, where)

    def _check(self, node: ValueNode, where: str) -> None:
        """Walk one value; null says nothing about anybody."""
        if isinstance(node, ObjectValueNode):
            for field in node.fields:
                self._check(field.value, where)
        elif isinstance(node, ListValueNode):
            for item in node.values:
                self._check(item, where)
        elif isinstance(node, VariableNode):
            self.used.setdefault(node.name.value, where)
            if self.in_address:
                self._refuse(node, where)
        elif not isinstance(node, NullValueNode):
            self._refuse(node, where)

    def _holds_personal(self, type_: GraphQLInputType | None) -> bool:
        """Whether a value of this type can carry a personal field, at any depth."""
        pending, seen = [type_] if type_ else [], set[str]()
        while pending:
            named = get_named_type(pending.pop())
            if named.name in seen:
                continue
            seen.add(named.name)
            fields = named.fields if is_input_object_type(named) else {}
            if named.name in self.coordinates or any(f"{named.name}.{f}" in self.coordinates for f in fields):
                return True
            pending += [field.type for field in fields.values()]
        return False

    def _refuse(self, node: Node, where: str) -> None:
        """One sentence for one value, however many coordinates cover it."""
        if id(node) in self.refused:
            return
        self.refused.add(id(node))
        sentence = (
            f"Send `{where}` by POST: it is personal, and addresses are logged."
            if self.in_address
            else f"Give `{where}` as a variable: it is personal, and documents are kept."
        )
        self.report_error(SafeError(ErrorCode.VARIABLES_REQUIRED, sentence, node))
