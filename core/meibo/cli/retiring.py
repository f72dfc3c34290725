"""`meibo plugin retire`."""

from __future__ import annotations

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.installation import Installation
from meibo.retiring import Retirement
from meibo.retiring import retire as retire_profession


@click.command()
@click.argument("profession")
@click.option("--licences", default=0, show_default=True, help="How many licences its register holds.")
def retire(profession: str, licences: int) -> None:
    """Drop a profession's tables, so that its distribution can be uninstalled. Stop the server and back up first.

    A register that holds licences goes only where --licences says how many. Numbers that no other profession's file
    keeps are destroyed, certificates are ended; what happened to the licences stays in the log.
    """

    async def work(installation: Installation, operator: Principal) -> Retirement:
        return await retire_profession(installation, operator, profession, licences)

    gone = with_installation(work)
    click.echo(
        f"Retired {profession}. Tables dropped: {len(gone.tables)}; licences whose entries they held: {gone.licences};"
        f" certificates ended: {gone.certificates}; persons whose numbers were destroyed: {gone.numbers}."
    )
    click.echo(
        "Uninstall its distribution before you run `meibo migrate` again, which would make the tables anew."
    )
