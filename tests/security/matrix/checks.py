"""Checks of all holders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meibo import clock
from meibo.access.permissions import Permission, Role
from tests.security.matrix.cells import OFFICERS, PERMITTED, Cell, payload_cell


def check_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on checks of all holders."""
    plan = {"source": "residents", "professions": ["doctor"]}
    rule = {"profession": "doctor", "startDate": "2999-01-01", "automatic": False}
    chiefs = frozenset({Role.ADMINISTRATOR})
    for name, given, roles, needs, outside in (
        ("planCheckRun", plan, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("approveCheckRun", {"runId": ids["check that is planned"]}, chiefs, Permission.CHECK_APPROVE, "FORBIDDEN"),
        ("pauseCheckRun", {"runId": ids["check that is running"]}, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("resumeCheckRun", {"runId": ids["check that is paused"]}, chiefs, Permission.CHECK_APPROVE, "FORBIDDEN"),
        ("endCheckRun", {"runId": ids["check that is planned"]}, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("proposeCheckRule", rule, chiefs, Permission.CHECK_RULE, "FORBIDDEN"),
        ("approveCheckRule", {"ruleId": ids["rule that waits"]}, chiefs, Permission.CHECK_RULE, "NOT_FOUND"),
    ):  # fmt: skip
        takes = {
            "plan": "PlanCheckRunInput",
            "propose": "ProposeCheckRuleInput",
            "approveCheckRule": "CheckRuleActInput",
        }
        input = next((kind for start, kind in takes.items() if name.startswith(start)), "CheckRunActInput")
        yield payload_cell(name, input, given, roles, (needs,), outside)
    named, decides = {"discrepancyId": ids["discrepancy"]}, (Permission.CHECK_DECIDE,)
    for name in ("confirmDiscrepancy", "dismissDiscrepancy"):
        yield payload_cell(name, "DiscrepancyActInput", named, OFFICERS, decides, "NOT_FOUND")
    act = named | {"effectiveDate": clock.today().isoformat(), "reason": "703", "legalBasis": "correct"}
    needs_both = (*decides, Permission.LICENCE_CORRECT)
    yield payload_cell("applyDiscrepancy", "ApplyDiscrepancyInput", act, OFFICERS, needs_both, "NOT_FOUND")


def check_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Runs, the queue, one of it opened, and rules."""
    chiefs, evidence = frozenset({Role.ADMINISTRATOR}), f'(discrepancyId: "{ids["discrepancy"]}")'
    run = f'(id: "{ids["check that is planned"]}")'
    for name, asked, roles, needs, outside in (
        ("checkSources", "", OFFICERS, Permission.CHECK_PLAN, PERMITTED),
        ("checkRuns", "{ nodes { id } }", OFFICERS, Permission.CHECK_READ, "empty"),
        ("checkRun", f"{run} {{ id report {{ progress {{ state }} }} }}", OFFICERS, Permission.CHECK_READ, "FORBIDDEN"),
        ("discrepancies", "{ totalCount nodes { id } }", OFFICERS, Permission.CHECK_OPEN, PERMITTED),
        ("discrepancyEvidence", f"{evidence} {{ differing }}", OFFICERS, Permission.CHECK_OPEN, "null"),
        ("checkRules", "{ id }", chiefs, Permission.CHECK_RULE, "empty"),
    ):  # fmt: skip
        yield Cell(name, f"{{ {name}{asked} }}", {}, roles, (needs,), outside=outside, permission_first=True)
