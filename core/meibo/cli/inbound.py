"""`meibo exchange numbers`, `passes` and `carried`: what is sent here, answered, proved, and carried by hand."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar
from uuid import UUID

import click
import msgspec
import orjson

from meibo.access.principals import Principal
from meibo.cli.running import acting, with_installation
from meibo.exchange.inbound import Inbound
from meibo.exchange.inbound.media import CarriedMedium
from meibo.exchange.inbound.messages import Proof, PseudonymLine
from meibo.exchange.inbound.office import BatchState
from meibo.exchange.inbound.passes import ListState
from meibo.exchange.inbound.standing import Candidate, PassFound
from meibo.installation import Installation

T = TypeVar("T")
FILE = click.Path(path_type=Path)
"""One that is made, and must not be there yet: it would belong to another medium."""


@click.group()
def numbers() -> None:
    """Look at numbers from paper: what came of them, and what the sender proved that it destroyed."""


@numbers.command("list")
@click.argument("connector")
@click.argument("profession")
def list_(connector: str, profession: str) -> None:
    """List batches: batch, lines, received, taken, answered, proved, lacking, and those that are overdue."""

    async def work(inbound: Inbound, operator: Principal) -> list[BatchState]:
        return await inbound.office.batches(operator, connector, profession)

    _tell_batches(_run(work))


@numbers.command()
def overdue() -> None:
    """List the batches, of every sender, whose certificates are overdue."""

    async def work(inbound: Inbound, operator: Principal) -> list[BatchState]:
        return await inbound.office.overdue(operator)

    _tell_batches(_run(work))


@numbers.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("batch", type=click.UUID)
def lines(connector: str, profession: str, batch: UUID) -> None:
    """List what came of each line of a batch: the sender's reference, outcome, pseudonym."""

    async def work(inbound: Inbound, operator: Principal) -> Sequence[PseudonymLine]:
        return await inbound.office.lines(operator, connector, profession, batch)

    for each in _run(work):
        click.echo(f"{each.reference}\t{each.outcome}\t{each.licence or '-'}")


@numbers.command()
@click.argument("connector")
def keys(connector: str) -> None:
    """Print the public keys to which a sender encrypts, as JWKs: numbers to the vault's, lists to the register's."""

    async def work(inbound: Inbound, operator: Principal) -> dict[str, dict[str, str]]:
        return await inbound.office.keys(operator, connector)

    click.echo(orjson.dumps(_run(work), option=orjson.OPT_INDENT_2))


@numbers.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("batch", type=click.UUID)
@click.argument("proof", type=click.Choice([str(each) for each in Proof]))
def certificate(connector: str, profession: str, batch: UUID, proof: str) -> None:
    """Print a certificate of destruction as the sender signed it."""

    async def work(inbound: Inbound, operator: Principal) -> bytes:
        return await inbound.office.certificate(operator, connector, profession, batch, Proof(proof))

    click.echo(_run(work))


@click.group()
def carried() -> None:
    """Read media that came, write answers onto others, look at the book of both."""


@carried.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("label")
@click.argument("file", type=click.File("rb"))
def read(connector: str, profession: str, label: str, file: BinaryIO) -> None:
    """Take what is on a medium, numbers, a pass list or a certificate, and enter it under LABEL."""

    raw = file.read()

    async def work(inbound: Inbound, operator: Principal) -> CarriedMedium:
        return await inbound.media.read(operator, connector, profession, label, raw)

    _tell_medium(_run(work))


@carried.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("batch", type=click.UUID)
@click.argument("label")
@click.argument("file", type=FILE)
def answer(connector: str, profession: str, batch: UUID, label: str, file: Path) -> None:
    """Write the pseudonyms of a batch into FILE, encrypted to its sender, and enter the medium under LABEL."""

    async def work(inbound: Inbound, operator: Principal) -> tuple[CarriedMedium, bytes]:
        return await inbound.media.answer(operator, connector, profession, batch, label)

    with _new(file) as opened:
        medium, written = _run(work)
        opened.write(written)
    _tell_medium(medium)


