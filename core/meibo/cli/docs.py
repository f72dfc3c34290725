"""`meibo docs`."""

from __future__ import annotations

import click

from meibo.host import load_host
from meibo.reference import pages
from meibo.scaffolding import dictionary


@click.command()
@click.option("--check", is_flag=True, help="Compare with the files; exit code 2 where they differ.")
@click.pass_context
def docs(context: click.Context, check: bool) -> None:
    """Write the reference pages under docs/reference from what is installed."""
    commands = context.find_root().command
    assert isinstance(commands, click.Group)
    host = load_host()
    made = pages.pages(host, commands)
    if check:
        pages.check(made)
        dictionary.check(host)
        return
    changed = [*pages.write(made), *dictionary.write(host)]
    click.echo(f"Wrote {', '.join(changed)}." if changed else "Nothing to write.")
