"""`meibo import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.errors import OperatorError
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer, ImportReport
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
def import_(profession: str, file: Path, legal_basis: str, reason: str, verified_by: str) -> None:
    """Enter licences from a CSV file (UTF-8): all of them, or none. Exit code 1 where rows are bad.

    Headers are identifiers (family_name), numbers of the official list (医師18), or labels where they are unique.
    """

    async def work(installation: Installation, operator: Principal) -> ImportReport:
        if profession not in installation.host.professions:
            raise OperatorError(f"There is no profession {profession!r} here: see `meibo status`.")
        table = read_table(file)
        with click.progressbar(length=len(table.rows), label="Reading", file=sys.stderr) as bar:
            importer = Importer(
                installation,
                operator,
                installation.host[profession],
                legal_basis,
                reason,
                VerifiedBy(verified_by),
                bar.update,
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
    click.echo(f"Entered {report.entered} licences.")
