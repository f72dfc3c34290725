"""`meibo residents`: inquiries about many at the resident-record network, by two people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TextIO
from uuid import UUID

import click
import orjson

from meibo.access.principals import Principal
from meibo.cli.running import acting, with_installation
from meibo.database.walking import whole
from meibo.installation import Installation
from meibo.linkage.residents import Key, Outcome, ResidentRuns, Run

TOKEN = click.option(
    "--token-file", type=click.File(), help="A token of the account that acts; without it, the operator."
)


@click.group()
def residents() -> None:
    """Ask the resident-record network about holders, approve what somebody else asked for, and see how it stands."""


@residents.command()
@click.argument("profession")
@click.option(
    "--by",
    type=click.Choice([key.value for key in Key]),
    default=Key.INDIVIDUAL_NUMBER.value,
    show_default=True,
)
@click.option(
    "--licence", "licences", type=click.UUID, multiple=True, help="Repeat it; without it, all are meant."
)
@TOKEN
def ask(profession: str, by: str, licences: tuple[UUID, ...], token_file: TextIO | None) -> None:
    """Ask for a run about holders of a profession, which waits for somebody else's approval; prints its id."""

    async def work(installation: Installation, operator: Principal) -> Run | None:
        principal = await acting(installation, operator, token_file)
        return await installation.residents.runs.start(principal, profession, Key(by), licences or None)

    made = with_installation(work)
    assert made is not None
    click.echo(str(made.id))


@residents.command()
@click.argument("profession")
@click.argument("run", type=click.UUID)
@TOKEN
def approve(profession: str, run: UUID, token_file: TextIO | None) -> None:
    """Let a run begin that somebody else asked for."""
    _decide(ResidentRuns.approve, profession, run, token_file)


@residents.command()
@click.argument("profession")
@click.argument("run", type=click.UUID)
@TOKEN
def withdraw(profession: str, run: UUID, token_file: TextIO | None) -> None:
    """End a run that has not begun."""
    _decide(ResidentRuns.withdraw, profession, run, token_file)


@residents.command("list")
@click.argument("profession")
def list_(profession: str) -> None:
    """List runs, the newest first: id, state, key, holders, those without an outcome yet, outcomes."""

    async def work(installation: Installation, operator: Principal) -> list[Run]:
        return await whole(lambda page: installation.residents.runs.runs(operator, profession, page))

    for each in with_installation(work):
        click.echo(_line(each))


@residents.command()
def keys() -> None:
    """Print the public keys that the network knows this installation by, as a JWKS."""

    async def work(installation: Installation, _operator: Principal) -> Any:
        return installation.residents.keys

    click.echo(orjson.dumps(with_installation(work)))


def _decide(
    verb: Callable[..., Awaitable[Run | None]], profession: str, id: UUID, token_file: TextIO | None
) -> None:
    """Decide on a run, and say how it stands then."""

    async def work(installation: Installation, operator: Principal) -> Run | None:
        principal = await acting(installation, operator, token_file)
        return await verb(installation.residents.runs, principal, profession, id)

    made = with_installation(work)
    assert made is not None
    click.echo(_line(made))


def _line(run: Run) -> str:
    outcomes = " ".join(f"{outcome}={run.outcomes.get(outcome, 0)}" for outcome in Outcome)
    return "\t".join((str(run.id), run.state, run.key, str(run.size), str(run.waiting), outcomes))
