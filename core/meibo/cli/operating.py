"""`meibo migrate`, `status`, `reconcile`, `settings`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import click

from meibo import installation as installations
from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.database import migrations
from meibo.database.stores import Databases, Store
from meibo.host import load_host
from meibo.identity import ReconcileReport
from meibo.installation import Installation
from meibo.settings import describe, load_settings
from meibo.values.pseudonyms import LicencePseudonym


@click.command()
@click.option("--down", metavar="BRANCH@REVISION", help="Take a plugin's tables back, such as doctor@base.")
@click.option("--lose-data", is_flag=True, help="Allow --down to drop tables with their rows.")
def migrate(down: str | None, lose_data: bool) -> None:
    """Bring the databases up to date: all stores, core and every installed plugin."""
    settings = load_settings()
    host = load_host(only=settings.only(), quarantine=settings.quarantine)
    if down is None:
        asyncio.run(installations.migrate(settings, host))
        click.echo("The databases are up to date.")
        return

    async def take_down(target: str) -> None:
        databases = Databases.open(settings, owner=True)
        try:
            await migrations.downgrade(
                databases[Store.REGISTER], Store.REGISTER, target, host.migrations(), lose_data=lose_data
            )
        finally:
            await databases.close()

    asyncio.run(take_down(down))
    click.echo(f"The register's database stands at {down}.")


@click.command()
def status() -> None:
    """Say whether this installation is fit to run: plugins, revisions, durability. Exit code 2 where it is not."""

    async def work(installation: Installation, _operator: Principal) -> list[str]:
        lines = [f"professions: {', '.join(installation.host.professions) or 'none'}"]
        lines += [f"quarantined: {name}: {why}" for name, why in installation.host.quarantined.items()]
        lines += [f"not installed: {code}" for code in installation.scopes.absent()]
        for store, database in installation.databases.items():
            lines.append(f"{store}: {await installations.durability(store, database)}")
        return [*lines, f"demo: {'yes' if installation.is_demo else 'no'}"]

    for line in with_installation(work):
        click.echo(line)


@click.command()
@click.option(
    "--older-than", default=10, show_default=True, help="Minutes an act may take before it counts as dead."
)
@click.option(
    "--at-most", default=1000, show_default=True, help="Stop before destroying more than this of one kind."
)
def reconcile(older_than: int, at_most: int) -> None:
    """Sweep what an interrupted act left in the vault, and destroy the numbers that it was to destroy.

    Run it after every crash and every restore.
    """

    async def work(installation: Installation, operator: Principal) -> tuple[ReconcileReport, int]:
        async def exists(pseudonyms: Iterable[LicencePseudonym]) -> set[LicencePseudonym]:
            return await installations.standing(installation, pseudonyms)

        age = timedelta(minutes=older_than)
        ordered = await installation.erasures.finish(operator)
        return await installation.identity.reconcile(operator, exists, age, at_most=at_most), ordered

    report, ordered = with_installation(work)
    click.echo(
        f"Swept {report.links} links, {report.enrolments} enrolments and {report.keys} keys that no licence stands for;"
        f" carried out {report.destructions + ordered} destructions of numbers."
    )


@click.command()
def settings() -> None:
    """List every setting with its default: environment names; in meibo.toml the same without MEIBO_, lower case."""
    for name, default, text in describe():
        click.echo(f"{name} = {default!r}\n    {text}")
