"""`meibo certificates`: publish status lists, flip at midnight, say how old lists are."""

from __future__ import annotations

import asyncio
import signal

import click

from meibo import clock
from meibo.access.principals import Principal
from meibo.certificates.status.publishing import BEAT, SLOWEST, ListAge
from meibo.cli.running import with_installation
from meibo.installation import Installation


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
