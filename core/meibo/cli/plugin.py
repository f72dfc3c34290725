"""`meibo plugin`."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import click

from meibo.cli.checking import check
from meibo.cli.diffing import diff
from meibo.database.drafting import draft
from meibo.errors import OperatorError
from meibo.host import load_host
from meibo.installation import tables_of


@click.group()
def plugin() -> None:
    """Work on a plugin."""


@plugin.command()
@click.argument("profession")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
@click.option("--lose-data", is_flag=True, help="Allow columns and tables to be dropped with what they hold.")
def migrate(profession: str, message: str, lose_data: bool) -> None:
    """Write the next migration of an installed plugin from its declaration."""
    host = load_host()
    if profession not in host.professions:
        raise OperatorError(
            f"There is no profession {profession!r} here; there are: {', '.join(host.professions)}."
        )
    folder = Path(inspect.getfile(import_module(host[profession].plugin.package))).parent / "migrations"
    path = draft(
        profession, tables_of(host[profession]), folder, host.migrations(), message, lose_data=lose_data
    )
    click.echo(
        f"Wrote {path}: read it, then `meibo migrate`."
        if path
        else "The declaration and the migrations agree."
    )


plugin.add_command(check)
plugin.add_command(diff)
