"""`meibo family`: the family register, asked through the intermediate server, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import click

from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.database.walking import whole
from meibo.family import Batch, FamilyStatistics, Inquiry, InquiryKind
from meibo.family.grants import ITEMS
from meibo.family.records import FamilyRequest
from meibo.installation import Installation

LICENCES = click.argument("licences", nargs=-1, required=True, type=click.UUID)
PROFESSION = click.argument("profession")
KEY = click.option("--key", help="Idempotency key: the same key asks once. Left out: a new one.")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def family() -> None:
    """Obtain symbols, ask the family register, and look at what was asked and deleted."""


@family.command()
@PROFESSION
@LICENCES
@KEY
def obtain(profession: str, licences: tuple[UUID, ...], key: str | None) -> None:
    """Obtain the symbols of licences by their numbers, 500 at most at once; prints the batch."""
    _ask(InquiryKind.SYMBOL, profession, licences, (), key)


@family.command()
@PROFESSION
@LICENCES
@click.option("--item", "items", multiple=True, type=click.Choice(ITEMS), help="An item; left out: all 16.")
@KEY
def inquire(profession: str, licences: tuple[UUID, ...], items: tuple[str, ...], key: str | None) -> None:
    """Ask what the family register says about licences, 500 at most at once; prints the batch."""
    _ask(InquiryKind.REGISTER, profession, licences, items or ITEMS, key)


@family.command()
@PROFESSION
def batches(profession: str) -> None:
    """List batches, the newest first: id, kind, who asked, when, licences, inquiries by status."""

    async def work(installation: Installation, operator: Principal) -> list[Batch]:
        return await whole(lambda page: installation.family.batches(operator, profession, page))

    for each in with_installation(work):
        counts = " ".join(f"{status}={count}" for status, count in sorted(each.by_status.items()))
        told = (each.id, each.kind, each.account, each.requested_at.isoformat(), each.count, counts)
        click.echo("\t".join(map(str, told)))


@family.command("list")
@PROFESSION
@click.option("--batch", type=click.UUID, help="Only those of a batch.")
def list_(profession: str, batch: UUID | None) -> None:
    """List inquiries, the newest first: id, licence, kind, basis, who asked, when, status, the other
    side's code, until when the result is kept there, when it was deleted there."""

    async def work(installation: Installation, operator: Principal) -> list[Inquiry]:
        return await whole(lambda page: installation.family.inquiries(operator, profession, batch, page))

    for each in with_installation(work):
        told = (
            each.id, each.licence, each.kind, each.legal_basis, each.account, each.requested_at.isoformat(),
            each.status, each.code or "-", _instant(each.kept_until), _instant(each.deleted_at),
        )  # fmt: skip
        click.echo("\t".join(map(str, told)))


@family.command()
@PROFESSION
@click.option("--since", type=DAY, required=True, help="First day, in Japan.")
@click.option("--until", type=DAY, required=True, help="Last day, in Japan.")
def statistics(profession: str, since: datetime, until: datetime) -> None:
    """Count inquiries by kind and status, and results kept, deleted and overdue at the intermediate server."""

    async def work(installation: Installation, operator: Principal) -> FamilyStatistics:
        return await installation.family.statistics(operator, profession, since.date(), until.date())

    told = with_installation(work)
    for (kind, status), count in sorted(told.inquiries.items()):
        click.echo(f"{kind}\t{status}\t{count}")
    for name, count in (("kept", told.kept), ("deleted", told.deleted), ("overdue", told.overdue)):
        click.echo(f"result\t{name}\t{count}")


def _ask(
    kind: InquiryKind, profession: str, licences: tuple[UUID, ...], items: tuple[str, ...], key: str | None
) -> None:
    async def work(installation: Installation, operator: Principal) -> UUID | None:
        request = FamilyRequest(
            kind=kind, profession=profession, licences=licences, idempotency_key=key or str(uuid4()), items=items
        )  # fmt: skip
        return await installation.family.ask(operator, request)

    click.echo(with_installation(work))


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else "-"
