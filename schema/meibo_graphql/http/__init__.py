"""GraphQL over HTTP: one ASGI endpoint for queries and mutations.

Made to the specification's letter (https://graphql.github.io/graphql-over-http/draft/) and checked by the
audits of the `graphql-http` package in `tests/conformance/`.
"""

from meibo_graphql.http.answers import Outcome
from meibo_graphql.http.endpoint import Context, GraphQLEndpoint
from meibo_graphql.http.execution import Execute, SchemaExecutor
from meibo_graphql.http.limits import HttpLimits
from meibo_graphql.http.requests import Documents, GraphQLRequest, Operation, inline_document

__all__ = [
    "Context",
    "Documents",
    "Execute",
    "GraphQLEndpoint",
    "GraphQLRequest",
    "HttpLimits",
    "Operation",
    "Outcome",
    "SchemaExecutor",
    "inline_document",
]
