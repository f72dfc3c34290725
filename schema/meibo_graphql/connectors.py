"""Outside systems at the registry: how each stands, what was requested of it, and pausing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.connectors import Direction
from meibo.database.paging import PageRequest
from meibo.link.office import LinkEvidence, LinkRequest, LinkState
from meibo.link.states import Status
from meibo_graphql.context import of
from meibo_graphql.family import InquiryCount, read_uuid
from meibo_graphql.pages import Connection, connected

strawberry.enum(Direction, name="ConnectorDirection", description="Which way messages go, seen from here.")


@strawberry.type(description="外部システム: an outside system, as it stands.")
class Connector:
    name: strawberry.ID
    direction: Direction
    address: str | None = strawberry.field(description="Null where the operator named none: nothing is sent.")
    paused: bool
    failures: int = strawberry.field(description="Deliveries that failed in a row.")
    open_until: datetime | None = strawberry.field(description="Until when it is left alone after failures.")
    requests: list[InquiryCount] = strawberry.field(description="Requests by status.")


@strawberry.type(description="A request to an outside system, as it stands. It names no licence.")
class ConnectorRequest:
    request_id: strawberry.ID = strawberry.field(description="By which the other side knows it, too.")
    type: str
    status: Status
    requested_at: datetime
    sent_at: datetime | None


@strawberry.type(description="Something that was requested of an outside system, accepted or rejected.")
class ConnectorEvidence:
    request_id: strawberry.ID = strawberry.field(description="By which the other side knows it, too.")
    type: str
    status: Status
    code: str | None = strawberry.field(description="Why the other side rejected it.")
    account: str
    institution: str
    recorded_at: datetime


async def resolve_connectors(info: Info[Any, Any]) -> list[Connector]:
    """Every connector."""
    context = of(info)
    return [_shown(each) for each in await context.installation.links.office.listed(context.principal)]


async def resolve_requests(
    info: Info[Any, Any],
    connector: strawberry.ID,
    status: Status = Status.REQUESTED,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[ConnectorRequest]:
    """A page of the queue of a connector."""
    context, request = of(info), PageRequest(first, after, last, before)
    office = context.installation.links.office
    return connected(await office.queue(context.principal, connector, status, request), _request)


async def resolve_evidence(
    info: Info[Any, Any],
    connector: strawberry.ID,
    since: date,
    until: date,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[ConnectorEvidence]:
    """Days of Japan, both included."""
    context, request = of(info), PageRequest(first, after, last, before)
    office = context.installation.links.office
    return connected(await office.evidence(context.principal, connector, since, until, request), _evidence)


def switch(*, paused: bool) -> Callable[..., Any]:
    """The resolver that pauses, or lets go on."""

    async def resolve(info: Info[Any, Any], connector: strawberry.ID) -> Connector:
        context = of(info)
        office = context.installation.links.office
        await office.switch(context.principal, connector, paused=paused)
        [found] = [each for each in await office.states() if each.connector == connector]
        return _shown(found)

    return resolve


async def retry_request(info: Info[Any, Any], request_id: strawberry.ID) -> bool:
    """True: it waits for a worker."""
    context = of(info)
    await context.installation.links.office.retry(context.principal, read_uuid(request_id, "request"))
    return True


QUERIES = {
    "connectors": strawberry.field(
        resolver=resolve_connectors, description="外部システムの一覧: every outside system, as it stands."
    ),
    "connector_requests": strawberry.field(
        resolver=resolve_requests,
        description="送信待ちの一覧: a system's requests that stand so, the oldest first; see retryRequest.",
    ),
    "connector_evidence": strawberry.field(
        resolver=resolve_evidence,
        description="連携の記録: what was requested of a system, and what came of it, the oldest first.",
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "pause_connector": strawberry.field(
        resolver=switch(paused=True),
        description="連携の停止: send nothing there until it is resumed; requests wait.",
    ),
    "resume_connector": strawberry.field(
        resolver=switch(paused=False), description="連携の再開: let it go on, failures forgotten."
    ),
    "retry_request": strawberry.field(
        resolver=retry_request, description="再送: have a request that was not sent tried again now."
    ),
}
"""The operator's verbs, by name."""


def _shown(source: LinkState) -> Connector:
    counts = [InquiryCount(status=status, count=count) for status, count in sorted(source.counts.items())]
    return Connector(
        name=strawberry.ID(source.connector), direction=source.direction, address=source.address or None,
        paused=source.paused, failures=source.failures, open_until=source.open_until, requests=counts,
    )  # fmt: skip


def _request(each: LinkRequest) -> ConnectorRequest:
    return ConnectorRequest(
        request_id=strawberry.ID(str(each.request)), type=each.type, status=each.status,
        requested_at=each.requested_at, sent_at=each.sent_at,
    )  # fmt: skip


def _evidence(each: LinkEvidence) -> ConnectorEvidence:
    return ConnectorEvidence(
        request_id=strawberry.ID(str(each.request)), type=each.type, status=each.status,
        code=each.code or None, account=each.account, institution=each.institution,
        recorded_at=each.recorded_at,
    )  # fmt: skip
