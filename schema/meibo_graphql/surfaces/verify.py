"""The surface of those who check: `/verify/graphql`. Partners send a token; the public asks what is public."""

from __future__ import annotations

from collections.abc import Collection

import strawberry
from graphql import ASTValidationRule
from starlette.requests import Request

from meibo.access.principals import Principal, Surface
from meibo.registry.readlog import ReadLog
from meibo.verifying import Verifying
from meibo_graphql.documents import Trust
from meibo_graphql.http import HttpLimits, Operation, SchemaExecutor
from meibo_graphql.surfaces.serving import ServedSurface, limits_of
from meibo_graphql.verify import VerifyContext, verify_schema

OPERATION = "verify"
PUBLIC = Principal("public", "public", "verify", Surface.VERIFY, frozenset(), frozenset())
"""Whoever sends no token."""


def verify_executor(
    limits: HttpLimits,
    schema: strawberry.Schema | None = None,
    rules: Collection[type[ASTValidationRule]] = (),
) -> SchemaExecutor:
    """Executes documents on the schema. What is presented, and whom the public looks for, go in as variables."""
    return SchemaExecutor(schema or verify_schema(), rules=rules, limits=limits)


class VerifySurface(ServedSurface):
    """Answers partners with what holders consented to, and anybody with what is public."""

    prefix = "/verify"

    def __init__(self, verifying: Verifying, schema: strawberry.Schema | None = None) -> None:
        """`schema` is one made before."""
        settings = verifying.settings
        self.verifying = verifying
        self.schema = schema or verify_schema()
        limits = limits_of(settings, settings.verify_max_cost)
        super().__init__(settings, limits, settings.verify_requests_per_caller)

    @property
    def origins(self) -> str:
        """By setting."""
        return self.verifying.settings.verify_origins

    @property
    def trust(self) -> Trust:
        """By setting."""
        return Trust.of("verify_documents", self.verifying.settings.verify_documents)

    def executor(self) -> SchemaExecutor:
        """On the surface's schema."""
        return verify_executor(self.limits, self.schema, self.rules)

    async def context(self, request: Request) -> VerifyContext:
        """The context of a request."""
        await self.verifying.codes.refresh()
        address = request.client.host if request.client else ""
        return VerifyContext(self.verifying, address, ReadLog(self.verifying.audit, PUBLIC, OPERATION))

    def operation_name(self, operation: Operation) -> str:
        """One name for all: the caller's own would stand in the leaves of two licences of one person."""
        return OPERATION
