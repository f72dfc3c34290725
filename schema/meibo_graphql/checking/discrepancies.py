"""What differs: a queue, one of it opened with both sides, and the office's verdicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.checking import discrepancies
from meibo.checking.discrepancies import KeptVerdict
from meibo.checking.facts import Held, Told
from meibo.checking.outcomes import Item, Life, Number
from meibo.checking.pages import QueueFilter
from meibo.checking.queue import Queue
from meibo.checking.states import DiscrepancyState, Verdict
from meibo.database.paging import PageRequest
from meibo.errors import NotFound
from meibo.registry.requests import ActRequest
from meibo_graphql.checking.outcomes import Outcome, label
from meibo_graphql.context import of
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.pages import Connection, edges_of, page_info
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import Language, UserError

strawberry.enum(DiscrepancyState, description="Where a discrepancy stands.")
strawberry.enum(Item, name="CheckItem", description="What is compared.")
strawberry.enum(Life, name="CheckLife", description="What a registry says of somebody's life.")
strawberry.enum(Number, name="CheckNumber", description="How the number that was told stands to the vault's.")
strawberry.enum(Verdict, name="DiscrepancyVerdict", description="What people do with a discrepancy.")


@strawberry.type(description="相違: something that a check found of a licence's holder.")
class Discrepancy:
    id: strawberry.ID
    licence_id: strawberry.ID
    pseudonym: str
    profession: strawberry.ID
    source: strawberry.ID = strawberry.field(description="The registry that was asked.")
    outcome: Outcome
    state: DiscrepancyState
    found_at: datetime

    @strawberry.field(description="The outcome in words.")
    def outcome_label(self, language: Language = Language.JA) -> str:
        return label(self.outcome, language)


@strawberry.type(description="A page of the queue.")
class DiscrepancyConnection(Connection[Discrepancy]):
    filter: strawberry.Private[QueueFilter]

    @strawberry.field(description="Counted only when selected, as of now.")
    async def total_count(self, info: Info[Any, Any]) -> int:
        return await _queue(info).count(of(info).principal, self.filter)


@strawberry.interface(description="Facts of a person, as one of the two sides writes them; null: none.")
class CheckFacts:
    full_name: str | None
    full_name_kana: str | None
    birth_date: str | None = strawberry.field(description="EDTF.")
    sex_code: str | None
    address: str | None


@strawberry.type(description="What the register held of the holder when it was checked.")
class HeldFacts(CheckFacts):
    pass


@strawberry.type(description="One person as the outside registry told of them. No number is ever shown.")
class ToldFacts(CheckFacts):
    former_surname: str | None = strawberry.field(description="旧氏.")
    life: Life
    death_date: str | None
    number: Number


@strawberry.type(description="What somebody decided.")
class DiscrepancyDecision:
    verdict: Verdict
    account: str
    recorded_at: datetime
    action_id: strawberry.ID | None = strawberry.field(description="The act of the register that followed.")


@strawberry.type(description="A discrepancy that was opened: both sides beside each other.")
class DiscrepancyEvidence:
    discrepancy: Discrepancy
    held: HeldFacts
    told: list[ToldFacts] = strawberry.field(
        description="Nobody or several where it is not known who is meant."
    )
    differing: list[Item]
    decisions: list[DiscrepancyDecision] = strawberry.field(description="Oldest first.")
    viewer_may: list[Verdict] = strawberry.field(description="What the caller may do with it now.")


@strawberry.input(description="Which discrepancies; the fields are ANDed.")
class DiscrepancyFilter:
    state: DiscrepancyState = DiscrepancyState.OPEN
    outcome: Outcome | None = None
    profession: strawberry.ID | None = None


@strawberry.input
class DiscrepancyActInput:
    discrepancy_id: strawberry.ID
    validate_only: bool = False


@strawberry.input(
    description="Do the register's act that it calls for: strike a dead holder off, correct a name or an address."
    " Without any of the five facts what was told is entered."
)
class ApplyDiscrepancyInput(DiscrepancyActInput):
    effective_date: date
    reason: str = strawberry.field(description="A code of the reasons.")
    legal_basis: strawberry.ID
    reason_text: str | None = None
    delay_reason: str | None = None
    expected_version: int | None = strawberry.field(
        default=None, description="Licence.version as you read it; left out: the one that was checked."
    )
    family_name: str | None = None
    given_name: str | None = None
    family_name_kana: str | None = None
    given_name_kana: str | None = None
    address: str | None = None


@strawberry.type
class DiscrepancyPayload:
    discrepancy: Discrepancy | None
    user_errors: list[UserError]


FACTS = ("family_name", "given_name", "family_name_kana", "given_name_kana", "address")
"""What a person may enter in the place of what was told."""
PERSONAL = frozenset(
    f"ApplyDiscrepancyInput.{name}"
    for name in ("familyName", "givenName", "familyNameKana", "givenNameKana", "address", "reasonText")
)
"""Arguments that are accepted as variables alone."""


async def resolve_discrepancies(
    info: Info[Any, Any],
    filter: DiscrepancyFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> DiscrepancyConnection:
    """A page of the queue."""
    given = filter or DiscrepancyFilter()
    narrowed = QueueFilter(state=given.state, outcome=given.outcome, profession=given.profession)
    request = PageRequest(first, after, last, before)
    page = await _queue(info).listed(of(info).principal, narrowed, request)
    edges = edges_of(page, lambda found: shown(found, of(info).ids))
    return DiscrepancyConnection(edges=edges, page_info=page_info(page), filter=narrowed)


async def resolve_evidence(info: Info[Any, Any], discrepancy_id: strawberry.ID) -> DiscrepancyEvidence | None:
    """Both sides of a discrepancy; null where there is none."""
    principal, queue = of(info).principal, _queue(info)
    try:
        found, evidence, verdicts = await queue.opened(principal, named(discrepancy_id))
    except NotFound:
        return None
    ids = of(info).ids
    return DiscrepancyEvidence(
        discrepancy=shown(found, ids), held=HeldFacts(**_facts(evidence.held)),
        told=[_told(each) for each in evidence.told], differing=sorted(evidence.differing),
        decisions=[_decision(found, each, ids) for each in verdicts],
        viewer_may=queue.may(principal, found, verdicts),
    )  # fmt: skip


def decide(verdict: Verdict) -> Callable[..., Any]:
    """The resolver that confirms or dismisses."""

    async def resolve(info: Info[Any, Any], input: DiscrepancyActInput) -> DiscrepancyPayload:
        told = of(info).principal, verdict, named(input.discrepancy_id)
        act = _queue(info).decide(*told, validate_only=input.validate_only)
        found, errors = await attempt(act, "discrepancy_id", "check.unknown_discrepancy")
        return _payload(info, input, found, errors)

    return resolve


async def apply(info: Info[Any, Any], input: ApplyDiscrepancyInput) -> DiscrepancyPayload:
    """Do the act that a discrepancy calls for."""
    facts = {name: value for name in FACTS if (value := getattr(input, name)) is not None}
    request = ActRequest(
        idempotency_key="", effective_date=input.effective_date, reason=input.reason,
        legal_basis=input.legal_basis, reason_text=input.reason_text or "",
        delay_reason=input.delay_reason or "", expected_version=input.expected_version,
        validate_only=input.validate_only,
    )  # fmt: skip
    act = _queue(info).apply(of(info).principal, named(input.discrepancy_id), request, facts)
    done, errors = await attempt(act, "discrepancy_id", "check.unknown_discrepancy")
    return _payload(info, input, done.discrepancy if done else None, errors)


QUERIES = {
    "discrepancies": strawberry.field(
        resolver=resolve_discrepancies,
        description="相違の一覧: what checks found and somebody has to look at, the oldest first within a profession.",
    ),
    "discrepancy_evidence": strawberry.field(
        resolver=resolve_evidence,
        description="相違の内容: what is held and what was told, side by side; the audit log names the holder.",
    ),
}
"""The root fields, by name."""
MUTATIONS = {
    "confirm_discrepancy": strawberry.field(
        resolver=decide(Verdict.CONFIRM), description="確認: it is so. Somebody else then applies a death."
    ),
    "dismiss_discrepancy": strawberry.field(
        resolver=decide(Verdict.DISMISS), description="却下: it calls for nothing."
    ),
    "apply_discrepancy": strawberry.field(
        resolver=apply,
        description="反映: do the register's act that it calls for, under that act's own rules.",
    ),
}
"""The office's verbs, by name."""


