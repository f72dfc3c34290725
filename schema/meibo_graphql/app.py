"""The server of one surface: an installation behind GraphQL over HTTP, with health checks and the explorer."""

from __future__ import annotations

import asyncio
import logging
import re
import time

import strawberry
from graphql import NoSchemaIntrospectionCustomRule
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meibo.access.principals import Surface
from meibo.database.stores import Store
from meibo.errors import AuditUnavailable, Unauthenticated
from meibo.installation import Installation
from meibo_graphql.context import RegistryContext
from meibo_graphql.demo import demo_routes
from meibo_graphql.explorer import explorer_routes
from meibo_graphql.http import GraphQLEndpoint, HttpLimits, Operation, Outcome, SchemaExecutor
from meibo_graphql.ids import NodeIds
from meibo_graphql.limits import Callers, OperationLimits
from meibo_graphql.registry import personal_coordinates, registry_schema
from meibo_graphql.sanitizing import sanitize

log = logging.getLogger("meibo_graphql.access")
PATH = "/registry/graphql"
NAMED = re.compile(r"\s*(?:query|mutation)\s+([_A-Za-z][_0-9A-Za-z]*)")
"""A document's first operation's name, for the audit log where the request does not say one."""


class Registry:
    """Executes operations of the registry: who asks comes from the token, what was seen goes to the audit log first."""

    def __init__(self, installation: Installation, schema: strawberry.Schema | None = None) -> None:
        settings, host = installation.settings, installation.host
        self.installation = installation
        self.ids = NodeIds(installation.keys.newest("nodes"), Surface.REGISTRY)
        operation = OperationLimits(cost=settings.max_cost, depth=settings.max_depth)
        self.limits = HttpLimits(body_bytes=settings.max_body_bytes, operation=operation)
        self.callers = Callers(settings.requests_per_caller, settings.documents_per_second)
        rules = () if settings.introspection else (NoSchemaIntrospectionCustomRule,)
        self.execute_plain = SchemaExecutor(
            schema or registry_schema(host),
            personal=personal_coordinates(host),
            rules=rules,
            limits=self.limits,
        )

    async def context(self, request: Request) -> RegistryContext:
        """The context of a request; raises Unauthenticated without a valid bearer token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        principal = await self.installation.tokens.principal(token.strip(), Surface.REGISTRY)
        reader = self.installation.reader(principal, "graphql")
        return RegistryContext(self.installation, principal, reader, self.ids)

    async def execute(self, operation: Operation, context: object) -> Outcome:
        """Answer, once the leaf of what was looked at is durable; without it, nothing leaves."""
        assert isinstance(context, RegistryContext)
        named = NAMED.match(operation.document)
        context.reader.log.operation = operation.operation_name or (named[1] if named else "graphql")
        caller = context.principal.account
        with self.callers.request(caller):
            if not self.execute_plain.knows(operation):
                self.callers.prepare(caller)
            outcome = await self.execute_plain(operation, context)
        try:
            await context.reader.log.write()
        except AuditUnavailable as error:
            return Outcome.refused(sanitize(error))
        return outcome


def create_app(installation: Installation, schema: strawberry.Schema | None = None) -> Starlette:
    """The ASGI application over an open installation; `schema` is one made before for the same host."""
    settings, registry = installation.settings, Registry(installation, schema)
    origins = frozenset(o.strip() for o in settings.registry_origins.split(",") if o.strip())
    endpoint = GraphQLEndpoint(
        registry.execute, registry.context, limits=registry.limits, allowed_origins=origins
    )
    routes: list[BaseRoute] = [Route(PATH, endpoint), Route("/healthz", healthz), Route("/readyz", readyz)]
    if installation.is_demo:
        routes += demo_routes("/registry")
    if settings.explorer:
        explorer = explorer_routes("/registry", demo=installation.is_demo)
        routes += [Route("/", lambda _: RedirectResponse("/registry/explorer")), *explorer]
    app = Starlette(routes=routes, middleware=[Middleware(AccessLog)])
    app.state.installation = installation
    return app


async def healthz(_request: Request) -> Response:
    """The process lives."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Every store answers; names the first that does not."""
    installation: Installation = request.app.state.installation
    for store in Store:
        try:
            async with asyncio.timeout(2), installation.databases[store].read() as connection:
                await connection.exec_driver_sql("SELECT 1")
        except Exception:
            return JSONResponse({"status": "unavailable", "store": store.value}, 503)
    return JSONResponse({"status": "ready"})


class AccessLog:
    """One line a request: method, path without its query, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        start, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            took = round((time.perf_counter() - start) * 1000, 1)
            log.info(
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"][:100],
                    "status": status,
                    "duration_ms": took,
                },
            )
        return None
