"""`meibo codes`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.codes.service import FIRST_DAY
from meibo.errors import OperatorError, Refused
from meibo.importing.files import read_table
from meibo.installation import Installation, seed_codes

VALID_FROM = "valid_from"


@click.group()
def codes() -> None:
    """Fill and read the code tables."""


@codes.command("list")
def list_tables() -> None:
    """List the code tables with the number of their rows."""

    async def work(installation: Installation, _operator: Principal) -> list[str]:
        return [f"{table}\t{len(installation.codes.rows(table))}" for table in installation.codes.tables]

    for line in with_installation(work):
        click.echo(line)


@codes.command()
def seed() -> None:
    """Add the plugins' sample rows whose codes are not there yet: a start, to be replaced by the office's."""
    with_installation(seed_codes)
    click.echo("The code tables hold the plugins' sample rows beside those that stood there.")


@codes.command("import")
@click.argument("table")
@click.argument("file", type=click.Path(path_type=Path))
def import_rows(table: str, file: Path) -> None:
    """Add rows from a CSV file (UTF-8), headers as identifiers; `valid_from` is the first day of a row.

    A row whose code stands already follows it: the one before ends on that day.
    """

    async def work(installation: Installation, operator: Principal) -> int:
        if table not in installation.codes.tables:
            known = ", ".join(sorted(installation.codes.tables))
            raise OperatorError(f"There is no code table {table!r} here; there are: {known}.")
        read = read_table(file)
        rows = list(read.rows)
        for line, fields in rows:
            raw = {name: text for name, text in zip(read.headers, fields, strict=False) if text}
            try:
                start = date.fromisoformat(raw.pop(VALID_FROM, FIRST_DAY.isoformat()))
                await installation.codes.put(operator, table, raw, start)
            except (Refused, ValueError) as error:
                told = error.en if isinstance(error, Refused) else f"{VALID_FROM} is no day (YYYY-MM-DD)."
                raise OperatorError(
                    f"{file.name}, line {line}: {told} The rows before it were added."
                ) from None
        return len(rows)

    click.echo(f"Added {with_installation(work)} rows to {table}.")
