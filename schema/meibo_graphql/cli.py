"""Commands that come with the server: `meibo serve`, `meibo demo`, `meibo schema`."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click
import uvicorn

from meibo.errors import OperatorError
from meibo.host import Host, load_host
from meibo.installation import open_installation
from meibo.logs import configure_logs
from meibo.settings import Settings, load_settings

DEMO_HOLDERS = PLUGIN_HOLDERS = 20
"""Synthetic holders of each profession, by default; and where a plugin is being written."""
SURFACES = ("registry",)
BACKLOG = 2048


@click.command(short_help="Serve a surface.")
@click.option("--surface", type=click.Choice(SURFACES), default="registry", show_default=True)
@click.option("--host", default=None, help="Address; default: the setting.")
@click.option("--port", type=int, default=None, help="Port; default: the setting. 0 finds a free one.")
def serve(surface: str, host: str | None, port: int | None) -> None:
    """Serve a surface until it is told to stop; requests under way finish first."""
    _serve(_listening(load_settings(), host, port))


@click.command(short_help="Serve a demo with synthetic holders.")
@click.option("--holders", type=int, default=None, help="How many synthetic holders of each profession; 20.")
@click.option("--ephemeral", is_flag=True, help="Keep nothing: use a temporary folder.")
@click.option(
    "--plugin", type=click.Path(path_type=Path), default=None,
    help="Serve the plugin in this folder too, with 20 holders, anew on every save; keeps nothing.",
)  # fmt: skip
@click.option("--only", is_flag=True, help="Serve the plugin alone.")
@click.option("--once", is_flag=True, help="Do not watch the plugin's files.")
@click.option("--host", default=None)
@click.option("--port", type=int, default=None)
def demo(
    holders: int | None,
    ephemeral: bool,
    plugin: Path | None,
    only: bool,
    once: bool,
    host: str | None,
    port: int | None,
) -> None:
    """Migrate an SQLite installation, fill it with synthetic holders where it is empty, and serve it."""
    from meibo.distributions import distribution_at, plugin_at
    from meibo_graphql.watching import serve_watching

    settings = _listening(load_settings(), host, port)
    if plugin and not once:
        arguments = ["demo", "--once", "--plugin", str(plugin), *(["--only"] if only else [])]
        arguments += ["--holders", str(holders or PLUGIN_HOLDERS)]
        arguments += ["--host", settings.host, "--port", str(settings.port)]
        serve_watching(distribution_at(plugin).root, arguments)
        return
    extra = [plugin_at(plugin)] if plugin else []
    loaded = load_host(extra, only=() if plugin and only else settings.only())
    count = holders or (PLUGIN_HOLDERS if plugin else DEMO_HOLDERS)
    if ephemeral or plugin:
        with tempfile.TemporaryDirectory(prefix="meibo-", ignore_cleanup_errors=True) as folder:
            _demo(replace(settings, data=folder), loaded, count)
    else:
        _demo(settings, loaded, count)


def _demo(settings: Settings, host: Host, holders: int) -> None:
    from meibo.demo.filling import fill

    asyncio.run(fill(settings, host, holders, click.echo))
    _serve(settings, host, demo=True)


@click.group(short_help="Print the API's schema, or compare it with the committed one.")
def schema() -> None:
    """The API's schema."""


@schema.command()
@click.argument("surface", type=click.Choice(SURFACES))
@click.option("--check", is_flag=True, help="Compare with the files; exit code 2 where they differ.")
@click.option("--stdout", is_flag=True, help="Print the SDL and write nothing.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("schema"), show_default=True,
    help="Where the files go.",
)  # fmt: skip
def export(surface: str, check: bool, stdout: bool, folder: Path) -> None:
    """Write SURFACE.graphql and SURFACE.possibleTypes.json from what is installed."""
    from meibo_graphql import exports
    from meibo_graphql.registry import registry_schema

    texts = exports.files(surface, registry_schema(load_host()))
    if stdout:
        click.echo(texts[f"{surface}.graphql"], nl=False)
    elif check:
        exports.check(folder, surface, texts)
    else:
        exports.write(folder, texts)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    return replace(settings, host=host or settings.host, port=settings.port if port is None else port)


def _serve(settings: Settings, host: Host | None = None, *, demo: bool = False) -> None:
    """Listen, say where, and run until SIGTERM or SIGINT; then let requests under way finish."""
    listening = _bind(settings)
    address = f"http://{settings.host}:{listening.getsockname()[1]}"
    asyncio.run(_run(settings, host, listening, address, demo=demo))


async def _run(
    settings: Settings, host: Host | None, listening: socket.socket, address: str, *, demo: bool
) -> None:
    from meibo_graphql.app import PATH, create_app
    from meibo_graphql.clashes import servable
    from meibo_graphql.http.connections import KEEP_ALIVE_SECONDS, BoundedProtocol

    host = host or load_host(only=settings.only(), quarantine=settings.quarantine)
    host, schema = servable(host, quarantine=settings.quarantine)
    async with open_installation(settings, host) as installation:
        app = create_app(installation, schema if installation.host is host else None)
        configure_logs()
        config = uvicorn.Config(
            app, http=BoundedProtocol, ws="none", lifespan="off",
            log_config=None, access_log=False, server_header=False, date_header=False,
            timeout_graceful_shutdown=settings.graceful_seconds, timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        # Before the address is told a signal already stops the server; uvicorn raises it again once it has stopped,
        # and what is left to do here must not die of it.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, server.handle_exit)
        click.echo(f"GraphQL   {address}{PATH}")
        if settings.explorer:
            hint = "   (sign in there as any demo account)" if demo else ""
            click.echo(f"Explorer  {address}/registry/explorer{hint}")
        sys.stdout.flush()
        async with installation.sequencing():
            await server.serve(sockets=[listening])


def _bind(settings: Settings) -> socket.socket:
    """The listening socket; raises OperatorError where the port is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)  # From here on callers wait in line; the address is told next.
    except OSError as error:
        listening.close()
        raise OperatorError(
            f"Port {settings.port} is taken: stop the other server or choose --port."
        ) from error
    return listening
