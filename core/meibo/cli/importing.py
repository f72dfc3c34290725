"""`meibo import`."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.errors import OperatorError
from meibo.identity import VerifiedBy
from meibo.importing.files import Dialect, count_lines, read_table
from meibo.importing.processes import stand_back
from meibo.importing.service import Importer, ImportReport
from meibo.importing.styles import DateStyle
from meibo.installation import Installation


@click.command("import")
@click.argument("profession")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--legal-basis", default="register", show_default=True, help="What the entries rest on.")
@click.option("--reason", default="101", show_default=True, help="Code of the reason.")
@click.option(
    "--verified-by",
    type=click.Choice([v.value for v in VerifiedBy]),
    default=VerifiedBy.RESIDENT_RECORD_NETWORK.value,
    show_default=True,
    help="How the persons of the numbers were identified.",
)
@click.option("--encoding", default="utf-8", show_default=True, help="Of a CSV file, such as cp932.")
@click.option("--delimiter", default=",", show_default=True, help="Between fields; \\t is a tab.")
@click.option("--quote", default='"', show_default=True, help="Around fields.")
@click.option(
    "--dates",
    type=click.Choice([style.value for style in DateStyle]),
    default=DateStyle.ISO.value,
    show_default=True,
    help="How whole days are written: 2024-04-10, 2024/4/10, 20240410 or R6.4.10.",
)
@click.option("--dry-run", is_flag=True, help="Check every row, and enter none.")
@click.option("--processes", default=0, help="How many prepare the rows; 0: one for each processor.")
def import_(
    profession: str,
    file: Path,
    legal_basis: str,
    reason: str,
    verified_by: str,
    encoding: str,
    delimiter: str,
    quote: str,
    dates: str,
    *,
    dry_run: bool,
    processes: int,
) -> None:
    """Enter licences from a CSV file or an Excel sheet: all of them, or none. Exit code 1 where rows are bad.

    Headers are identifiers (family_name), numbers of the official list (医師18), or labels where they are unique.
    """
    dialect = Dialect(
        encoding=_codec(encoding),
        delimiter=delimiter.replace("\\t", "\t"),
        quote=quote,
        dates=DateStyle(dates),
    )

    async def work(installation: Installation, operator: Principal) -> ImportReport:
        if profession not in installation.host.professions:
            raise OperatorError(f"There is no profession {profession!r} here: see `meibo status`.")
        table = read_table(file, dialect)
        stand_back()
        with click.progressbar(length=count_lines(file), label="Reading", file=sys.stderr) as bar:
            importer = Importer(
                installation,
                operator,
                installation.host[profession],
                legal_basis,
                reason,
                VerifiedBy(verified_by),
                bar.update,
                dry_run=dry_run,
                processes=processes,
            )
            return await importer.run(table)

    report = with_installation(work)
    for bad in report.bad:
        click.echo(f"line {bad.line}\t{bad.item}\t{bad.reason}", err=True)
    if report.bad:
        click.echo(
            f"Nothing was entered: mend the rows above ({len(report.bad)} shown) and run it again.", err=True
        )
        sys.exit(1)
    if dry_run:
        click.echo(f"All {report.entered} rows are sound; nothing was entered.")
    else:
        click.echo(f"Entered {report.entered} licences.")


def _codec(name: str) -> str:
    """The name as Python knows it; raises OperatorError for an encoding that it does not know."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise OperatorError(f"There is no encoding {name!r}: try utf-8 or cp932.") from None
