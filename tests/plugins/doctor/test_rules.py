"""The rules of the doctors' report alone: what passes, and what each refuses."""

from __future__ import annotations

import pytest

from meibo.plugin import Code
from tests.plugins.medical.cases import Case, Changes, check
from tests.plugins.medical.professions import HOST

SECOND: Changes = {"practice_report.secondary_workplace_name": "見本診療所"}
CASES = (
    Case(
        "secondary_workplace_count",
        {**SECOND, "practice_report.secondary_workplace_count": 2},
        {**SECOND, "practice_report.secondary_workplace_count": 0},
        ("practice_report.secondary_workplace_count",),
    ),
    Case(
        "secondary_workplace_count",
        {"practice_report.secondary_workplace_count": 0},
        {"practice_report.secondary_workplace_count": 1},
        ("practice_report.secondary_workplace_count",),
        notes="none-named",
    ),
    Case(
        "childbirth_department",
        {
            "practice_report.handles_childbirth": True,
            "practice_report.clinical_departments": (Code("31"),),
        },
        {"practice_report.handles_childbirth": True},
        ("practice_report.clinical_departments",),
    ),
    Case(
        "regional_quota_service",
        {
            "practice_report.regional_quota_service_required": True,
            "practice_report.regional_quota_service_years": 9,
        },
        {"practice_report.regional_quota_service_years": 9},
        ("practice_report.regional_quota_service_required",),
    ),
    Case(
        "regional_quota_service",
        {"practice_report.regional_quota_service_completed": False},
        {
            "practice_report.regional_quota_service_required": False,
            "practice_report.regional_quota_service_place": "見本県",
        },
        ("practice_report.regional_quota_service_required",),
        notes="not-required",
    ),
    Case(
        "workplaces_named",
        {**SECOND, "practice_report.secondary_workplace_working_days": 1},
        {"practice_report.secondary_workplace_duty_count": 1},
        ("practice_report.secondary_workplace_name",),
    ),
    Case(
        "workplaces_named",
        {"practice_report.secondary_workplace_count": 0},
        {
            "practice_report.secondary_workplace_count": 1,
            "practice_report.secondary_workplace_working_days": 1,
        },
        ("practice_report.secondary_workplace_name",),
        notes="count",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    check(HOST["doctor"], case)


def test_every_rule_of_its_own_has_a_case() -> None:
    assert {case.rule for case in CASES} == {
        "childbirth_department",
        "regional_quota_service",
        "secondary_workplace_count",
        "workplaces_named",
    }
    assert len(HOST["doctor"].rules) == 25
