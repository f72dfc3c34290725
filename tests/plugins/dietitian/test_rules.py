"""Every rule with a case that it lets pass and one that it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from tests.plugins.dietitian.records import PERIODS, PROFESSION, Raw, changed, parts, period, within

BY_ID = {rule.id: rule for rule in PROFESSION.rules}
DAY = date(2020, 4, 1)
CATEGORY_1: Raw = {
    "exam.school_category_code": "1",
    "practice_periods": [],
    **within(
        "exam", dict.fromkeys(("practice_total_status", "practice_total_years", "practice_total_months"))
    ),
}
LICENCE = "nutritionist_licence_date"
EARLY = [period(("4", 27, 3, 31), ("4", 29, 3, 31))]
BACKWARDS = [PERIODS[0], period(("4", 29, 4, 1), ("4", 29, 3, 31))]
BEFORE: Raw = {
    "exam.previous_exam_name": "見本花子",
    "exam.previous_exam_round": 33,
    "exam.previous_exam_site_code": "03",
    "exam.previous_exam_number": "00099",
}

CASES: tuple[tuple[str, Raw, Raw, tuple[str, ...]], ...] = (
    (
        "exam_dates",
        within("exam", {**parts("birth_date", "S", 64, 1, 7), "age": 31}),
        within("exam", parts("birth_date", "S", 64, 1, 8)),
        ("exam.birth_date_day",),
    ),
    (
        "exam_dates",
        within("exam", parts("graduation", None, None, None, None)),
        within("exam", parts("graduation", "4", 27, None, None)),
        ("exam.graduation_month", "exam.graduation_day"),
    ),
    (
        "licence_date_of_holders",
        {},
        within("exam", parts(LICENCE, None, None, None, None)),
        ("exam.nutritionist_licence_date_era",),
    ),
    (
        "licence_date_of_holders",
        within("exam", {"nutritionist_licence_status": "2", **parts(LICENCE, None, None, None, None)}),
        {"exam.nutritionist_licence_status": "2"},
        ("exam.nutritionist_licence_status",),
    ),
    (
        "course_of_category_1",
        {**CATEGORY_1, "exam.dietitian_course_completed": True},
        {"exam.dietitian_course_completed": False},
        ("exam.dietitian_course_completed",),
    ),
    (
        "school_before_licence",
        {**CATEGORY_1, **within("exam", parts("graduation", "4", 29, 3, 20))},
        within("exam", parts("graduation", "4", 29, 3, 20)),
        ("exam.nutritionist_licence_date_day",),
    ),
    (
        "school_before_licence",
        {},
        within("exam", parts("graduation", "4", 6, 5, 2)),
        ("exam.birth_date_day",),
    ),
    ("age_agrees", {"exam.age": 24}, {"exam.age": 27}, ("exam.age",)),
    (
        "previous_exam_whole",
        BEFORE,
        {"exam.previous_exam_name": "見本花子", "exam.previous_exam_round": 33},
        ("exam.previous_exam_site_code", "exam.previous_exam_number"),
    ),
    (
        "previous_exam_before",
        BEFORE,
        {**BEFORE, "exam.previous_exam_round": 34},
        ("exam.previous_exam_round",),
    ),
    (
        "practice_dates",
        {},
        {"practice_periods": [PERIODS[0], period(("4", 31, 5, 1), ("5", 2, 2, 29))]},
        ("practice_periods.1.practice_start_day",),
    ),
    (
        "practice_dates",
        {"practice_periods": [parts("practice_start", "4", 27, 4, 2)]},
        {"practice_periods": [parts("practice_end", "4", 29, 3, 31)]},
        ("practice_periods.0.practice_start_era",),
    ),
    (
        "practice_of_categories_2_to_9",
        CATEGORY_1,
        {**CATEGORY_1, "practice_periods": PERIODS},
        ("exam.school_category_code",),
    ),
    (
        "practice_of_categories_2_to_9",
        {"exam.school_category_code": "9"},
        {**CATEGORY_1, "exam.practice_total_years": 1},
        ("exam.school_category_code",),
    ),
    ("practice_in_order", {}, {"practice_periods": BACKWARDS}, ("practice_periods.1.practice_end_day",)),
    ("practice_after_licence", {}, {"practice_periods": EARLY}, ("practice_periods.0.practice_start_day",)),
    ("practice_long_enough", {}, {"exam.practice_total_years": 2}, ("exam.practice_total_years",)),
    (
        "practice_long_enough",
        {"exam.school_category_code": "4", "exam.practice_total_years": 1},
        {"exam.school_category_code": "3", "exam.practice_total_years": 1},
        ("exam.practice_total_years",),
    ),
    (
        "practice_total_counted",
        {"exam.practice_total_months": 11},
        {"exam.practice_total_months": 12},
        ("exam.practice_total_months",),
    ),
    (
        "practice_total_counted",
        CATEGORY_1,
        {"exam.practice_total_status": None},
        ("exam.practice_total_status",),
    ),
    (
        "born_first",
        {"register.birth_date_era": None, "register.birth_date": "2020-03-27"},
        {"register.birth_date_era": None, "register.birth_date": "2020-03-28"},
        ("register.birth_date",),
    ),
    (
        "qualified_first",
        {"register.qualification_date": "2020-04-01"},
        {"register.qualification_date": "2020-04-02"},
        ("register.qualification_date",),
    ),
    (
        "issued_after_registration",
        {"register.issue_date": "2020-04-01"},
        {"register.issue_date": "2020-03-31"},
        ("register.issue_date",),
    ),
    (
        "same_person",
        within("exam", parts("birth_date", None, None, None, None)),
        within("exam", parts("birth_date", "H", 6, 5, 4)),
        ("exam.birth_date_day",),
    ),
    (
        "licensed_as_dietitian",
        within("exam", parts(LICENCE, "R", 2, 4, 1)),
        within("exam", parts(LICENCE, "R", 2, 4, 2)),
        ("exam.nutritionist_licence_date_day",),
    ),
    (
        "reason_with_date",
        {"register.reason_code": "201", "register.reason_date": "2020-04-01"},
        {"register.reason_date": "2020-04-01"},
        ("register.reason_code",),
    ),
    (
        "reason_with_date",
        {"register.reason_code": "201"},
        {"register.reason_code": "201", "register.reason_date": "2020-03-31"},
        ("register.reason_date",),
    ),
    (
        "given_name_kana",
        {"register.given_name": None, "register.given_name_kana": None},
        {"register.given_name_kana": None},
        ("register.given_name_kana",),
    ),
)


def test_the_sound_record_breaks_no_rule() -> None:
    assert PROFESSION.findings(changed({}), None, "register", DAY) == []


@pytest.mark.parametrize(("rule", "passes", "breaks", "paths"), CASES)
def test_rules(rule: str, passes: Raw, breaks: Raw, paths: tuple[str, ...]) -> None:
    declared = BY_ID[f"dietitian.{rule}"]
    assert declared.findings(changed(passes), None, "register", DAY) == []
    found = declared.findings(changed(breaks), None, "register", DAY)
    assert tuple(".".join(f.path) for f in found) == paths
    assert {(f.rule, f.cites) for f in found} == {(declared.id, declared.cites)}
    assert all(f.ja and f.en for f in found)


@pytest.mark.parametrize(
    ("changes", "procedure", "paths"),
    [
        ({}, "correct", []),
        ({"register.registration_number": "300002"}, "correct", ["register.registration_number"]),
        ({"register.registration_date": "020402"}, "correct", ["register.registration_date"]),
        ({"register.registration_number": "2", "register.application_category": "06"}, "correct", []),
        ({"register.registration_number": "300002"}, "reissue", []),
    ],
)
def test_number_stays(changes: Raw, procedure: str, paths: list[str]) -> None:
    found = BY_ID["dietitian.number_stays"].findings(changed(changes), changed({}), procedure, DAY)
    assert [".".join(f.path) for f in found] == paths


def test_every_rule_has_a_case_its_texts_and_its_law() -> None:
    assert BY_ID.keys() == {f"dietitian.{case[0]}" for case in CASES} | {"dietitian.number_stays"}
    assert all(rule.cites and all(rule.texts) for rule in PROFESSION.rules)
