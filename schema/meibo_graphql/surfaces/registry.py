"""The surface of the office's staff: `/registry/graphql`, with its explorer."""

from __future__ import annotations

from collections.abc import Collection

import strawberry
from graphql import ASTValidationRule
from starlette.requests import Request
from starlette.routing import BaseRoute

from meibo.access.permissions import Permission
from meibo.access.principals import Principal, Surface
from meibo.errors import MeiboError
from meibo.host import Host
from meibo.installation import Installation
from meibo_graphql.context import RegistryContext
from meibo_graphql.demo import demo_routes
from meibo_graphql.demo_certificates import certificate_routes
from meibo_graphql.documents import Trust
from meibo_graphql.downloads import Downloads
from meibo_graphql.explorer import explorer_routes
from meibo_graphql.http import HttpLimits, Operation, Outcome, SchemaExecutor
from meibo_graphql.http.sharing import Sharing
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.reads import CompiledReads, catalogue
from meibo_graphql.registry import personal_coordinates, registry_schema
from meibo_graphql.sanitizing import SafeError
from meibo_graphql.surfaces.points import PointRead, PointReads
from meibo_graphql.surfaces.serving import Asked, ServedSurface, bearer_token, limits_of


def registry_executor(
    host: Host,
    limits: HttpLimits,
    schema: strawberry.Schema | None = None,
    rules: Collection[type[ASTValidationRule]] = (),
) -> SchemaExecutor:
    """Executes documents on the schema of what is installed."""
    personal = personal_coordinates(host)
    return SchemaExecutor(schema or registry_schema(host), personal=personal, rules=rules, limits=limits)


class RegistrySurface(ServedSurface):
    """Staff sign in with a token of their account."""

    prefix = "/registry"

    def __init__(self, installation: Installation, schema: strawberry.Schema | None = None) -> None:
        """`schema` is one made before for the same host."""
        self.installation = installation
        self.schema = schema or registry_schema(installation.host)
        self.ids = NodeIds(installation.keys.newest("nodes"), Surface.REGISTRY)
        settings = self.installation.settings
        super().__init__(settings, limits_of(settings, settings.max_cost), settings.requests_per_caller)
        self.reads = CompiledReads(self.execute_plain, catalogue(self.schema, installation.host))
        seconds, answered = self.limits.execution_seconds, self.reads.answered
        self.points = PointReads(installation.audit, self.context_of, seconds, answered)

    @property
    def origins(self) -> str:
        """By setting."""
        return self.installation.settings.registry_origins

    @property
    def trust(self) -> Trust:
        """By setting."""
        return Trust.of("registry_documents", self.installation.settings.registry_documents)

    def executor(self) -> SchemaExecutor:
        """Personal data of what is installed go in as variables only."""
        return registry_executor(self.installation.host, self.limits, self.schema, self.rules)

    async def context(self, request: Request) -> RegistryContext:
        """The context of a request; raises Unauthenticated without a valid bearer token."""
        return self.context_of(
            await self.installation.tokens.principal(bearer_token(request), Surface.REGISTRY)
        )

    def context_of(self, principal: Principal) -> RegistryContext:
        """The context of somebody's requests."""
        reader = self.installation.reader(principal, "graphql")
        return RegistryContext(self.installation, principal, reader, self.ids)

    def together(self, sharing: Sharing) -> bool:
        """Point reads of callers who are known go together; whatever is to be refused is so by itself."""
        asked = sharing.asked
        try:
            token = bearer_token(sharing.request)
            principal = self.installation.tokens.remembered(token, Surface.REGISTRY)
            point = self.reads.point(self.documents(asked), asked.operation_name)
            id = point.id_of(asked.variables) if point else None
            if not (principal and point and id and principal.may(Permission.LICENCE_READ)):
                return False
            key = self.ids.open(id)
            if key is None or key.kind is not NodeKind.LICENCE:
                return False
            sharing.ended = self.callers.request(principal.account).end
        except (MeiboError, SafeError):
            return False
        self.points.add(point, PointRead(key.id, principal, sharing))
        return True

    async def answer(self, operation: Operation, context: Asked) -> Outcome:
        """By plan where there is one, else by graphql-core."""
        answered = await self.reads(operation, context)
        return answered or await super().answer(operation, context)

    def routes(self) -> list[BaseRoute]:
        """The API, exports, the demo's sign-in on a demo, the explorer by setting."""
        routes, is_demo = super().routes(), self.installation.is_demo
        routes += Downloads(self.installation, self.prefix).routes()
        if is_demo:
            routes += [*demo_routes(self.prefix), *certificate_routes(self.prefix)]
        if self.installation.settings.explorer:
            routes += explorer_routes(self.prefix, demo=is_demo)
        return routes
