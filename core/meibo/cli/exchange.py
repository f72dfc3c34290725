"""`meibo exchange`: what the existing systems and the public search are told, and what they change here."""

from __future__ import annotations

from uuid import UUID

import click

from meibo.access.principals import Principal
from meibo.cli.handover import handover
from meibo.cli.inbound import carried, numbers, passes
from meibo.cli.media import medium
from meibo.cli.running import with_installation
from meibo.exchange.masters import Master
from meibo.exchange.office import FeedState
from meibo.exchange.outcomes import Conflict
from meibo.installation import Installation


@click.group()
def exchange() -> None:
    """Look at what other systems are told and change; say who changes an item, settle what needs a person."""


@exchange.command("list")
def list_() -> None:
    """List feeds: connector, profession, last batch taken, whether one waits."""

    async def work(installation: Installation, operator: Principal) -> list[FeedState]:
        return await installation.exchange.office.listed(operator)

    for each in with_installation(work):
        stands = "waiting" if each.waiting else "taken"
        click.echo(f"{each.connector}\t{each.profession}\t{each.number}\t{stands}")


@exchange.command()
@click.argument("connector")
@click.argument("profession")
def anew(connector: str, profession: str) -> None:
    """Tell a system everything again, in a new series: it has lost what it had."""

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.exchange.office.begin_anew(operator, connector, profession)

    with_installation(work)
    click.echo("It is told everything again from the next minute on.")


@exchange.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("path")
@click.argument("side", type=click.Choice([str(each) for each in Master]))
def master(connector: str, profession: str, path: str, side: str) -> None:
    """Say which side changes an item, such as `register.family_name`; the other takes it over."""

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.exchange.office.set_master(operator, connector, profession, path, Master(side))

    with_installation(work)
    click.echo(f"{path} is {side}.")


@exchange.command()
@click.argument("connector")
@click.argument("profession")
def conflicts(connector: str, profession: str) -> None:
    """List changes of theirs that need a person: instant, change, licence, why."""

    async def work(installation: Installation, operator: Principal) -> list[Conflict]:
        return await installation.exchange.office.conflicts(operator, connector, profession)

    for each in with_installation(work):
        at = each.recorded_at.isoformat(timespec="seconds")
        click.echo(f"{at}\t{each.change}\t{each.licence or '-'}\t{each.outcome}")


@exchange.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("change", type=click.UUID)
def settle(connector: str, profession: str, change: UUID) -> None:
    """Say that a conflict was dealt with; what was kept of it goes."""

    async def work(installation: Installation, operator: Principal) -> None:
        await installation.exchange.office.settle(operator, connector, profession, change)

    with_installation(work)
    click.echo("The conflict is settled.")


for each in (medium, handover, carried, numbers, passes):
    exchange.add_command(each)