def shown(found: discrepancies.Discrepancy, ids: NodeIds) -> Discrepancy:
    """A discrepancy as the API shows it."""
    return Discrepancy(
        id=strawberry.ID(str(found.id)),
        licence_id=strawberry.ID(ids.seal(NodeKind.LICENCE, found.licence)), pseudonym=found.pseudonym,
        profession=strawberry.ID(found.profession), source=strawberry.ID(found.source),
        outcome=found.outcome, state=found.state, found_at=found.found_at,
    )  # fmt: skip


def _payload(
    info: Info[Any, Any],
    input: DiscrepancyActInput,
    found: discrepancies.Discrepancy | None,
    errors: list[UserError],
) -> DiscrepancyPayload:
    """The discrepancy as it stands now; null where the verb was refused or only validated."""
    stands = None if found is None or input.validate_only else shown(found, of(info).ids)
    return DiscrepancyPayload(discrepancy=stands, user_errors=errors)


def _facts(side: Held | Told) -> dict[str, str | None]:
    """What both sides say."""
    return {
        "full_name": side.name or None, "full_name_kana": side.kana or None,
        "birth_date": side.birth_date or None, "sex_code": side.sex or None, "address": side.address or None,
    }  # fmt: skip


def _told(each: Told) -> ToldFacts:
    return ToldFacts(
        **_facts(each), former_surname=each.former_surname or None, life=each.life,
        death_date=each.death_date or None, number=each.number,
    )  # fmt: skip


def _decision(found: discrepancies.Discrepancy, each: KeptVerdict, ids: NodeIds) -> DiscrepancyDecision:
    act = ids.seal(NodeKind.ACTION, each.action, found.licence) if each.action else None
    return DiscrepancyDecision(
        verdict=each.verdict, account=each.account, recorded_at=each.recorded_at,
        action_id=strawberry.ID(act) if act else None,
    )  # fmt: skip


def _queue(info: Info[Any, Any]) -> Queue:
    return of(info).installation.checks.queue
