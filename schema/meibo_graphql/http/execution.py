"""Parse, validate, execute: the plain path through graphql-core.

Strawberry's own `Schema.execute` is passed by: it logs the text of every exception, and hides whether a
request was refused before anything ran. Its schema extensions are therefore not run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Protocol, cast

import strawberry
from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    get_operation_ast,
    is_input_object_type,
    parse,
    validate,
)
from graphql.execution import Executor
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from meibo_graphql.http.answers import Outcome
from meibo_graphql.http.limits import HttpLimits
from meibo_graphql.http.prepared import Prepared
from meibo_graphql.http.requests import Operation
from meibo_graphql.limits import Measured, measure, require_cost, require_size, require_text
from meibo_graphql.sanitizing import SAFE_RULES, ErrorCode, SafeError, body_only, sanitize, variables_only

RULES = (*SAFE_RULES, MaybeNullValidationRule)
"""The specification's rules, and Strawberry's for fields that may be left out but not be null."""


class Execute(Protocol):
    """Anything that turns an operation into an outcome; a compiled path goes in front of `SchemaExecutor`."""

    async def __call__(self, operation: Operation, context: object) -> Outcome:
        """Never raises for what the caller did; an exception is a fault of the server."""


class Refused(Exception):
    """The document is refused before execution; carries the errors."""

    def __init__(self, errors: list[SafeError]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(slots=True)
class PreparedDocument:
    """A valid document, how large it is, and what was made of it to answer it faster."""

    document: DocumentNode = field(repr=False)
    measured: Measured
    deciding: frozenset[str] | None = None
    """The variables on which it depends what is selected."""
    plans: dict[Any, object] = field(default_factory=dict, repr=False)
    points: dict[str | None, Any] = field(default_factory=dict, repr=False)
    """By operation: how it is answered together with others; None where it is not."""


class SchemaExecutor:
    """Executes operations on one schema; `personal` are the coordinates that take variables only."""

    def __init__(
        self,
        schema: strawberry.Schema | GraphQLSchema,
        *,
        personal: Collection[str] = (),
        rules: Collection[type[ASTValidationRule]] = (),
        limits: HttpLimits | None = None,
    ) -> None:
        if isinstance(schema, strawberry.Schema):
            self.schema: GraphQLSchema = declare_one_of(schema._schema)
            self.executor: type[Executor[Any]] = schema.execution_context_class
        else:
            self.schema, self.executor = schema, Executor
        self.limits = limits or HttpLimits()
        self.rules = (*RULES, *rules, variables_only(personal))
        self.address_rules = (*RULES, *rules, body_only(personal))
        self.prepared: Prepared[PreparedDocument] = Prepared(self.limits.prepared_characters)

    async def __call__(self, operation: Operation, context: object) -> Outcome:
        """Answer one operation; refusals come as errors, faults as exceptions."""
        try:
            document = self.document(operation)
            executor = self.build(document, operation, context)
        except Refused as refused:
            return Outcome.refused(*refused.errors)
        except SafeError as error:
            return Outcome.refused(error)
        answer = executor.execute_operation()
        result = cast(ExecutionResult, await answer if isawaitable(answer) else answer)
        return Outcome(result.data, [sanitize(e, self.schema) for e in result.errors or ()])

    def knows(self, operation: Operation) -> bool:
        """Whether the document is prepared already."""
        return (operation.document, operation.read_only) in self.prepared

    def document(self, operation: Operation) -> DocumentNode:
        """The document of an operation that is within the limits and of a kind that may be sent so."""
        return self.prepared_document(operation).document

    def prepared_document(self, operation: Operation) -> PreparedDocument:
        """The same as it was prepared; raises Refused or SafeError."""
        key = operation.document, operation.read_only
        prepared = self.prepared.get(key)
        if prepared is None:
            prepared = self.prepare(*key)
            self.prepared.add(key, prepared)
        require_cost(prepared.measured, operation.operation_name, operation.variables, self.limits.operation)
        self.require_permitted_kind(prepared.document, operation)
        return prepared

    def prepare(self, text: str, read_only: bool) -> PreparedDocument:
        """A parsed and valid document. Only these are remembered: a refused one may hold anything."""
        require_text(text, self.limits.operation)
        try:
            document = parse(text)
        except GraphQLError as error:
            raise Refused([sanitize(error, fallback=ErrorCode.PARSE_FAILED)]) from None
        measured = measure(self.schema, document)
        require_size(measured, self.limits.operation)
        rules = self.address_rules if read_only else self.rules
        if errors := validate(self.schema, document, rules, self.limits.reported_errors):
            raise Refused([sanitize(error, self.schema) for error in errors])
        _unchain(document)
        return PreparedDocument(document, measured)

    def refusal(self, text: str) -> str:
        """Why a document would be refused whatever its variables; empty where it would be taken."""
        try:
            self.prepare(text, read_only=False)
        except Refused as refused:
            return refused.errors[0].message
        except SafeError as error:
            return error.message
        return ""

    def require_permitted_kind(self, document: DocumentNode, operation: Operation) -> None:
        """GET only reads, and neither method subscribes."""
        node = get_operation_ast(document, operation.operation_name)
        if node is None or node.operation is OperationType.QUERY:
            return
        if node.operation is OperationType.SUBSCRIPTION:
            raise Refused([SafeError(ErrorCode.BAD_REQUEST, "Subscribe over WebSocket or event stream.")])
        if operation.read_only:
            sentence = "Send mutations by POST."
            raise Refused([SafeError(ErrorCode.METHOD_NOT_ALLOWED, sentence, allow="POST")])

    def build(self, document: DocumentNode, operation: Operation, context: object) -> Executor[Any]:
        """The operation with its variables coerced."""
        built = self.executor.build(
            self.schema,
            document,
            context_value=context,
            raw_variable_values=dict(operation.variables),
            operation_name=operation.operation_name,
            max_coercion_errors=self.limits.reported_errors,
        )
        if isinstance(built, list):
            raise Refused([sanitize(error, self.schema, ErrorCode.BAD_REQUEST) for error in built])
        return built


def _unchain(document: DocumentNode) -> None:
    """Break the chain of its tokens, each of which knows its neighbours: a document that is forgotten then goes at
    once, and does not wait for the collector of cycles."""
    token = document.loc and document.loc.start_token
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following


def declare_one_of(schema: GraphQLSchema) -> GraphQLSchema:
    """Tell graphql-core which inputs are `@oneOf`: Strawberry checks them itself, without saying where."""
    for type_ in schema.type_map.values():
        definition = type_.extensions.get("strawberry-definition")
        if is_input_object_type(type_) and getattr(definition, "is_one_of", False):
            type_.is_one_of = True
    return schema