@carried.command()
@click.argument("connector")
@click.argument("profession")
@click.argument("id", type=click.UUID)
def destroyed(connector: str, profession: str, id: UUID) -> None:
    """Enter that a medium was destroyed."""

    async def work(inbound: Inbound, operator: Principal) -> None:
        await inbound.media.destroyed(operator, connector, profession, id)

    _run(work)
    click.echo("The medium's end is entered.")


@carried.command("list")
@click.argument("connector")
@click.argument("profession")
def media(connector: str, profession: str) -> None:
    """List the media: id, which way, what is on it, label, entered, destroyed, and those that are overdue."""

    async def work(inbound: Inbound, operator: Principal) -> list[CarriedMedium]:
        return await inbound.media.listed(operator, connector, profession)

    for each in _run(work):
        told = (each.id, each.way, each.content, each.label, _at(each.entered_at), _at(each.destroyed_at))
        click.echo("\t".join((*map(str, told), "overdue" if each.overdue else "")))


@click.group()
def passes() -> None:
    """Ask the pass lists who passed. Each needs `registry:examination:check`, which the operator does not have."""


TOKEN = click.option(
    "--token-file", type=click.File(), required=True, help="A token of the account that asks."
)


@passes.command("list")
@click.argument("profession")
@TOKEN
def lists(profession: str, token_file: TextIO) -> None:
    """List the lists that came: list, year, rows, received, replaced, forgotten."""

    async def work(inbound: Inbound, caller: Principal) -> Sequence[ListState]:
        return await inbound.passes.listed(caller, profession)

    for each in _run(work, token_file):
        click.echo(
            f"{each.list}\t{each.year}\t{each.count}\t{_at(each.received_at)}\t{_at(each.replaced_at)}"
            f"\t{_at(each.forgotten_at)}"
        )


@passes.command()
@click.argument("profession")
@click.argument("licence", type=click.UUID)
@TOKEN
def licence(profession: str, licence: UUID, token_file: TextIO) -> None:
    """Say whether a licence's holder passed, by what the entry says of it."""

    async def work(inbound: Inbound, caller: Principal) -> PassFound:
        return await inbound.passes.check_licence(caller, profession, licence)

    _tell_found(_run(work, token_file))


@passes.command()
@click.argument("profession")
@TOKEN
def applicant(profession: str, token_file: TextIO) -> None:
    """Say whether an applicant passed.

    Standard input holds JSON: year, full_name, birth_date, and number where it is known. On a command line they would
    stand in the machine's list of processes.
    """

    asked = _candidate(sys.stdin.buffer.read())

    async def work(inbound: Inbound, caller: Principal) -> PassFound:
        return await inbound.passes.check(caller, profession, asked)

    _tell_found(_run(work, token_file))


@contextmanager
def _new(file: Path) -> Iterator[BinaryIO]:
    """A file that is made, and is gone again where nothing is written."""
    with file.open("xb") as opened:
        try:
            yield opened
        except Exception:
            file.unlink()
            raise


def _run(work: Callable[[Inbound, Principal], Awaitable[T]], token_file: TextIO | None = None) -> T:
    async def run(installation: Installation, operator: Principal) -> T:
        caller = await acting(installation, operator, token_file)
        return await work(installation.exchange.inbound, caller)

    return with_installation(run)


def _candidate(said: bytes) -> Candidate:
    try:
        return msgspec.json.decode(said, type=Candidate)
    except msgspec.DecodeError:  # Its sentence may repeat what stands there.
        raise click.UsageError(
            "Standard input needs JSON with year, full_name, birth_date and perhaps number."
        ) from None


def _tell_batches(states: Sequence[BatchState]) -> None:
    for each in states:
        instants = map(_at, (each.received_at, each.taken_at, each.answered_at))
        proofs = (",".join(sorted(some)) or "-" for some in (each.proved, each.lacking))
        told = (str(each.batch), str(each.count), *instants, *proofs, "overdue" if each.overdue else "")
        click.echo("\t".join(told))


def _tell_medium(medium: CarriedMedium) -> None:
    click.echo(f"{medium.id}\t{medium.content}\tsha256 {medium.digest}")


def _tell_found(found: PassFound) -> None:
    click.echo("\t".join((found.standing, ",".join(map(str, found.lists)) or "-")))


def _at(instant: datetime | None) -> str:
    return instant.isoformat(timespec="seconds") if instant else "-"
