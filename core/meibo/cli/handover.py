"""`meibo exchange handover`: on which basis an existing system may have numbers, and what it has to erase again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar
from uuid import UUID

import click

from meibo.access.principals import Principal
from meibo.cli.running import acting, with_installation
from meibo.exchange.numbers import Basis, KeptBasis, NumberOffice
from meibo.exchange.numbers.erasing import Erasure
from meibo.installation import Installation

T = TypeVar("T")
Command = Callable[..., Any]


@click.group()
def handover() -> None:
    """Say on which legal basis a system may have numbers, by two people; look at what it must erase again."""


@handover.group()
def basis() -> None:
    """Propose, approve, end and list the bases on which numbers go there."""


def _about(command: Command) -> Command:
    """The system and the profession, and whose token acts."""
    token = click.option(
        "--token-file", type=click.File(), help="A token of the account that acts; without it, the operator."
    )
    return click.argument("connector")(click.argument("profession")(token(command)))


@basis.command()
@_about
@click.option("--legal-basis", required=True, help="The article that lets the system have numbers.")
@click.option("--start-date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--end-date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
def propose(
    connector: str,
    profession: str,
    token_file: TextIO | None,
    legal_basis: str,
    start_date: datetime,
    end_date: datetime,
) -> None:
    """Enter a basis, which holds once somebody else has approved it; prints its id."""
    wanted = Basis(legal_basis=legal_basis, start_date=start_date.date(), end_date=end_date.date())

    async def work(office: NumberOffice, caller: Principal) -> UUID:
        return await office.propose(caller, connector, profession, wanted)

    click.echo(_run(token_file, work))


@basis.command()
@_about
@click.argument("id", type=click.UUID)
def approve(connector: str, profession: str, id: UUID, token_file: TextIO | None) -> None:
    """Let a basis hold that somebody else proposed: numbers go there from its first day on."""

    async def work(office: NumberOffice, caller: Principal) -> None:
        await office.approve(caller, connector, profession, id)

    _run(token_file, work)
    click.echo("The basis holds from its first day to its last.")


@basis.command()
@_about
@click.argument("id", type=click.UUID)
def end(connector: str, profession: str, id: UUID, token_file: TextIO | None) -> None:
    """End a basis before its last day: nothing more is sent on it."""

    async def work(office: NumberOffice, caller: Principal) -> None:
        await office.end(caller, connector, profession, id)

    _run(token_file, work)
    click.echo("The basis has ended; erasures are still sent on.")


@basis.command("list")
@_about
def list_(connector: str, profession: str, token_file: TextIO | None) -> None:
    """List the bases, newest first: id, first and last day, article, proposed, approved and ended by."""

    async def work(office: NumberOffice, caller: Principal) -> list[KeptBasis]:
        return await office.bases(caller, connector, profession)

    for each in _run(token_file, work):
        days = f"{each.basis.start_date}\t{each.basis.end_date}"
        people = "\t".join(who or "-" for who in (each.proposed_by, each.approved_by, each.ended_by))
        click.echo(f"{each.id}\t{days}\t{each.basis.legal_basis}\t{people}")


@handover.command()
@_about
def count(connector: str, profession: str, token_file: TextIO | None) -> None:
    """Print of how many licences the system has a number, or may have one."""

    async def work(office: NumberOffice, caller: Principal) -> int:
        return await office.handed(caller, connector, profession)

    click.echo(_run(token_file, work))


@handover.command()
@_about
def again(connector: str, profession: str, token_file: TextIO | None) -> None:
    """Hand every number over again, on the basis that holds: the system has lost them."""

    async def work(office: NumberOffice, caller: Principal) -> None:
        await office.again(caller, connector, profession)

    _run(token_file, work)
    click.echo("They are handed over again from the next minute on.")


@handover.command()
@_about
@click.option("--overdue", "only_overdue", is_flag=True, help="Only those that ought to be confirmed by now.")
def erasures(connector: str, profession: str, only_overdue: bool, token_file: TextIO | None) -> None:
    """List erasures that were sent on: id, ordered, asked, confirmed, last answer, whether it is overdue."""

    async def work(office: NumberOffice, caller: Principal) -> list[Erasure]:
        return await office.erasures(caller, connector, profession)

    for each in _run(token_file, work):
        if each.overdue or not only_overdue:
            instants = (each.ordered_at, each.asked_at, each.confirmed_at)
            told = "\t".join(at.isoformat(timespec="seconds") if at else "-" for at in instants)
            click.echo(f"{each.id}\t{told}\t{each.answer or '-'}\t{'overdue' if each.overdue else ''}")


@handover.command()
@_about
@click.argument("id", type=click.UUID)
@click.argument("file", type=click.Path(path_type=Path))
def receipt(connector: str, profession: str, id: UUID, file: Path, token_file: TextIO | None) -> None:
    """Write the system's signed confirmation of an erasure into FILE, as it came."""

    async def work(office: NumberOffice, caller: Principal) -> bytes:
        return await office.receipt(caller, connector, profession, id)

    found = _run(token_file, work)
    with file.open("xb") as opened:
        opened.write(found)
    click.echo(f"{len(found)} bytes")


def _run(token_file: TextIO | None, work: Callable[[NumberOffice, Principal], Awaitable[T]]) -> T:
    """What the office does for whoever's token the file holds, else for the operator."""

    async def run(installation: Installation, operator: Principal) -> T:
        return await work(installation.exchange.numbers, await acting(installation, operator, token_file))

    return with_installation(run)
