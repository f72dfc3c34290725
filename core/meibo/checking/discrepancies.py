"""Discrepancies as rows: found within a caller's reach, and moved from state to state with a verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo import clock
from meibo.access.principals import Principal
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import finding
from meibo.checking.states import VERDICT_STEPS, DiscrepancyState, Verdict
from meibo.checking.tables import check_discrepancy, check_verdict
from meibo.errors import FindingCode, Refused
from meibo.register import tables
from meibo.values.pseudonyms import LicencePseudonym


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that was found of a licence's holder; what it is, its evidence says."""

    id: UUID
    licence: UUID
    pseudonym: LicencePseudonym
    profession: str
    source: str
    outcome: Outcome
    state: DiscrepancyState
    found_at: datetime


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What somebody decided, and the register's act that followed from it."""

    verdict: Verdict
    account: str
    recorded_at: datetime
    action: UUID | None


def in_reach(numbers: Collection[int], offices: Collection[str] | None) -> Any:
    """Discrepancies of professions, and of offices where the caller is bound to some, with what opens them."""
    licence, row = tables.licence.c, check_discrepancy.c
    return (
        select(check_discrepancy, licence.pseudonym, licence.wrapped_key, licence.key_version)
        .join(tables.licence, licence.id == row.licence_id)
        .where(row.scope.in_(numbers), *tables.of_offices(offices))
    )


def discrepancy_of(row: Row[Any], profession: str) -> Discrepancy:
    """A discrepancy from its row."""
    return Discrepancy(
        row.id, row.licence_id, LicencePseudonym(row.pseudonym), profession, row.source, Outcome(row.outcome),
        DiscrepancyState(row.state), row.found_at,
    )  # fmt: skip


async def verdicts_of(connection: AsyncConnection, id: UUID) -> list[KeptVerdict]:
    """What was decided about a discrepancy, oldest first."""
    row = check_verdict.c
    found = await connection.execute(
        select(check_verdict).where(row.discrepancy_id == id).order_by(row.recorded_at)
    )
    return [KeptVerdict(Verdict(r.verdict), r.account, r.recorded_at, r.action_id) for r in found]


async def decide(
    connection: AsyncConnection,
    principal: Principal,
    scope: int,
    id: UUID,
    verdict: Verdict,
    action: UUID | None = None,
) -> DiscrepancyState:
    """Move a discrepancy on, with who did it; gives where it stands then.

    Raises Refused where its state does not allow it any more.
    """
    allowed, state = VERDICT_STEPS[verdict]
    row = check_discrepancy.c
    changed = await connection.execute(
        update(check_discrepancy).where(row.id == id, row.state.in_(allowed)).values(state=state)
    )
    if changed.rowcount != 1:
        raise Refused(wrong_state())
    noted = {
        "id": uuid4(), "scope": scope, "discrepancy_id": id, "verdict": verdict, "action_id": action,
        "recorded_at": clock.now(), "account": principal.account, "institution": principal.institution,
        "terminal": principal.terminal,
    }  # fmt: skip
    await connection.execute(insert(check_verdict), noted)
    return state


def second_person(principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> bool:
    """Whether this person may apply it: a death only where somebody else has confirmed it."""
    confirmed = {each.account for each in verdicts if each.verdict is Verdict.CONFIRM}
    return found.outcome is not Outcome.DEAD or (bool(confirmed) and principal.account not in confirmed)


def demand_second(principal: Principal, found: Discrepancy, verdicts: Sequence[KeptVerdict]) -> None:
    """Raise Refused where a death would be applied without another person's having confirmed it."""
    if not second_person(principal, found, verdicts):
        raise Refused(
            finding(
                "second_person",
                "死亡は二人で確認します。別の方が確認してから、もう一人が反映してください。",
                "A death takes two people: one confirms it, and somebody else applies it.",
                FindingCode.NEEDS_SECOND_PERSON,
            )
        )


def wrong_state() -> Any:
    """The finding where a discrepancy is not, or no longer, in a state for a verdict."""
    return finding(
        "state",
        "今の状態ではできません。",
        "The discrepancy's present state does not allow this.",
        FindingCode.WRONG_STATE,
    )
