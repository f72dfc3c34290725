"""Numbers from paper at the registry: what came of each batch, and whether its sender proved that it destroyed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.exchange.inbound.media import CarriedMedium as Carried
from meibo.exchange.inbound.media import Way
from meibo.exchange.inbound.messages import Proof
from meibo.exchange.inbound.office import BatchState, PaperOffice
from meibo.linkage.papers import PaperOutcome
from meibo_graphql.context import of
from meibo_graphql.refusals import named

strawberry.enum(
    PaperOutcome, description="What came of a line; only of ENTERED does the vault hold the number."
)
strawberry.enum(
    Proof, name="PaperProof", description="ERASURE: 消去証明書, of data. DISPOSAL: 廃棄証明書, of paper."
)
strawberry.enum(Way, name="MediumWay", description="Which way a medium went, seen from here.")


@strawberry.type(
    description="紙申請の個人番号: a batch of numbers that a sender took on paper. No number is shown."
)
class PaperBatch:
    connector: strawberry.ID
    profession: strawberry.ID
    batch_id: strawberry.ID = strawberry.field(description="The sender's own.")
    count: int = strawberry.field(description="Lines.")
    received_at: datetime
    taken_at: datetime | None = strawberry.field(description="When the vault had gone through it.")
    answered_at: datetime | None = strawberry.field(description="When the sender had the pseudonyms.")
    proved: list[Proof]
    lacking: list[Proof] = strawberry.field(description="Certificates that the sender still owes.")
    overdue: bool = strawberry.field(description="Whether it owes one for longer than it may.")


@strawberry.type(description="What came of a line of a batch.")
class PaperBatchLine:
    reference: strawberry.ID = strawberry.field(description="The sender's own.")
    outcome: PaperOutcome
    pseudonym: str | None = strawberry.field(description="Of the licence whose number the vault holds now.")


@strawberry.type(description="媒体管理簿: a medium that came from a sender, or took an answer back.")
class CarriedMedium:
    id: strawberry.ID
    way: Way
    content: str = strawberry.field(description="numbers, pseudonyms, certificate or pass_list.")
    label: str
    sha256: str = strawberry.field(description="Of the file on it.")
    entered_at: datetime
    destroyed_at: datetime | None
    overdue: bool = strawberry.field(description="Whether it ought to be destroyed by now.")


async def resolve_batches(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID
) -> list[PaperBatch]:
    """The batches of a sender."""
    found = await _office(info).batches(of(info).principal, connector, profession)
    return [shown(state) for state in found]


async def resolve_overdue(info: Info[Any, Any]) -> list[PaperBatch]:
    """Whatever is owed for too long."""
    return [shown(state) for state in await _office(info).overdue(of(info).principal)]


async def resolve_lines(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, batch_id: strawberry.ID
) -> list[PaperBatchLine]:
    """What came of each line."""
    found = await _office(info).lines(of(info).principal, connector, profession, named(batch_id))
    return [
        PaperBatchLine(
            reference=strawberry.ID(str(each.reference)), outcome=each.outcome, pseudonym=each.licence
        )
        for each in found
    ]


async def resolve_certificate(
    info: Info[Any, Any],
    connector: strawberry.ID,
    profession: strawberry.ID,
    batch_id: strawberry.ID,
    proof: Proof,
) -> str:
    """The signed text."""
    about = connector, profession, named(batch_id), proof
    return (await _office(info).certificate(of(info).principal, *about)).decode()


async def resolve_media(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, overdue: bool = False
) -> list[CarriedMedium]:
    """The book, or what of it is overdue."""
    media = of(info).installation.exchange.inbound.media
    found = await media.listed(of(info).principal, connector, profession)
    return [_medium(each) for each in found if each.overdue or not overdue]


QUERIES = {
    "paper_batches": strawberry.field(
        resolver=resolve_batches, description="紙申請の一覧: a sender's batches of numbers, oldest first."
    ),
    "overdue_paper_batches": strawberry.field(
        resolver=resolve_overdue,
        description="消去証明書の未着: batches whose sender owes a certificate for longer than it may.",
    ),
    "paper_batch_lines": strawberry.field(
        resolver=resolve_lines, description="What came of each line of a batch, the refused ones by name."
    ),
    "paper_certificate": strawberry.field(
        resolver=resolve_certificate,
        description="消去証明書・廃棄証明書: as the sender signed it; NOT_FOUND where it filed none.",
    ),
    "carried_media": strawberry.field(
        resolver=resolve_media,
        description="媒体の一覧: media that came from a sender and went back to it, oldest first; with overdue those"
        " that ought to be destroyed by now.",
    ),
}
"""The root fields, by name."""


def shown(state: BatchState) -> PaperBatch:
    """A batch as the API shows it."""
    return PaperBatch(
        connector=strawberry.ID(state.connector), profession=strawberry.ID(state.profession),
        batch_id=strawberry.ID(str(state.batch)), count=state.count, received_at=state.received_at,
        taken_at=state.taken_at, answered_at=state.answered_at, proved=sorted(state.proved),
        lacking=sorted(state.lacking), overdue=state.overdue,
    )  # fmt: skip


def _medium(each: Carried) -> CarriedMedium:
    return CarriedMedium(
        id=strawberry.ID(str(each.id)), way=each.way, content=each.content, label=each.label,
        sha256=each.digest, entered_at=each.entered_at, destroyed_at=each.destroyed_at, overdue=each.overdue,
    )  # fmt: skip


def _office(info: Info[Any, Any]) -> PaperOffice:
    return of(info).installation.exchange.inbound.office
