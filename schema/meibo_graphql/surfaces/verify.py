"""The surface of those who check: `/verify/graphql`. Partners send a token; the public asks what is public."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

import strawberry
from graphql import ASTValidationRule
from starlette.requests import Request

from meibo.access.principals import Principal, Surface
from meibo.consent import Recipient
from meibo.publicsearch import PublicSearches
from meibo.registry.readlog import ReadLog
from meibo.verifying import Verifying
from meibo_graphql.documents import Trust
from meibo_graphql.http import HttpLimits, Operation, Outcome, SchemaExecutor
from meibo_graphql.limits import CheckAllowances, Searches
from meibo_graphql.sanitizing import ErrorCode, sanitize
from meibo_graphql.surfaces.serving import Asked, ServedSurface, limits_of
from meibo_graphql.verify import VerifyContext, verify_schema
from meibo_graphql.verify.inputs import PERSONAL as OF_PARTNERS
from meibo_graphql.verify.public import PERSONAL as OF_THE_PUBLIC

OPERATION = "verify"
PUBLIC = Principal("public", "public", "verify", Surface.VERIFY, frozenset(), frozenset())
"""Whoever sends no token."""
STATED_BY_HTTP = (ErrorCode.RATE_LIMITED, ErrorCode.UNAUTHENTICATED)
"""Errors that are the answer's status where it shows nothing."""
PartnerOf = Callable[[Request], Awaitable[Recipient | None]]
"""The partner whose token a request bears, None without one; raises Unauthenticated for one that is not believed."""


async def nobody(_request: Request) -> None:
    """For a surface that no partner may call."""


def verify_executor(
    limits: HttpLimits,
    schema: strawberry.Schema | None = None,
    rules: Collection[type[ASTValidationRule]] = (),
) -> SchemaExecutor:
    """Executes documents on the schema. What is presented, and whom the public looks for, go in as variables."""
    return SchemaExecutor(
        schema or verify_schema(), personal=OF_PARTNERS | OF_THE_PUBLIC, rules=rules, limits=limits
    )


class VerifySurface(ServedSurface):
    """Answers partners with what holders consented to, and anybody with what is public."""

    prefix = "/verify"
    asks_whence = True

    def __init__(
        self, verifying: Verifying, schema: strawberry.Schema | None = None, *, partner_of: PartnerOf = nobody
    ) -> None:
        """`schema` is one made before."""
        settings = verifying.settings
        self.verifying = verifying
        self.schema = schema or verify_schema()
        self.partner_of = partner_of
        self.allowances = CheckAllowances(settings.verify_checks_per_minute)
        self.searches = Searches(settings.verify_searches_per_minute)
        self.public = PublicSearches(
            verifying.register, verifying.scopes, verifying.keys, verifying.codes, verifying.audit
        )
        limits = limits_of(settings, settings.verify_max_cost)
        limits = replace(limits, body_bytes=settings.verify_max_body_bytes)
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
        mark = self.searches.mark(request.client.host if request.client else "")
        log = ReadLog(self.verifying.audit, PUBLIC, OPERATION)
        partner = await self.partner_of(request)
        return VerifyContext(self.verifying, partner, self.allowances, mark, self.searches, self.public, log)

    async def answer(self, operation: Operation, context: Asked) -> Outcome:
        """The answer; where nothing is shown since the caller asks too often, or must be a partner, HTTP says so."""
        outcome = await super().answer(operation, context)
        errors = [sanitize(error) for error in outcome.errors] if outcome.data is None else []
        for error in errors:
            if error.code in STATED_BY_HTTP:
                raise error
        return outcome

    def operation_name(self, operation: Operation) -> str:
        """One name for all: the caller's own would stand in the leaves of two licences of one person."""
        return OPERATION
