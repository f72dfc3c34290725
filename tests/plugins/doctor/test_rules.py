"""Every rule with a case that it lets pass and one that it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from meibo.host import load_host
from meibo.plugin import Code, DeclaredRule, Email, Kana, PartialDate, Phone, Record
from tests.plugins.doctor.records import DAY, SOUND, changed

RULES = load_host(only={"doctor"})["doctor"].rules
BY_ID = {rule.id: rule for rule in RULES}
Changes = dict[str, object]


@dataclass(frozen=True)
class Case:
    """A rule, changes to the sound record that it lets pass, changes that it refuses, and where it points."""

    rule: str
    passes: Changes
    breaks: Changes
    paths: tuple[str, ...]
    before: Changes | None = None
    procedure: str = "register"
    notes: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.rule}{'-' if self.notes else ''}{self.notes}"


FORMER = "register.former_registration_"
CERTIFIED: Changes = {
    "register.certification_date": date(2021, 10, 1),
    "register.application_health_bureau": Code("3"),
    "register.certification_number": "R0001",
}
COMMON: Changes = {
    "register.common_family_name": "見本",
    "register.common_family_name_kana": Kana("ミホン"),
    "register.common_given_name": "花",
    "register.common_given_name_kana": Kana("ハナ"),
}
FOREIGN: Changes = {"register.domicile_code": Code("410")}
SECOND: Changes = {"practice_report.secondary_workplace_name": "見本診療所"}
CORRECTED: Changes = {
    "register.register_correction_date": date(2021, 1, 4),
    "register.register_correction_reason_code": Code("201"),
}

CASES = (
    Case(
        "doctor.of_age",
        {"register.birth_date": PartialDate("2002-05-01")},
        {"register.birth_date": PartialDate("2002-05-02")},
        ("register.registration_date",),
    ),
    Case(
        "doctor.of_age",
        {"register.birth_date": PartialDate("2002-XX-XX")},
        {"register.birth_date": PartialDate("2002-06-XX")},
        ("register.registration_date",),
        notes="partial",
    ),
    Case(
        "doctor.of_age",
        {"register.birth_date": PartialDate("2000-02-29"), "register.registration_date": date(2018, 3, 1)},
        {"register.birth_date": PartialDate("2000-02-29"), "register.registration_date": date(2018, 2, 28)},
        ("register.registration_date",),
        notes="leap-day",
    ),
    Case(
        "doctor.of_age",
        {"register.birth_date": PartialDate("XXXX-XX-XX")},
        {"register.birth_date": PartialDate("2019")},
        ("register.registration_date",),
        notes="unknown",
    ),
    Case(
        "doctor.born_first",
        {"register.birth_date": PartialDate("2020-03-16")},
        {"register.birth_date": PartialDate("2020-03-17")},
        ("register.birth_date",),
    ),
    Case(
        "doctor.exam_before_registration",
        {"register.national_exam_pass_date": DAY},
        {"register.national_exam_pass_date": date(2020, 5, 2)},
        ("register.national_exam_pass_date",),
    ),
    Case(
        "doctor.exam_year",
        {"register.national_exam_year": None},
        {"register.national_exam_year": 2019},
        ("register.national_exam_year",),
    ),
    Case(
        "doctor.received_first",
        {"register.received_date": DAY},
        {"register.received_date": date(2020, 5, 2)},
        ("register.received_date",),
    ),
    Case(
        "doctor.passed_licence_type",
        {"register.passed_licence_type_code": None},
        {"register.passed_licence_type_code": Code("02")},
        ("register.passed_licence_type_code",),
    ),
    Case(
        "doctor.former_registration_whole",
        {
            f"{FORMER}prefecture_code": Code("47"),
            f"{FORMER}number": "12",
            f"{FORMER}date": date(2019, 1, 4),
        },
        {f"{FORMER}number": "12"},
        (f"{FORMER}prefecture_code", f"{FORMER}date"),
    ),
    Case(
        "doctor.former_registration_first",
        {f"{FORMER}date": DAY},
        {f"{FORMER}date": date(2020, 5, 2)},
        (f"{FORMER}date",),
    ),
    Case(
        "doctor.acts_after_registration",
        {"register.reissue_date": DAY},
        {
            "register.register_correction_date": date(2020, 4, 30),
            "register.reissue_date": date(2020, 4, 30),
            "register.deregistration_date": date(2020, 4, 30),
            "register.registration_transfer_date": date(2020, 4, 30),
        },
        (
            "register.register_correction_date",
            "register.reissue_date",
            "register.deregistration_date",
            "register.registration_transfer_date",
        ),
    ),
    Case(
        "doctor.reasons_with_dates",
        CORRECTED,
        {"register.register_correction_reason_code": Code("201"), "register.reissue_date": DAY},
        ("register.register_correction_date", "register.reissue_reason_code"),
    ),
    Case(
        "doctor.reasons_with_dates",
        {"register.reissue_date": DAY, "register.reissue_reason_text": "亡失"},
        {"register.deregistration_reason_text": "本人の申請"},
        ("register.deregistration_date",),
        notes="words",
    ),
    Case(
        "doctor.number_stays",
        CORRECTED,
        {
            **CORRECTED,
            "register.registration_number": "500002",
            "register.registration_date": date(2020, 5, 7),
        },
        ("register.registration_number", "register.registration_date"),
        before={},
        procedure="correct",
    ),
    Case(
        "doctor.number_stays",
        {"register.registration_number": "500002", "register.processing_category_code": Code("06")},
        {"register.registration_number": "500002", "register.processing_category_code": Code("02")},
        ("register.registration_number",),
        before={},
        procedure="correct",
        notes="office-error",
    ),
    Case(
        "doctor.number_stays",
        {"register.registration_number": "1234", **FOREIGN},
        {"register.registration_number": "500002", "register.domicile_code": Code("27")},
        ("register.registration_number",),
        before={},
        procedure="correct",
        notes="nationality",
    ),
    Case(
        "doctor.certification_whole",
        CERTIFIED,
        {"register.certification_number": "R0001"},
        ("register.certification_date", "register.application_health_bureau"),
    ),
    Case(
        "doctor.certified_after_registration",
        CERTIFIED,
        {**CERTIFIED, "register.certification_date": date(2020, 4, 30)},
        ("register.certification_date",),
    ),
    Case(
        "doctor.reeducation_ordered",
        {
            "reeducation.reeducation_order_registered_date": date(2023, 4, 3),
            "reeducation.reeducation_completion_registered_date": date(2023, 4, 3),
        },
        {"reeducation.reeducation_completion_registered_date": date(2023, 4, 3)},
        ("reeducation.reeducation_order_registered_date",),
    ),
    Case(
        "doctor.reeducation_ordered",
        {"reeducation.reeducation_order_registered_date": date(2023, 4, 3)},
        {
            "reeducation.reeducation_order_registered_date": date(2023, 4, 4),
            "reeducation.reeducation_completion_registered_date": date(2023, 4, 3),
        },
        ("reeducation.reeducation_order_registered_date",),
        notes="order",
    ),
    Case(
        "doctor.given_name_of_nationals",
        {"register.given_name": None, **FOREIGN},
        {"register.given_name": None},
        ("register.given_name",),
    ),
    Case(
        "doctor.given_name_kana",
        {"register.given_name": None, "register.given_name_kana": None},
        {"register.given_name_kana": None},
        ("register.given_name_kana",),
    ),
    Case(
        "doctor.given_name_kana",
        {},
        {"register.given_name": None},
        ("register.given_name",),
        notes="name",
    ),
    Case(
        "doctor.common_name_kana",
        COMMON,
        {**COMMON, "register.common_family_name_kana": None, "register.common_given_name": None},
        ("register.common_family_name_kana", "register.common_given_name"),
    ),
    Case(
        "doctor.common_name_of_foreign_nationals",
        {**COMMON, **FOREIGN},
        COMMON,
        ("register.common_family_name",),
    ),
    Case(
        "doctor.former_family_name_kana",
        {"register.former_family_name": "旧姓", "register.former_family_name_kana": Kana("キュウセイ")},
        {"register.former_family_name": "旧姓"},
        ("register.former_family_name_kana",),
    ),
    Case(
        "doctor.email_consent",
        {
            "practice_report.email_use_consent": True,
            "practice_report.email_address": Email("holder@example.jp"),
        },
        {"practice_report.email_use_consent": True},
        ("practice_report.email_address",),
    ),
    Case(
        "doctor.workplaces_named",
        {**SECOND, "practice_report.secondary_workplace_working_days": 1},
        {
            "practice_report.main_workplace_name": None,
            "practice_report.secondary_workplace_phone": Phone("000-0000-0000"),
        },
        ("practice_report.main_workplace_name", "practice_report.secondary_workplace_name"),
    ),
    Case(
        "doctor.main_workplace_first",
        SECOND,
        {**SECOND, "practice_report.main_workplace_name": None},
        ("practice_report.main_workplace_name",),
    ),
    Case(
        "doctor.secondary_workplace_count",
        {**SECOND, "practice_report.secondary_workplace_count": 2},
        {**SECOND, "practice_report.secondary_workplace_count": 0},
        ("practice_report.secondary_workplace_count",),
    ),
    Case(
        "doctor.secondary_workplace_count",
        {"practice_report.secondary_workplace_count": 0},
        {"practice_report.secondary_workplace_count": 1},
        ("practice_report.secondary_workplace_count",),
        notes="none-named",
    ),
    Case(
        "doctor.childbirth_department",
        {
            "practice_report.handles_childbirth": True,
            "practice_report.clinical_departments": (Code("31"),),
        },
        {"practice_report.handles_childbirth": True},
        ("practice_report.clinical_departments",),
    ),
    Case(
        "doctor.regional_quota_service",
        {
            "practice_report.regional_quota_service_required": True,
            "practice_report.regional_quota_service_years": 9,
        },
        {"practice_report.regional_quota_service_years": 9},
        ("practice_report.regional_quota_service_required",),
    ),
    Case(
        "doctor.regional_quota_service",
        {"practice_report.regional_quota_service_completed": False},
        {
            "practice_report.regional_quota_service_required": False,
            "practice_report.regional_quota_service_place": "見本県",
        },
        ("practice_report.regional_quota_service_required",),
        notes="not-required",
    ),
)


def found(rule: DeclaredRule, changes: Changes, case: Case) -> list[str]:
    """The paths at which the rule finds something."""
    previous: Record | None = None if case.before is None else changed(case.before)
    findings = rule.findings(changed(changes), previous, case.procedure, DAY)
    assert {finding.rule for finding in findings} <= {rule.id}
    return [".".join(finding.path) for finding in findings]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_passes(case: Case) -> None:
    assert found(BY_ID[case.rule], case.passes, case) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_breaks(case: Case) -> None:
    assert found(BY_ID[case.rule], case.breaks, case) == list(case.paths)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_findings_speak_both_languages_and_repeat_no_value(case: Case) -> None:
    previous = None if case.before is None else changed(case.before)
    for finding in BY_ID[case.rule].findings(changed(case.breaks), previous, case.procedure, DAY):
        assert finding.cites == BY_ID[case.rule].cites != ""
        assert finding.ja.endswith("。")
        assert finding.en.isascii()
        assert finding.en.endswith(".")
        assert not any(digit in finding.ja + finding.en for digit in "0123456789")


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == BY_ID.keys()


def test_ids_are_unlike_one_another() -> None:
    assert len(BY_ID) == len(RULES) == 25


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_sound_record_breaks_no_rule(rule: DeclaredRule) -> None:
    assert rule.findings(SOUND, None, "register", DAY) == []
    assert rule.findings(SOUND, SOUND, "correct", DAY) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_empty_record_breaks_no_rule(rule: DeclaredRule) -> None:
    """What is missing is for the required items to say."""
    empty = Record({key: type(group).of() for key, group in SOUND.groups.items()})
    assert rule.findings(empty, None, "register", DAY) == []
