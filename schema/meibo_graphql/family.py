"""The family register at the registry: asking it, and what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from meibo import family
from meibo.database.paging import PageRequest
from meibo.errors import NotFound, Refused
from meibo.family import InquiryKind
from meibo.family.grants import ITEMS
from meibo.family.records import BASIS, FamilyRequest
from meibo.link.states import Status
from meibo_graphql.context import of
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.pages import Connection, connected
from meibo_graphql.types import UserError, camel, user_error

strawberry.enum(InquiryKind, name="FamilyInquiryKind", description="What is asked for: symbol or register.")
strawberry.enum(Status, name="InquiryStatus", description="How an inquiry at an outside system stands.")
SPELT = {camel(item): item for item in ITEMS}
"""The items as the API spells them."""
NIL = UUID(int=0)


@strawberry.type(description="So many of a batch stand so.")
class InquiryCount:
    status: Status
    count: int


@strawberry.type(description="Inquiries at the family register that were asked for at once.")
class FamilyBatch:
    id: strawberry.ID
    kind: InquiryKind
    account: str
    requested_at: datetime
    count: int = strawberry.field(description="Licences that were asked about.")
    by_status: list[InquiryCount]
    ended: bool = strawberry.field(description="Whether every inquiry was answered.")


@strawberry.type(description="One inquiry at the family register. What came back stands with the licence.")
class FamilyInquiry:
    id: strawberry.ID
    batch_id: strawberry.ID
    licence_id: strawberry.ID
    kind: InquiryKind
    legal_basis: str
    items: list[str]
    account: str
    institution: str
    requested_at: datetime
    status: Status
    code: str | None = strawberry.field(description="Why the other side refused.")
    kept_until: datetime | None = strawberry.field(
        description="Until when the intermediate server keeps its copy of the result."
    )
    erased_at: datetime | None = strawberry.field(description="When that copy was erased there.")


@strawberry.type(description="How many inquiries of a kind stand so.")
class FamilyInquiryCount:
    kind: InquiryKind
    status: Status
    count: int


@strawberry.type(description="What was asked in a time, and what became of the results elsewhere.")
class FamilyStatistics:
    inquiries: list[FamilyInquiryCount]
    kept: int = strawberry.field(description="Results that the intermediate server keeps, within their time.")
    erased: int
    overdue: int = strawberry.field(description="Results that should have been erased there a day ago.")


@strawberry.input(description="Obtain symbols by number: for all of the licences, or for none.")
class ObtainFamilySymbolsInput:
    idempotency_key: strawberry.ID
    profession: strawberry.ID
    licence_ids: list[strawberry.ID] = strawberry.field(description="At most 500.")
    legal_basis: str = BASIS
    validate_only: bool = False


@strawberry.input(description="Ask the family register: about all of the licences, or about none.")
class InquireFamilyRegisterInput(ObtainFamilySymbolsInput):
    items: list[str] = strawberry.field(
        description="Fields of the profession's family register, as spelt there."
    )


@strawberry.type(description="What was asked for, and why it was refused if it was.")
class FamilyBatchPayload:
    batch: FamilyBatch | None
    user_errors: list[UserError]


async def resolve_batches(
    info: Info[Any, Any],
    profession: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[FamilyBatch]:
    """What was asked for at once."""
    context, request = of(info), PageRequest(first, after, last, before)
    found = await context.installation.family.batches(context.principal, profession, request)
    return connected(found, _batch)


async def resolve_inquiries(
    info: Info[Any, Any],
    profession: strawberry.ID,
    batch_id: strawberry.ID | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[FamilyInquiry]:
    """Inquiries, of a batch where one is named."""
    context, request = of(info), PageRequest(first, after, last, before)
    batch = read_uuid(batch_id, "batch") if batch_id else None
    found = await context.installation.family.inquiries(context.principal, profession, batch, request)
    return connected(found, lambda each: _inquiry(each, context.ids))


async def resolve_statistics(
    info: Info[Any, Any], profession: strawberry.ID, since: date, until: date
) -> FamilyStatistics:
    """Days of Japan, both included."""
    context = of(info)
    told = await context.installation.family.statistics(context.principal, profession, since, until)
    counts = [
        FamilyInquiryCount(kind=kind, status=status, count=count)
        for (kind, status), count in sorted(told.inquiries.items())
    ]
    return FamilyStatistics(inquiries=counts, kept=told.kept, erased=told.deleted, overdue=told.overdue)


def ask(kind: InquiryKind, taken: type[ObtainFamilySymbolsInput]) -> Callable[..., Any]:
    """The resolver of a verb."""

    async def resolve(info: Info[Any, Any], input: Any) -> FamilyBatchPayload:
        context, items = of(info), getattr(input, "items", ())
        office = context.installation.family
        try:
            request = FamilyRequest(
                kind=kind, profession=input.profession, licences=_licences(input.licence_ids, context.ids),
                idempotency_key=input.idempotency_key, items=tuple(SPELT.get(each, each) for each in items),
                legal_basis=input.legal_basis, validate_only=input.validate_only,
            )  # fmt: skip
            asked = await office.ask(context.principal, request)
        except Refused as error:
            return FamilyBatchPayload(batch=None, user_errors=[user_error(each) for each in error.findings])
        batch = await office.batch(input.profession, asked) if asked else None
        return FamilyBatchPayload(batch=_batch(batch) if batch else None, user_errors=[])

    resolve.__annotations__ |= {"input": taken}
    return resolve


QUERIES = {
    "family_batches": strawberry.field(
        resolver=resolve_batches, description="戸籍照会の束: what was asked for at once, the newest first."
    ),
    "family_inquiries": strawberry.field(
        resolver=resolve_inquiries,
        description="戸籍照会の記録: all inquiries or those of a batch, the newest first.",
    ),
    "family_statistics": strawberry.field(
        resolver=resolve_statistics,
        description="戸籍照会の統計: inquiries between two days, and their results.",
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "obtain_family_symbols": strawberry.field(
        resolver=ask(InquiryKind.SYMBOL, ObtainFamilySymbolsInput),
        description="連携用符号の取得: obtain symbols by number; the vault keeps them.",
    ),
    "inquire_family_register": strawberry.field(
        resolver=ask(InquiryKind.REGISTER, InquireFamilyRegisterInput),
        description="戸籍照会: ask about items that the network's list grants for the legal basis.",
    ),
}
"""The office's verbs, by name."""


