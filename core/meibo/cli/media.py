"""`meibo exchange medium`: batches that are carried by hand to a system without a line."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.exchange.media import Medium
from meibo.installation import Installation


@click.group()
def medium() -> None:
    """Write what changed onto a medium, enter its receipt and its end, look at the book of media."""


@medium.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("label")
@click.argument("file", type=click.Path(path_type=Path))
def write(connector: str, profession: str, label: str, file: Path) -> None:
    """Write the batch that waits into FILE, encrypted to the other side, and enter the medium under LABEL."""

    async def work(installation: Installation, operator: Principal) -> tuple[Medium, bytes] | None:
        return await installation.exchange.media.write(operator, connector, profession, label)

    with file.open("xb") as opened:  # A file that is there belongs to another medium.
        written = with_installation(work)
        opened.write(written[1] if written else b"")
    if written is None:
        file.unlink()
        click.echo("Nothing has changed.")
    else:
        click.echo(f"{written[0].id}\tsha256 {written[0].digest}")


@medium.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("id", type=click.UUID)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def receive(connector: str, profession: str, id: UUID, file: Path) -> None:
    """Enter the signed receipt that came back for a medium."""

    receipt = file.read_bytes()

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.exchange.media.receive(operator, connector, profession, id, receipt)

    with_installation(work)
    click.echo("The receipt is entered.")


@medium.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("id", type=click.UUID)
def destroyed(connector: str, profession: str, id: UUID) -> None:
    """Enter that a medium was destroyed."""

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.exchange.media.destroyed(operator, connector, profession, id)

    with_installation(work)
    click.echo("The medium's end is entered.")


@medium.command("list")
@click.argument("connector")
@click.argument("profession")
def list_(connector: str, profession: str) -> None:
    """List the media: id, label, batch, written, received, destroyed, and those that are overdue."""

    async def work(installation: Installation, operator: Principal) -> list[Medium]:
        return await installation.exchange.media.listed(operator, connector, profession)

    for each in with_installation(work):
        instants = (each.written_at, each.received_at, each.destroyed_at)
        told = "\t".join(at.isoformat(timespec="seconds") if at else "-" for at in instants)
        click.echo(f"{each.id}\t{each.label}\t{each.number}\t{told}\t{'overdue' if each.overdue else ''}")
