"""Point reads: operations that show one licence by its id, alike to all callers of equal rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)

from meibo.registry.selecting import Along
from meibo.registry.views import Head
from meibo_graphql.batching import Alongside
from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.places import Level
from meibo_graphql.reads.planning import Plan
from meibo_graphql.reads.shapes import AbstractShape
from meibo_graphql.reads.steps import ENCODE, Step

ROOT, BY_ID = "licence", "id"
"""The field that shows one licence by a key, and the key that is its id."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """How such an operation is answered for many callers at once."""

    step: Step
    shape: AbstractShape
    alongside: Alongside
    path: tuple[str, ...]
    """Where in the variables the id stands."""
    operation: str
    """What the log calls it."""

    def id_of(self, variables: Mapping[str, Any]) -> str | None:
        """The id that is asked for; None where the variables hold anything else."""
        value: Any = variables
        for name in self.path:
            if not isinstance(value, dict) or value.keys() != {name}:
                return None
            value = value[name]
        return value if isinstance(value, str) else None

    def along(self) -> Along | None:
        """What is read in the statement of the licences; None where their own rows do not say all that is asked."""
        along = self.alongside.guess()
        return along if along and along.is_brief else None

    async def answers(self, heads: Sequence[Head], asked: Asked) -> list[bytes]:
        """The answer that shows each licence, all of one profession; raises Fallback where there is an error in one."""
        level = Level(Level.top(), [0] * len(heads), self.step.key, self.shape.nullable)
        made = await self.shape.select(heads[0]).answer(heads, asked, level)
        if asked.errors:
            raise Fallback("error")
        return [ENCODE({"data": {self.step.key: each}}) for each in made]


def point_of(plan: Plan, document: DocumentNode, operation: str) -> Point | None:
    """How an operation is answered as a point read, which the log calls `operation`; None for any other."""
    [step, *others] = plan.selection.steps
    call = step.call
    if others or call is None or call.name != ROOT or call.alongside is None:
        return None
    assert isinstance(step.shape, AbstractShape)
    [by] = call.node.arguments or ()
    path = _path(plan.operation, by.value)
    # What stands below must be asked alike by all: the id's variable is declared, and used once.
    if path is None or _variables(document) != 2:
        return None
    return Point(step, step.shape, call.alongside, path, operation)


def _path(operation: OperationDefinitionNode, by: ValueNode) -> tuple[str, ...] | None:
    """Where in the variables the id stands: it is the only variable, or all that the only one holds."""
    if len(operation.variable_definitions or ()) != 1:
        return None
    if isinstance(by, VariableNode):
        return (by.name.value, BY_ID)
    fields = by.fields if isinstance(by, ObjectValueNode) else ()
    names = [field.value.name.value for field in fields if isinstance(field.value, VariableNode)]
    return (names[0],) if fields and fields[0].name.value == BY_ID and names else None


def _variables(document: DocumentNode) -> int:
    """In how many places of a document variables stand, where they are declared included."""
    counted = _Counting()
    visit(document, counted)
    return counted.places


class _Counting(Visitor):
    places = 0

    def enter_variable(self, *_: Any) -> None:
        self.places += 1
