"""Conflicts: changes of another system that need a person, each beside what the register has."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
import strawberry
from strawberry.types import Info

from meibo.errors import NotFound
from meibo.exchange import comparing, outcomes
from meibo.exchange.outcomes import Outcome
from meibo_graphql.context import of
from meibo_graphql.exchange.feeds import FeedActInput, FeedItem, item_of, office_of
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import UserError

strawberry.enum(Outcome, name="FeedOutcome", description="What came of a change that another system told.")


@strawberry.type(
    description="不一致: a change of another system that could not be entered; a person looks at it."
)
class FeedConflict:
    change_id: strawberry.ID
    licence_id: strawberry.ID | None = strawberry.field(
        description="Null where the register has no such licence."
    )
    outcome: Outcome = strawberry.field(description="Why.")
    recorded_at: datetime


@strawberry.type(description="What the other side wanted of one item, and what the register has today.")
class FeedDifference:
    path: strawberry.ID
    item: FeedItem | None = strawberry.field(
        description="Null: no item of this exchange; nothing of it is told."
    )
    ours: str | None = strawberry.field(
        description="As messages write it: text, days as YYYY-MM-DD or EDTF, a code as such, true or false. Null:"
        " nothing, or hidden."
    )
    theirs: str | None
    hidden: bool = strawberry.field(description="Whether both are kept back from the caller.")


@strawberry.type(description="A conflict that was opened: both sides beside each other.")
class FeedConflictEvidence:
    conflict: FeedConflict
    effective_date: date = strawberry.field(description="From which day the change holds over there.")
    reason: str = strawberry.field(description="A code of the reasons, as they gave it.")
    differences: list[FeedDifference]


@strawberry.input
class SettleFeedConflictInput(FeedActInput):
    change_id: strawberry.ID


@strawberry.type
class SettleFeedConflictPayload:
    settled: bool = strawberry.field(description="False where it was refused or only validated.")
    user_errors: list[UserError]


async def resolve_conflicts(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID
) -> list[FeedConflict]:
    """Those that nobody has settled."""
    found = await office_of(info).conflicts(of(info).principal, connector, profession)
    return [shown(each, of(info).ids) for each in found]


async def resolve_conflict(
    info: Info[Any, Any], connector: strawberry.ID, profession: strawberry.ID, change_id: strawberry.ID
) -> FeedConflictEvidence | None:
    """Both sides; null where there is none."""
    told = of(info).principal, connector, profession, named(change_id)
    try:
        opened = await office_of(info).conflict(*told)
    except NotFound:
        return None
    return FeedConflictEvidence(
        conflict=shown(opened.conflict, of(info).ids), effective_date=opened.change.effective_date,
        reason=opened.change.reason, differences=[_difference(each) for each in opened.items],
    )  # fmt: skip


async def settle(info: Info[Any, Any], input: SettleFeedConflictInput) -> SettleFeedConflictPayload:
    """Say that it was dealt with."""
    told = of(info).principal, input.connector, input.profession, named(input.change_id)
    act = office_of(info).settle(*told, validate_only=input.validate_only)
    _, errors = await attempt(act, "change_id", "feed.unknown_conflict")
    return SettleFeedConflictPayload(settled=not errors and not input.validate_only, user_errors=errors)


QUERIES = {
    "feed_conflicts": strawberry.field(
        resolver=resolve_conflicts,
        description="不一致の一覧: changes of another system that need a person, oldest first.",
    ),
    "feed_conflict_evidence": strawberry.field(
        resolver=resolve_conflict,
        description="不一致の内容: what they wanted beside what the register has; the audit log names the licence.",
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "settle_feed_conflict": strawberry.field(
        resolver=settle,
        description="不一致の解消: it was dealt with, here by a correction or over there; what was kept of it goes.",
    ),
}
"""The administrator's verbs, by name."""


def shown(conflict: outcomes.Conflict, ids: NodeIds) -> FeedConflict:
    """A conflict as the API shows it."""
    licence = ids.seal(NodeKind.LICENCE, conflict.licence) if conflict.licence else None
    return FeedConflict(
        change_id=strawberry.ID(str(conflict.change)), licence_id=strawberry.ID(licence) if licence else None,
        outcome=conflict.outcome, recorded_at=conflict.recorded_at,
    )  # fmt: skip


def _difference(each: comparing.Compared) -> FeedDifference:
    item = item_of(each.item, each.master) if each.item and each.master else None
    return FeedDifference(
        path=strawberry.ID(each.path), item=item, ours=_text(each.ours), theirs=_text(each.theirs),
        hidden=each.hidden,
    )  # fmt: skip


def _text(value: Any) -> str | None:
    """A value of a message as text."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
