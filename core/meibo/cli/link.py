"""`meibo link`: the outside systems, as they stand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click
import orjson

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.database.walking import whole
from meibo.installation import Installation
from meibo.link.office import LinkEvidence, LinkRequest, LinkState
from meibo.link.states import Status

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def link() -> None:
    """Look at outside systems and what was asked there; pause and resume them, send again."""


@link.command("list")
def list_() -> None:
    """List connectors: name, direction, on, paused or open until, requests by status."""

    async def work(installation: Installation, operator: Principal) -> list[LinkState]:
        return await installation.links.office.listed(operator)

    for each in with_installation(work):
        counts = " ".join(f"{status}={each.counts.get(status, 0)}" for status in Status)
        stands = "paused" if each.paused else each.open_until.isoformat() if each.open_until else "on"
        click.echo("\t".join((each.connector, each.direction, stands, counts)))


@link.command()
@click.argument("connector")
def show(connector: str) -> None:
    """Print the public key that a connector's system knows this installation by, as a JWK."""

    async def work(installation: Installation, operator: Principal) -> dict[str, str]:
        return await installation.links.office.key(operator, connector)

    click.echo(orjson.dumps(with_installation(work)))


@link.command()
@click.argument("connector")
def pause(connector: str) -> None:
    """Send nothing to a connector until it is resumed; requests wait."""
    _switch(connector, paused=True)
    click.echo(f"{connector} is paused.")


@link.command()
@click.argument("connector")
def resume(connector: str) -> None:
    """Let a paused connector go on, and one that failed be tried at once."""
    _switch(connector, paused=False)
    click.echo(f"{connector} goes on.")


@link.command()
@click.argument("connector")
@click.option("--since", type=DAY, required=True, help="First day, in Japan.")
@click.option("--until", type=DAY, required=True, help="Last day, in Japan.")
def evidence(connector: str, since: datetime, until: datetime) -> None:
    """Print what was requested of a connector and what came of it, the oldest first: request, type, status, the other
    side's code, who asked or answered, for which office, when."""

    async def work(installation: Installation, operator: Principal) -> list[LinkEvidence]:
        office, days = installation.links.office, (since.date(), until.date())
        return await whole(lambda page: office.evidence(operator, connector, *days, page))

    for each in with_installation(work):
        told = (
            each.request, each.type, each.status, each.code or "-", each.account, each.institution or "-",
            each.recorded_at.isoformat(),
        )  # fmt: skip
        click.echo("\t".join(map(str, told)))


@link.command()
@click.argument("connector")
@click.option(
    "--status",
    type=click.Choice([each.value for each in Status]),
    default=Status.REQUESTED.value,
    show_default=True,
    help="How they stand.",
)
def queue(connector: str, status: str) -> None:
    """List the requests that stand so, the oldest first: id, type, status, when requested, when sent."""

    async def work(installation: Installation, operator: Principal) -> list[LinkRequest]:
        office = installation.links.office
        return await whole(lambda page: office.queue(operator, connector, Status(status), page))

    for each in with_installation(work):
        sent = each.sent_at.isoformat(timespec="seconds") if each.sent_at else "-"
        requested = each.requested_at.isoformat(timespec="seconds")
        click.echo("\t".join((str(each.request), each.type, each.status, requested, sent)))


@link.command()
@click.argument("request", type=click.UUID)
def retry(request: UUID) -> None:
    """Have a request that was not sent tried again."""

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.links.office.retry(operator, request)

    with_installation(work)
    click.echo("The request waits for a worker.")


def _switch(connector: str, *, paused: bool) -> None:
    async def work(installation: Installation, operator: Principal) -> None:
        await installation.links.office.switch(operator, connector, paused=paused)

    with_installation(work)
