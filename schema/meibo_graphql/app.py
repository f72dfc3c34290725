"""The server: an open installation's surfaces with health checks and an access log."""

from __future__ import annotations

from functools import cached_property

import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from meibo.database.stores import Databases
from meibo.installation import Installation
from meibo.portal import Portal
from meibo.verifying import Verifying
from meibo_graphql.check import check_routes
from meibo_graphql.http import GraphQLEndpoint
from meibo_graphql.http.access import AccessLog
from meibo_graphql.http.heads import Heads
from meibo_graphql.links import link_routes
from meibo_graphql.oauth import oauth_routes, partners_of
from meibo_graphql.operator import (
    Figures,
    health_routes,
    operator_app,
    portal_figures,
    registry_figures,
    verify_figures,
)
from meibo_graphql.published import published_routes
from meibo_graphql.surfaces import PortalSurface, RegistrySurface, VerifySurface
from meibo_graphql.surfaces.verify import PartnerOf

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
    routes = [*registry.routes(), *published_routes(installation.settings)]
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
    app = _served(routes, installation.databases, registry_figures(installation, registry.reads, verifying))
    app.state.installation = installation
    return app


def create_portal_app(portal: Portal, schema: strawberry.Schema | None = None) -> Server:
    """The portal alone, in a process of its own."""
    return _served(PortalSurface(portal, schema).routes(), portal.databases, portal_figures)


def create_verify_app(
    verifying: Verifying, schema: strawberry.Schema | None = None, *, partner_of: PartnerOf | None = None
) -> Server:
    """The surface of partners and of the public alone, in a process of its own."""
    asked = partner_of or partners_of(verifying.sign_in, verifying.settings)
    surface = VerifySurface(verifying, schema, partner_of=asked)
    public = [*published_routes(verifying.settings), *check_routes(verifying.host.professions.values())]
    public += oauth_routes(verifying.sign_in, verifying.settings)
    return _served([*surface.routes(), *public], verifying.databases, verify_figures(verifying))


class Server(Starlette):
    """An ASGI app that also says which of its endpoints take requests past ASGI, and has another app for the operator
    beside it."""

    operator: Starlette

    @cached_property
    def direct(self) -> Heads:
        """See `meibo_graphql.http.direct`."""
        routes = [route for route in self.routes if isinstance(route, Route)]
        found = {r.path.encode(): r.endpoint for r in routes if isinstance(r.endpoint, GraphQLEndpoint)}
        return Heads({path: endpoint for path, endpoint in found.items() if not endpoint.asks_whence})


def _served(routes: list[BaseRoute], databases: Databases, figures: Figures) -> Server:
    """Surfaces with what every process has: health checks, an access log, and figures for the operator."""
    app = Server(routes=[*health_routes(databases), *routes], middleware=[Middleware(AccessLog)])
    app.operator = operator_app(databases, figures)
    return app
