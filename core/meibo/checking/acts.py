"""The act of the register that a discrepancy calls for, and what it is asked to enter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from meibo.checking.discrepancies import Discrepancy
from meibo.checking.evidence import Evidence
from meibo.checking.outcomes import Outcome
from meibo.checking.plans import finding
from meibo.checking.proposals import entered, proposed
from meibo.errors import Finding, FindingCode, Refused
from meibo.professions.plugin import Holder
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest

ACTS: Mapping[Outcome, Verb] = {
    Outcome.DEAD: Verb.STRIKE_OFF,
    Outcome.RENAMED: Verb.CORRECT,
    Outcome.MOVED: Verb.CORRECT,
}
"""The act of the register by which an outcome is applied; the others are looked into, and confirmed or dismissed."""
NO_FACTS: Mapping[str, str] = {}


def key_of(id: UUID) -> str:
    """The idempotency key of the act that applies a discrepancy: whoever dies in between does it once."""
    return f"check-{id}"


def request_of(
    found: Discrepancy,
    version: int,
    verb: Verb,
    evidence: Evidence,
    holder: Holder,
    request: ActRequest,
    facts: Mapping[str, str],
) -> ActRequest:
    """The request as the register takes it, of the `version` that was checked unless it names another; raises Refused
    where what was told cannot be entered as it stands."""
    values = request.values or entered(holder, facts)
    if verb is Verb.CORRECT and not values:
        values = proposed(holder, found.outcome, evidence.held, evidence.told[0])
        if not values:
            raise Refused(_not_as_told())
    return replace(
        request, licence=found.licence, idempotency_key=key_of(found.id), values=values,
        expected_version=request.expected_version or version,
    )  # fmt: skip


def _not_as_told() -> Finding:
    return finding(
        "values",
        "回答の氏名をそのまま登録できません。訂正の内容を入力してください。",
        "The name that was told cannot be entered as it stands: give the values of the correction.",
        FindingCode.REQUIRED,
    )


def nothing_to_apply() -> Finding:
    """The finding where an outcome is applied by no act."""
    return finding(
        "outcome",
        "反映する内容がありません。確認または却下してください。",
        "There is no act that applies this: look into it, and confirm or dismiss it.",
        FindingCode.WRONG_STATE,
        "check.nothing_to_apply",
    )
