"""The sandbox as one application: the control page and its API, and each stand-in under its name.

Requests of other sites' pages are refused: a page that somebody happens to look at shall not make anybody die.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from meibo.errors import OperatorError
from meibo_sandbox.control import api
from meibo_sandbox.control.pages import HEADERS, page
from meibo_sandbox.control.spoiling import Spoiled
from meibo_sandbox.control.systems import System
from meibo_sandbox.mail import FAULTS, NAME, MailServer, told
from meibo_sandbox.webhooks import WebhookSink
from meibo_sandbox.world import World

LONGEST_BODY = 10_000
FORM = "application/x-www-form-urlencoded"
Act = Callable[[Request, api.Asked], Any]


class Sandbox:
    """A world, its stand-ins, and the page from which both are driven; mail is taken where `mail_socket` listens."""

    def __init__(
        self, world: World, systems: Sequence[System] = (), mail_socket: socket.socket | None = None
    ) -> None:
        self.world = world
        self.mail, self.webhooks = MailServer(world), WebhookSink(world.now)
        self._mail_socket = mail_socket
        own = (
            System(NAME, ("メール", "Mail"), None, FAULTS),
            System("webhooks", ("ウェブフック", "Webhooks"), self.webhooks.app()),
        )
        self.systems = {system.name: system for system in (*systems, *own)}

    def app(self) -> Starlette:
        """The application; its lifespan is that of the mail server."""
        routes: list[BaseRoute] = [
            Route("/", self.page, methods=["GET"]),
            Route("/api", self.state, methods=["GET"]),
            Route("/api/people", self.people, methods=["GET"]),
            Route("/api/people/{index:int}", self.person, methods=["GET"]),
            Route("/api/people/{index:int}", self._acting(self._happen), methods=["POST"]),
            Route("/api/clock", self._acting(self._set_clock), methods=["POST"]),
            Route("/api/systems/{name}", self._acting(self._spoil), methods=["POST"]),
            Route("/api/reset", self._acting(self._reset), methods=["POST"]),
            Route("/api/mail", self.caught, methods=["GET"]),
        ]
        routes += [
            Mount(f"/{system.name}", Spoiled(system.app, self.world, system.name))
            for system in self.systems.values()
            if system.app
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        if self._mail_socket is None:
            yield
            return
        async with self.mail.serving(self._mail_socket):
            yield

    async def page(self, request: Request) -> Response:
        """The page, for people."""
        find = request.query_params.get("find", "")
        return HTMLResponse(page(self.world, self.systems, self.mail, self.webhooks, find), headers=HEADERS)

    async def state(self, _request: Request) -> Response:
        """The clock, the systems, what was made to happen."""
        return JSONResponse(api.state(self.world, self.systems))

    async def people(self, request: Request) -> Response:
        """People as they are today; `find` narrows them."""
        found = api.found(self.world, request.query_params.get("find", ""))
        return JSONResponse([api.shown(person) for person in found])

    async def person(self, request: Request) -> Response:
        """One of them."""
        found = self.world.person(request.path_params["index"])
        return JSONResponse(api.shown(found)) if found else Response(status_code=404)

    async def caught(self, _request: Request) -> Response:
        """The mail that was caught, oldest first."""
        return JSONResponse([told(mail) for mail in list(self.mail.caught)])

    def _acting(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """A route that does something: answers with the state of what it changed, or leads a form back to the page."""

        async def acted(request: Request) -> Response:
            if request.headers.get("sec-fetch-site") == "cross-site":
                return JSONResponse({"error": "Another site's page asked."}, 403)
            form = request.headers.get("content-type", "").startswith(FORM)
            try:
                done = act(request, api.parsed(await _body(request), form=form))
            except OperatorError as error:
                return JSONResponse({"error": error.en}, 400)
            return RedirectResponse(_back(request), 303) if form else JSONResponse(done)

        return acted

    def _happen(self, request: Request, asked: api.Asked) -> Any:
        event = api.happen(self.world, request.path_params["index"], asked)
        person = self.world.person(event.index)
        return api.shown(person) if person else None

    def _set_clock(self, _request: Request, asked: api.Asked) -> Any:
        api.set_clock(self.world, asked)
        return api.state(self.world, self.systems)

    def _spoil(self, request: Request, asked: api.Asked) -> Any:
        system = self.systems.get(request.path_params["name"])
        if system is None:
            raise api.NotPossible(f"The systems are {', '.join(self.systems)}.")
        api.spoil(self.world, system, asked)
        return api.state(self.world, self.systems)

    def _reset(self, _request: Request, _asked: api.Asked) -> Any:
        self.world.reset()
        self.mail.caught.clear()
        self.webhooks.calls.clear()
        return api.state(self.world, self.systems)


def _back(request: Request) -> str:
    """The page again, at the search from which a form was sent."""
    find = request.query_params.get("find", "")
    return (
        str(request.url_for("page").include_query_params(find=find)) if find else str(request.url_for("page"))
    )


async def _body(request: Request) -> bytes:
    """The body; raises NotPossible for one that is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            raise api.NotPossible(f"Send at most {LONGEST_BODY} bytes.")
    return bytes(body)
