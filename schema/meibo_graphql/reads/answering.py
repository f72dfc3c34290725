"""Answering an operation by its plan."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from graphql import FragmentDefinitionNode, OperationDefinitionNode, OperationType, get_operation_ast
from graphql.execution import get_variable_values

from meibo_graphql.http import Operation, Outcome, SchemaExecutor
from meibo_graphql.http.execution import PreparedDocument, Refused
from meibo_graphql.http.requests import first_name
from meibo_graphql.limits import require_cost
from meibo_graphql.reads.calling import Asked
from meibo_graphql.reads.collecting import deciding
from meibo_graphql.reads.fallback import Fallback
from meibo_graphql.reads.planning import Catalogue, Plan, Planner
from meibo_graphql.reads.points import Point, point_of
from meibo_graphql.reads.steps import ENCODE
from meibo_graphql.sanitizing import SafeError

PLANS = 16
"""Plans of one document that are kept: one for each of its operations and choices of what is skipped."""


class CompiledReads:
    """Answers queries by plan; gives None for what is left to graphql-core."""

    def __init__(self, executor: SchemaExecutor, catalogue: Catalogue) -> None:
        self.executor, self.catalogue = executor, catalogue
        self.answered: Counter[str] = Counter()
        """How many operations were answered by plan (`compiled`), and how many were not, by reason."""

    async def __call__(self, operation: Operation, context: Any) -> Outcome | None:
        """The answer; the log of the context has what was looked at, or nothing where there is no answer."""
        try:
            outcome = await self._answer(operation, context)
        except (Refused, SafeError):
            reason = "refused"
        except Fallback as fallback:
            reason = fallback.reason
        else:
            self.answered["compiled"] += 1
            return outcome
        self.answered[reason] += 1
        context.log.forget()
        return None

    async def _answer(self, operation: Operation, context: Any) -> Outcome:
        document = self.executor.prepared_document(operation)
        node = get_operation_ast(document.document, operation.operation_name)
        if node is None or node.operation is not OperationType.QUERY:
            raise Fallback("operation")
        variables = get_variable_values(
            self.catalogue.schema, node.variable_definitions or (), dict(operation.variables)
        )
        if isinstance(variables, list):
            raise Fallback("variables")
        asked = Asked(context, variables)
        data = await self.plan(document, node, variables.coerced).run(asked)
        if asked.errors:
            return Outcome(msgspec.json.decode(ENCODE(data)), asked.errors)
        return Outcome(body=ENCODE({"data": data}))

    def plan(self, document: PreparedDocument, node: OperationDefinitionNode, variables: Any) -> Plan:
        """The plan of an operation, kept with its document; raises Fallback."""
        if document.deciding is None:
            document.deciding = deciding(document.document)
        flags = {name: variables.get(name) for name in document.deciding}
        if None in flags.values():
            raise Fallback("variables")
        key = node.name.value if node.name else None, tuple(sorted(flags.items(), key=str))
        kept = document.plans.get(key)
        if kept is None:
            kept = self._planned(document, node, flags)
            if len(document.plans) < PLANS:
                document.plans[key] = kept
        if isinstance(kept, Fallback):
            raise Fallback(kept.reason)
        assert isinstance(kept, Plan)
        return kept

    def point(self, text: str, name: str | None) -> Point | None:
        """How an operation of a document is answered together with others; None where it is not, or not yet."""
        document = self.executor.prepared.get((text, False))
        if document is None:
            return None
        if name not in document.points:
            node = get_operation_ast(document.document, name)
            if node is None:  # Nobody shall fill the memory with names.
                return None
            document.points[name] = self._point(document, node, name or first_name(text))
        found: Point | None = document.points[name]
        return found

    def _point(self, document: PreparedDocument, node: OperationDefinitionNode, told: str) -> Point | None:
        if node.operation is not OperationType.QUERY:
            return None
        try:
            name = node.name.value if node.name else None
            require_cost(document.measured, name, {}, self.executor.limits.operation)
            return point_of(self.plan(document, node, {}), document.document, told)
        except (Fallback, SafeError):
            return None

    def _planned(
        self, document: PreparedDocument, node: OperationDefinitionNode, flags: dict[str, Any]
    ) -> Plan | Fallback:
        definitions = document.document.definitions
        fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
        try:
            return Planner(self.catalogue, fragments, flags).plan(node)
        except Fallback as fallback:
            return fallback