def _batch(source: family.Batch) -> FamilyBatch:
    counts = [InquiryCount(status=status, count=count) for status, count in sorted(source.by_status.items())]
    return FamilyBatch(
        id=strawberry.ID(str(source.id)), kind=source.kind, account=source.account,
        requested_at=source.requested_at, count=source.count, by_status=counts, ended=source.ended,
    )  # fmt: skip


def _inquiry(source: family.Inquiry, ids: NodeIds) -> FamilyInquiry:
    return FamilyInquiry(
        id=strawberry.ID(str(source.id)), batch_id=strawberry.ID(str(source.batch)),
        licence_id=strawberry.ID(ids.seal(NodeKind.LICENCE, source.licence)), kind=source.kind,
        legal_basis=source.legal_basis, items=[camel(each) for each in source.items], account=source.account,
        institution=source.institution, requested_at=source.requested_at, status=source.status,
        code=source.code or None, kept_until=source.kept_until, erased_at=source.deleted_at,
    )  # fmt: skip


def _licences(given: list[strawberry.ID], ids: NodeIds) -> tuple[UUID, ...]:
    """The licences that ids name; for an id of anything else one that there is not."""
    opened = [ids.open(each) for each in given]
    return tuple(key.id if key and key.kind is NodeKind.LICENCE else NIL for key in opened)


def read_uuid(text: str, what: str) -> UUID:
    """An id that stands as it is; raises NotFound for a text that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(what) from None
