"""`meibo certificates`: publish status lists, flip at midnight, say how old lists are, check a receipt."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import click
import orjson

from meibo import clock
from meibo.access.principals import Principal
from meibo.certificates.status.publishing import BEAT, SLOWEST, ListAge
from meibo.cli.running import with_installation
from meibo.errors import InvalidValue, OperatorError
from meibo.installation import Installation
from meibo.verifying import check_receipt as checked
from meibo.verifying.receipts import presented_hash


@click.group()
def certificates() -> None:
    """Publish status lists, and say how old they are. A server does both by itself."""


@certificates.command()
@click.option(
    "--every",
    type=click.FloatRange(1, SLOWEST),
    default=None,
    help="Go on, every so many seconds, until SIGTERM.",
)
def publish(every: float | None) -> None:
    """Publish the status lists that are due, the trust list and the JWKS; prints what was written."""

    async def once(installation: Installation, _operator: Principal) -> list[str]:
        publisher = installation.authority.publisher
        return [*await publisher.publish_due(), *await publisher.publish_documents()]

    async def go_on(installation: Installation, _operator: Principal) -> list[str]:
        await installation.authority.publisher.run(stopped(), every or BEAT)
        return []

    for name in with_installation(go_on if every else once):
        click.echo(name)


def stopped() -> asyncio.Event:
    """Set by SIGTERM or SIGINT, so that what is being written is written whole."""
    event = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, event.set)
    return event


@certificates.command()
def midnight() -> None:
    """Flip what begins or ends by the date alone; run it again, or late, as you like."""

    async def work(installation: Installation, _operator: Principal) -> int:
        return await installation.authority.publisher.midnight(clock.today())

    click.echo(f"{with_installation(work)} entries changed.")


@certificates.command()
def ages() -> None:
    """List every status list in use: name, seconds since it was published, seconds that a change has waited."""

    async def work(installation: Installation, _operator: Principal) -> list[ListAge]:
        return await installation.authority.publisher.ages()

    now = clock.now()
    for each in with_installation(work):
        told = [
            "-" if at is None else f"{(now - at).total_seconds():.0f}"
            for at in (each.published_at, each.dirty_at)
        ]
        click.echo("\t".join([each.list, *told]))


@certificates.command("check-receipt")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="The published keys: /.well-known/jwks.json, or a trust list, as of when the receipt was signed.",
)  # fmt: skip
@click.option(
    "--presented", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
    help="What was filed with it: must be what was checked.",
)  # fmt: skip
def check_receipt(receipt: Path, jwks: Path, presented: Path | None) -> None:
    """Check the verification receipt in the file RECEIPT, and print what it says. Needs no installation."""
    try:
        told = checked(receipt.read_text("utf-8"), jwks.read_bytes())
    except InvalidValue as error:
        raise OperatorError(str(error)) from error
    if (
        presented
        and presented_hash(presented.read_text("utf-8").strip()) != told["verification"]["presented"]
    ):
        raise OperatorError("The receipt is good, and it is of something else than what was filed.")
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
