"""Running a surface, or a demo of all with its stand-ins: listen, say where, serve until told to stop."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import click
import uvicorn

from meibo.demo.people import DemoPerson
from meibo.host import Host, load_host
from meibo.installation import Installation, open_installation
from meibo.jobs import Worker
from meibo.logs import configure_logs
from meibo.portal import open_portal, portal_of
from meibo.settings import Settings
from meibo.verifying import open_verifying, verifying_of
from meibo_graphql.listening import bind, bind_address, url_of
from meibo_graphql.stand_ins import StandIns

AT_ONCE = 2
"""Jobs that a demo does side by side."""
FIRST_SECONDS = 1.0
"""Before which it does none: whoever started it is answered first."""
COLLECTED_AFTER = 20_000
"""New objects after which the collector looks for cycles among the youngest."""


def serve_surface(settings: Settings, surface: str) -> None:
    """Serve one surface until SIGTERM or SIGINT; requests under way finish first."""
    listening = bind(settings.host, settings.port)
    _run(_surface(settings, surface, listening))


def serve_demo(settings: Settings, host: Host, people: Sequence[DemoPerson]) -> None:
    """Serve all surfaces of a demo, and its stand-ins."""
    listening = bind(settings.host, settings.port)
    _run(_demo(settings, host, people, listening, StandIns.bound(settings)))


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, or on asyncio's own loop where there is none (Windows)."""
    make = importlib.import_module("uvloop").new_event_loop if importlib.util.find_spec("uvloop") else None
    with asyncio.Runner(loop_factory=make) as runner:
        runner.run(serving)


async def _surface(settings: Settings, surface: str, listening: socket.socket) -> None:
    opening = {"registry": _registry, "portal": _portal, "verify": _verify}[surface]
    address = url_of(listening)
    async with opening(settings) as app:
        lines = [f"GraphQL   {address}/{surface}/graphql"]
        if surface == "registry" and settings.explorer:
            lines.append(f"Explorer  {address}/registry/explorer")
        if surface == "verify":
            lines.append(f"Check     {address}/check")
        await _serve(settings, app, listening, lines)


@asynccontextmanager
async def _portal(settings: Settings) -> AsyncIterator[Any]:
    """The portal alone. The registry's process gives the leaves of both their places in the log."""
    from meibo_graphql.app import create_portal_app

    async with open_portal(settings) as portal:
        yield create_portal_app(portal)


@asynccontextmanager
async def _verify(settings: Settings) -> AsyncIterator[Any]:
    """The surface of partners and of the public alone; the registry's process places its leaves too."""
    from meibo_graphql.app import create_verify_app

    async with open_verifying(settings) as verifying:
        yield create_verify_app(verifying)


@asynccontextmanager
async def _registry(
    settings: Settings, host: Host | None = None, *, demo: bool = False
) -> AsyncIterator[Any]:
    """The registry, in a demo with the other surfaces beside it."""
    from meibo_graphql.app import create_app
    from meibo_graphql.clashes import servable

    host = host or load_host(only=settings.only(), quarantine=settings.quarantine)
    host, schema = servable(host, quarantine=settings.quarantine)
    async with (
        open_installation(settings, host) as installation,
        installation.sequencing(),
        installation.publishing(),
    ):
        portal = portal_of(installation) if demo else None
        verifying = verifying_of(installation) if demo else None
        made = schema if installation.host is host else None
        yield create_app(installation, made, portal=portal, verifying=verifying)


async def _demo(
    settings: Settings,
    host: Host,
    people: Sequence[DemoPerson],
    listening: socket.socket,
    stand_ins: StandIns | None,
) -> None:
    address = url_of(listening)
    settings = stand_ins.known_to(settings, address) if stand_ins else settings
    lines = [f"GraphQL   {address}/registry/graphql"]
    if settings.explorer:
        lines.append(f"Explorer  {address}/registry/explorer   (sign in there as any demo account)")
    async with _registry(settings, host, demo=True) as app:
        if stand_ins is None:
            await _serve(settings, app, listening, lines)
            return
        lines += [
            f"Portal    {address}/portal/graphql",
            *stand_ins.lines(),
            f"Verify    {address}/verify/graphql",
            f"Check     {address}/check   (with a certificate: {address}/registry/demo/certificate)",
        ]
        installation = app.state.installation
        async with stand_ins.serving(people, installation), _working(installation):
            await _serve(settings, app, listening, lines)


@asynccontextmanager
async def _working(installation: Installation) -> AsyncIterator[None]:
    """A worker of the demo's own. It is broken off at the end, which its jobs survive: a late stand-in holds nobody
    up."""
    worker = Worker(installation.register, installation.handlers, AT_ONCE)

    async def work() -> None:
        await asyncio.sleep(FIRST_SECONDS)
        await worker.run(asyncio.Event())

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _serve(settings: Settings, app: Any, listening: socket.socket, lines: Sequence[str]) -> None:
    """Say where, and run until a signal; then let requests under way finish."""
    configure_logs()
    _settle()
    server = uvicorn.Server(_configuration(app, settings))
    # Before the address is told a signal already stops the server; uvicorn raises it again once it has stopped,
    # and what is left to do here must not die of it.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, server.handle_exit)
    async with _for_operator(settings, app):
        for line in lines:
            click.echo(line)
        sys.stdout.flush()
        await server.serve(sockets=[listening])


@asynccontextmanager
async def _for_operator(settings: Settings, app: Any) -> AsyncIterator[None]:
    """Serve `/metrics` beside the surfaces, where the settings say so."""
    if not settings.operator_listener:
        yield
        return
    server = _Beside(
        uvicorn.Config(app.operator, ws="none", lifespan="off", log_config=None, access_log=False)
    )
    listening = bind_address(settings.operator_listener, "MEIBO_OPERATOR_LISTENER")
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Beside(uvicorn.Server):
    """A server that leaves the signals to the one beside it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _settle() -> None:
    """Spare the collector of cycles what was made so far: schemas and plugins stay, and each look at them costs as
    much as many requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 10, 100)


def _configuration(app: Any, settings: Settings) -> uvicorn.Config:
    from meibo_graphql.http.connections import KEEP_ALIVE_SECONDS
    from meibo_graphql.http.direct import DirectProtocol

    return uvicorn.Config(
        app, http=DirectProtocol, ws="none", lifespan="off",
        log_config=None, access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=settings.graceful_seconds, timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )  # fmt: skip
