"""Rules: from which day on a new address is applied by itself; by two people."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from meibo.checking.rules import KeptRule, Rule, Rules
from meibo_graphql.checking.outcomes import Outcome
from meibo_graphql.context import of
from meibo_graphql.refusals import attempt, named
from meibo_graphql.types import UserError


@strawberry.type(
    description="From a day on, an outcome of a profession's checks is applied by itself, or by hand."
)
class CheckRule:
    id: strawberry.ID
    profession: strawberry.ID
    outcome: Outcome
    start_date: date
    automatic: bool
    reason: str | None = strawberry.field(description="The code that the acts bear which follow.")
    legal_basis: strawberry.ID | None
    proposed_by: str
    approved_by: str | None = strawberry.field(description="Null: it waits, and does not hold.")


@strawberry.input(description="Propose a rule, which holds once somebody else has approved it.")
class ProposeCheckRuleInput:
    profession: strawberry.ID
    start_date: date = strawberry.field(description="Today or later.")
    automatic: bool = strawberry.field(description="False ends an earlier rule.")
    outcome: Outcome = strawberry.field(
        default=Outcome.MOVED, description="Only MOVED may ever be applied by itself."
    )
    reason: str = strawberry.field(default="", description="A code of the reasons; needed where automatic.")
    legal_basis: strawberry.ID = strawberry.field(
        default=strawberry.ID(""), description="Needed where automatic."
    )
    validate_only: bool = False


@strawberry.input
class CheckRuleActInput:
    rule_id: strawberry.ID
    validate_only: bool = False


@strawberry.type
class CheckRulePayload:
    rule: CheckRule | None
    user_errors: list[UserError]


async def resolve_rules(info: Info[Any, Any]) -> list[CheckRule]:
    """The rules of the caller's professions."""
    return [shown(kept) for kept in await _rules(info).listed(of(info).principal)]


async def propose(info: Info[Any, Any], input: ProposeCheckRuleInput) -> CheckRulePayload:
    """Enter a rule."""
    rule = Rule(
        profession=input.profession, outcome=input.outcome, start_date=input.start_date,
        automatic=input.automatic, reason=input.reason, legal_basis=input.legal_basis,
    )  # fmt: skip
    act = _rules(info).propose(of(info).principal, rule, validate_only=input.validate_only)
    kept, errors = await attempt(act, "profession", "check.profession")
    return CheckRulePayload(
        rule=None if kept is None or input.validate_only else shown(kept), user_errors=errors
    )


async def approve(info: Info[Any, Any], input: CheckRuleActInput) -> CheckRulePayload:
    """Let a rule hold."""
    told = of(info).principal, named(input.rule_id)
    act = _rules(info).approve(*told, validate_only=input.validate_only)
    kept, errors = await attempt(act, "rule_id", "check.unknown_rule")
    return CheckRulePayload(
        rule=None if kept is None or input.validate_only else shown(kept), user_errors=errors
    )


QUERIES = {
    "check_rules": strawberry.field(
        resolver=resolve_rules,
        description="自動反映の規則: what is applied by itself, those that begin last first.",
    )
}
"""The root fields, by name."""
MUTATIONS = {
    "propose_check_rule": strawberry.field(
        resolver=propose, description="規則の提案: let new addresses be applied by themselves, or no longer."
    ),
    "approve_check_rule": strawberry.field(
        resolver=approve, description="規則の承認: by another person than who proposed it."
    ),
}
"""The office's verbs, by name."""


def shown(kept: KeptRule) -> CheckRule:
    """A rule as the API shows it."""
    rule = kept.rule
    return CheckRule(
        id=strawberry.ID(str(kept.id)), profession=strawberry.ID(rule.profession), outcome=rule.outcome,
        start_date=rule.start_date, automatic=rule.automatic, reason=rule.reason or None,
        legal_basis=strawberry.ID(rule.legal_basis) if rule.legal_basis else None,
        proposed_by=kept.proposed_by, approved_by=kept.approved_by,
    )  # fmt: skip


def _rules(info: Info[Any, Any]) -> Rules:
    return of(info).installation.checks.rules
