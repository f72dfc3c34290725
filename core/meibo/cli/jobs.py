"""`meibo jobs` and `meibo worker`: look at the queue, mend it, work it off."""

from __future__ import annotations

import asyncio
import signal
from uuid import UUID

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.database.walking import whole
from meibo.installation import Installation
from meibo.jobs import Job, JobState, Worker


@click.group()
def jobs() -> None:
    """Look at jobs that wait, run or failed; have dead ones tried again, or discard them."""


@jobs.command("list")
@click.option("--state", type=click.Choice([s.value for s in JobState]), help="Only jobs in this state.")
def list_(state: str | None) -> None:
    """List jobs, the newest first: id, kind, state, attempts, when due, last failure."""

    async def work(installation: Installation, operator: Principal) -> list[Job]:
        chosen = JobState(state) if state else None
        return await whole(lambda page: installation.jobs.listed(operator, chosen, page))

    for each in with_installation(work):
        told = (each.id, each.kind, each.state, each.attempts, each.due_at.isoformat(), each.failure or "-")
        click.echo("\t".join(map(str, told)))


@jobs.command()
@click.argument("id", type=click.UUID)
def retry(id: UUID) -> None:
    """Have a dead job tried again, at once and as though for the first time."""

    async def work(installation: Installation, operator: Principal) -> Job:
        return await installation.jobs.retry(operator, id)

    with_installation(work)
    click.echo("The job waits for a worker.")


@jobs.command()
@click.argument("id", type=click.UUID)
def discard(id: UUID) -> None:
    """End a dead or waiting job for good; what it was to do is not done."""

    async def work(installation: Installation, operator: Principal) -> Job:
        return await installation.jobs.discard(operator, id)

    with_installation(work)
    click.echo("The job was discarded.")


@click.command()
@click.option(
    "--at-once", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs side by side."
)
@click.option("--drain", is_flag=True, help="End when nothing is due, instead of waiting for more.")
def worker(at_once: int, drain: bool) -> None:
    """Do jobs until SIGTERM or SIGINT; those under way are brought to their end. Run as many as you like."""

    async def work(installation: Installation, _operator: Principal) -> None:
        worker = Worker(installation.register, installation.handlers, at_once)
        if drain:
            while await worker.run_one():
                pass
            return
        stop = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
        click.echo("This worker does jobs until it is told to stop.")
        await worker.run(stop)

    with_installation(work)
