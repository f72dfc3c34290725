"""`meibo plugin`."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import click

from meibo.cli.checking import check
from meibo.cli.diffing import diff
from meibo.cli.new import new
from meibo.cli.retiring import retire
from meibo.database.drafting import draft, statements
from meibo.distributions import plugin_at
from meibo.errors import OperatorError
from meibo.host import Host, load_host
from meibo.installation import tables_of


@click.group()
def plugin() -> None:
    """Work on a plugin."""


@plugin.command()
@click.argument("plugin", metavar="PROFESSION|PATH")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
@click.option("--lose-data", is_flag=True, help="Allow columns and tables to be dropped with what they hold.")
@click.option("--sql/--no-sql", default=True, help="Show the statements for both databases.")
def migrate(plugin: str, message: str, lose_data: bool, sql: bool) -> None:
    """Write the next migration of a plugin from its declaration: an installed one, or one that lies in a folder."""
    path = write_migration(plugin, message, lose_data=lose_data)
    if path is None:
        click.echo("The declaration and the migrations agree.")
        return
    for dialect, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")) if sql else ():
        click.echo(f"-- {name}\n{statements(path, dialect)}\n")
    click.echo(f"Wrote {path}: read it, then `meibo migrate`.")


def write_migration(plugin: Path | str, message: str, *, lose_data: bool) -> Path | None:
    """The next migration of an installed profession or of the plugin in a folder; None where nothing changed."""
    host, code = _host(plugin)
    folder = Path(inspect.getfile(import_module(host[code].plugin.package))).parent / "migrations"
    return draft(code, tables_of(host[code]), folder, host.migrations(), message, lose_data=lose_data)


def _host(plugin: Path | str) -> tuple[Host, str]:
    if Path(plugin).is_dir():
        found = plugin_at(Path(plugin))
        host = load_host([found], only=())
        return host, next(iter(host.professions))
    host = load_host()
    if str(plugin) not in host.professions:
        raise OperatorError(
            f"There is no profession {str(plugin)!r} here, and no folder; there are: {', '.join(host.professions)}."
        )
    return host, str(plugin)


plugin.add_command(check)
plugin.add_command(diff)
plugin.add_command(new)
plugin.add_command(retire)
