"""`meibo plugin check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option(
    "--postgres",
    metavar="URL",
    default="",
    envvar="TEST_PG_DSN",
    help="A superuser's URL, for the migrations.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(path: Path, postgres: str, as_json: bool) -> None:
    """Check a plugin before it keeps anybody's licence: PATH is the folder of its distribution.

    Prints one finding a line, as file:line: what; how to mend it. Exit code 1 where there is any.
    """
    from meibo.testing import check_plugin

    findings = check_plugin(path, postgres)
    if as_json:
        click.echo(json.dumps([finding.told() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding)
        click.echo("Nothing to mend." if not findings else f"{len(findings)} to mend.", err=True)
    sys.exit(1 if findings else 0)
