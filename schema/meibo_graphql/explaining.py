"""How an operation of the registry is answered: its plan, its statements, what is audited, its cost. Never its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import get_operation_ast
from graphql.execution import get_variable_values

from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal, Surface
from meibo.errors import OperatorError
from meibo.installation import Installation
from meibo_graphql.context import RegistryContext
from meibo_graphql.http import Operation
from meibo_graphql.http.execution import Refused
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.shapes import inner_selections
from meibo_graphql.reads.steps import Selection, Step
from meibo_graphql.sanitizing import SafeError
from meibo_graphql.surfaces.registry import RegistrySurface


async def explained(
    installation: Installation,
    operator: Principal,
    role: Role,
    document: str,
    variables: Mapping[str, Any],
    name: str | None,
) -> list[str]:
    """How an operation is answered to somebody in a role, line by line; raises OperatorError."""
    caller = replace(operator, surface=Surface.REGISTRY, permissions=ROLES[role])
    explainer = Explainer(installation, RegistrySurface(installation), caller)
    return await explainer.explain(document, variables, name)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains operations as they would be answered to a caller; what they look at is audited as any look is."""

    installation: Installation
    surface: RegistrySurface
    principal: Principal

    async def explain(self, document: str, variables: Mapping[str, Any], name: str | None) -> list[str]:
        """The lines; raises OperatorError where the operation is refused."""
        operation = Operation(document, variables, name, read_only=True)
        try:
            prepared = self.surface.execute_plain.prepared_document(operation)
        except (Refused, SafeError) as error:
            first = error.errors[0] if isinstance(error, Refused) else error
            raise OperatorError(f"{first.code}: {first.message}") from None
        costs = prepared.measured.costs
        cost = (costs.get(name or "") or next(iter(costs.values()))).value(variables)
        return [
            *self._plan(operation),
            "",
            *await self._asked(operation),
            "",
            f"Cost  {cost:,} of {self.surface.limits.operation.cost:,}",
        ]

    def _plan(self, operation: Operation) -> list[str]:
        prepared = self.surface.execute_plain.prepared_document(operation)
        node = get_operation_ast(prepared.document, operation.operation_name)
        if node is None:
            raise OperatorError("The document has several operations: name one with --operation.")
        schema = self.surface.reads.catalogue.schema
        values = get_variable_values(schema, node.variable_definitions or (), dict(operation.variables))
        if isinstance(values, list):
            raise OperatorError(
                f"BAD_VARIABLES: {len(values)} of the variables are missing or no value of theirs."
            )
        try:
            plan = self.surface.reads.plan(prepared, node, values.coerced)
        except Fallback as fallback:
            return [f"Answered by graphql-core ({fallback.reason})"]
        return ["Plan", *_steps(plan.selection, 1)]

    async def _asked(self, operation: Operation) -> list[str]:
        """Answer once, listening to what the stores are asked."""
        statements: list[str] = []
        databases = list(self.installation.databases.values())
        for database in databases:
            database.heard.append(statements.append)
        reader = self.installation.reader(self.principal, "explain")
        try:
            await self.surface.answer(
                operation, RegistryContext(self.installation, self.principal, reader, self.surface.ids)
            )
            audited = [
                f"      {code}: {len(reader.log.subjects.get(code, ()))} licences,"
                f" {len(reader.log.terms.get(code, ()))} search terms"
                for code in sorted(reader.log.subjects.keys() | reader.log.terms.keys())
            ]
            asked = [f"  {number}. {' '.join(sql.split())}" for number, sql in enumerate(statements, 1)]
            await reader.log.write()
        finally:
            for database in databases:
                database.heard.remove(statements.append)
        return ["SQL", *(asked or ["  none"]), "", "Audited", *(audited or ["      nothing"])]


def _steps(selection: Selection, depth: int) -> Iterator[str]:
    for step in selection.steps:
        yield f"{'  ' * depth}{step.key}  ({_how(step)})"
        for named, inner in inner_selections(step.shape):
            if named:
                yield f"{'  ' * (depth + 1)}… on {named}"
            yield from _steps(inner, depth + 1)


def _how(step: Step) -> str:
    """In a few words, how a field is answered."""
    if step.call is None:
        return "known"
    if step.call.rooted:
        return "root, with what its licences' groups need in one statement"
    if step.call.batched:
        return "for all licences of its level at once"
    if step.call.is_async:
        return "for each by itself"
    return "as it is written" if step.shortcut else "at hand"
