"""The surface of holders: `/portal/graphql`. They sign in with a token of the identity provider."""

from __future__ import annotations

from collections.abc import Collection

import strawberry
from graphql import ASTValidationRule
from starlette.requests import Request

from meibo.access.principals import Surface
from meibo.host import Host
from meibo.portal import Portal
from meibo.portal.holders import OPERATION
from meibo_graphql.documents import Trust
from meibo_graphql.http import HttpLimits, Operation, SchemaExecutor
from meibo_graphql.ids import NodeIds
from meibo_graphql.portal import HolderContext, portal_schema
from meibo_graphql.surfaces.serving import ServedSurface, bearer_token, limits_of


def portal_executor(
    host: Host,
    limits: HttpLimits,
    schema: strawberry.Schema | None = None,
    rules: Collection[type[ASTValidationRule]] = (),
) -> SchemaExecutor:
    """Executes documents on the schema of what is installed. Nothing personal goes in."""
    return SchemaExecutor(schema or portal_schema(host), rules=rules, limits=limits)


class PortalSurface(ServedSurface):
    """Answers a holder with what is the holder's own."""

    prefix = "/portal"

    def __init__(self, portal: Portal, schema: strawberry.Schema | None = None) -> None:
        """`schema` is one made before for the same host."""
        settings = portal.settings
        self.portal = portal
        self.schema = schema or portal_schema(portal.host)
        self.ids = NodeIds(portal.keys.newest("nodes"), Surface.PORTAL)
        limits = limits_of(settings, settings.portal_max_cost)
        super().__init__(settings, limits, settings.portal_requests_per_caller)

    @property
    def origins(self) -> str:
        """By setting."""
        return self.portal.settings.portal_origins

    @property
    def trust(self) -> Trust:
        """By setting."""
        return Trust.of("portal_documents", self.portal.settings.portal_documents)

    def executor(self) -> SchemaExecutor:
        """On the surface's schema."""
        return portal_executor(self.portal.host, self.limits, self.schema, self.rules)

    async def context(self, request: Request) -> HolderContext:
        """The context of a request; raises Unauthenticated without a token that is to be believed."""
        holder = await self.portal.holder(bearer_token(request))
        await self.portal.codes.refresh()
        reader, log = self.portal.reader(holder)
        return HolderContext(self.portal, holder, reader, log, self.ids)

    def operation_name(self, operation: Operation) -> str:
        """One name for all: the caller's own would stand in the leaves of two licences of one person."""
        return OPERATION
