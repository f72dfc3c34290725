"""Commands that come with the server: `meibo serve`, `meibo demo`, `meibo explain`, `meibo schema`."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import click
import orjson

from meibo.access.permissions import Role
from meibo.errors import OperatorError
from meibo.host import Host, load_host
from meibo.settings import Settings, load_settings
from meibo_graphql.running import serve_demo, serve_surface

DEMO_HOLDERS = PLUGIN_HOLDERS = 20
"""Synthetic holders of each profession, by default; and where a plugin is being written."""
SURFACES = ("registry", "portal", "verify")


@click.command(short_help="Serve a surface.")
@click.option("--surface", type=click.Choice(SURFACES), default="registry", show_default=True)
@click.option("--host", default=None, help="Address; default: the setting.")
@click.option("--port", type=int, default=None, help="Port; default: the setting. 0 finds a free one.")
def serve(surface: str, host: str | None, port: int | None) -> None:
    """Serve a surface until it is told to stop; requests under way finish first."""
    serve_surface(_listening(load_settings(), host, port), surface)


@click.command(short_help="Tell how an operation is answered: plan, SQL, audit, cost.")
@click.argument("query", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--variables", default="{}", help="As JSON.")
@click.option("--operation", default=None, help="Its name, where the document has several.")
@click.option("--role", type=click.Choice([*Role]), default=Role.OFFICER, show_default=True)
def explain(query: Path, variables: str, operation: str | None, role: str) -> None:
    """Answer the operation in the file QUERY once, as to somebody in a role, and show how, never what.

    What it looks at is audited as any look is, under the operator's name.
    """
    from meibo.cli.running import with_installation
    from meibo_graphql.explaining import explained

    try:
        given = orjson.loads(variables)
    except orjson.JSONDecodeError:
        raise OperatorError("--variables is no JSON.") from None
    if not isinstance(given, dict):
        raise OperatorError("--variables is no JSON object.")
    document = query.read_text("utf-8")
    for line in with_installation(lambda i, o: explained(i, o, Role(role), document, given, operation)):
        click.echo(line)


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

    people = asyncio.run(fill(settings, host, holders, click.echo))
    serve_demo(settings, host, people)


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
    from meibo_graphql.portal import portal_schema
    from meibo_graphql.registry import registry_schema
    from meibo_graphql.verify import verify_schema

    host = load_host()
    schemas = {
        "registry": lambda: registry_schema(host), "portal": lambda: portal_schema(host), "verify": verify_schema,
    }  # fmt: skip
    texts = exports.files(surface, schemas[surface]())
    if stdout:
        click.echo(texts[f"{surface}.graphql"], nl=False)
    elif check:
        exports.check(folder, surface, texts)
    else:
        exports.write(folder, texts)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    return replace(settings, host=host or settings.host, port=settings.port if port is None else port)
