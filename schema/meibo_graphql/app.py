"""The server: an open installation's surfaces with health checks and an access log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import cached_property

import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from meibo import clock
from meibo.database.stores import Databases
from meibo.installation import Installation
from meibo.portal import Portal
from meibo.verifying import Verifying
from meibo_graphql.check import check_routes
from meibo_graphql.http import GraphQLEndpoint
from meibo_graphql.http.access import AccessLog
from meibo_graphql.links import job_lines, link_lines, link_routes
from meibo_graphql.oauth import oauth_routes, partners_of, sign_in_lines
from meibo_graphql.published import age_lines, published_routes
from meibo_graphql.reads import CompiledReads
from meibo_graphql.surfaces import PortalSurface, RegistrySurface, VerifySurface
from meibo_graphql.surfaces.verify import PartnerOf

OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PATH = f"{RegistrySurface.prefix}/graphql"


def create_app(
    installation: Installation,
    schema: strawberry.Schema | None = None,
    *,
    portal: Portal | None = None,
    verifying: Verifying | None = None,
) -> Server:
    """The registry over an open installation, and the other surfaces beside it where they are given; `schema` is the
    registry's, made before for the same host."""
    registry = RegistrySurface(installation, schema)
    routes = [*registry.routes(), Route("/metrics", metrics), *published_routes(installation.settings)]
    routes += link_routes(installation.links, installation.settings.link_max_bytes)
    if portal:
        routes += PortalSurface(portal).routes()
    if verifying:
        signed_in = partners_of(verifying.sign_in, verifying.settings)
        routes += VerifySurface(verifying, partner_of=signed_in).routes()
        routes += check_routes(verifying.host.professions.values())
        routes += oauth_routes(verifying.sign_in, verifying.settings)
    if installation.settings.explorer:
        routes.append(Route("/", lambda _: RedirectResponse("/registry/explorer")))
    app = _served(routes, installation.databases)
    app.state.installation, app.state.reads = installation, registry.reads
    app.state.sign_ins = verifying.sign_in.counted if verifying else {}
    return app


def create_portal_app(portal: Portal, schema: strawberry.Schema | None = None) -> Server:
    """The portal alone, in a process of its own."""
    return _served(PortalSurface(portal, schema).routes(), portal.databases)


def create_verify_app(
    verifying: Verifying, schema: strawberry.Schema | None = None, *, partner_of: PartnerOf | None = None
) -> Server:
    """The surface of partners and of the public alone, in a process of its own."""
    asked = partner_of or partners_of(verifying.sign_in, verifying.settings)
    surface = VerifySurface(verifying, schema, partner_of=asked)
    public = [*published_routes(verifying.settings), *check_routes(verifying.host.professions.values())]
    public += [*oauth_routes(verifying.sign_in, verifying.settings), Route("/metrics", sign_in_metrics)]
    app = _served([*surface.routes(), *public], verifying.databases)
    app.state.sign_ins = verifying.sign_in.counted
    return app


class Server(Starlette):
    """An ASGI app that also says which of its endpoints take requests past ASGI."""

    @cached_property
    def direct(self) -> Mapping[bytes, GraphQLEndpoint]:
        """By path; see `meibo_graphql.http.direct`."""
        routes = [route for route in self.routes if isinstance(route, Route)]
        found = {r.path.encode(): r.endpoint for r in routes if isinstance(r.endpoint, GraphQLEndpoint)}
        return {path: endpoint for path, endpoint in found.items() if not endpoint.asks_whence}


def _served(routes: list[BaseRoute], databases: Databases) -> Server:
    """Surfaces with what every process has: health checks and an access log."""
    health = [Route("/healthz", healthz), Route("/readyz", readyz)]
    app = Server(routes=[*health, *routes], middleware=[Middleware(AccessLog)])
    app.state.databases = databases
    return app


async def healthz(_request: Request) -> Response:
    """The process lives."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Every store that the process reaches answers; names the first that does not."""
    databases: Databases = request.app.state.databases
    for store, database in databases.items():
        try:
            async with asyncio.timeout(2), database.read() as connection:
                await connection.exec_driver_sql("SELECT 1")
        except Exception:
            return JSONResponse({"status": "unavailable", "store": store.value}, 503)
    return JSONResponse({"status": "ready"})


async def metrics(request: Request) -> Response:
    """Figures for the operator, in OpenMetrics' text: how operations were answered, how old status lists are, how jobs
    and links stand. They tell of nobody."""
    reads: CompiledReads = request.app.state.reads
    installation: Installation = request.app.state.installation
    lines = [
        "# TYPE meibo_operations counter",
        "# HELP meibo_operations Operations of the registry by how they were answered: by plan, or why not.",
        *(
            f'meibo_operations_total{{answered="{how}"}} {count}'
            for how, count in sorted(reads.answered.items())
        ),
        *age_lines(await installation.authority.publisher.ages(), clock.now()),
        *sign_in_lines(request.app.state.sign_ins),
        *job_lines(await installation.jobs.counts()),
        *link_lines(await installation.links.office.states(), installation.links.inbox.refused),
    ]
    return _open_metrics(lines)


async def sign_in_metrics(request: Request) -> Response:
    """What the process of partners counts: how their sign-ins went."""
    return _open_metrics(sign_in_lines(request.app.state.sign_ins))


def _open_metrics(lines: Iterable[str]) -> Response:
    return Response("\n".join([*lines, "# EOF"]) + "\n", media_type=OPEN_METRICS)
