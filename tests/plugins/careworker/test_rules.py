"""Every rule with a case that it lets pass and one that it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from meibo.host import load_host
from meibo.plugin import Code, DeclaredRule, EraMonth, Kana, Record
from tests.plugins.careworker.records import DAY, FIXED_TERM, SOUND, changed, era

RULES = load_host(only={"careworker"})["careworker"].rules
BY_ID = {rule.id.removeprefix("careworker."): rule for rule in RULES}
Changes = dict[str, object]


@dataclass(frozen=True)
class Case:
    """A rule, changes to a record that it lets pass, changes that it refuses, and where it points."""

    rule: str
    passes: Changes
    breaks: Changes
    paths: tuple[str, ...]
    record: Record = SOUND
    before: Record | None = None
    procedure: str = "register"
    day: date = DAY
    notes: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.rule}{'-' if self.notes else ''}{self.notes}"


FOREIGN: Changes = {"domicile_code": Code("704")}
TERM_OVER = date(2025, 3, 31)
BY_WORK: Changes = {
    "expiry_release_reason": Code("02"),
    "expiry_release_date_wareki": era("2025-04-01"),
}
BY_EXAMINATION: Changes = {
    "expiry_release_reason": Code("01"),
    "expiry_release_date_wareki": era("2024-03-25"),
    "pass_certificate_number": "K000002",
    "pass_month_wareki": EraMonth("5", "0603"),
}
STRUCK_OFF: Changes = {"erasure_date_wareki": era("2021-06-01"), "erasure_reason": Code("401")}
SUSPENDED: Changes = {"suspension_date_wareki": era("2021-06-01"), "suspension_reason": Code("771")}
LONG = "見本" * 30

CASES = (
    Case(
        "grounds",
        {"pass_certificate_number": None, "pass_month_wareki": None, "training_facility_code": Code("1")},
        {"pass_certificate_number": None, "pass_month_wareki": None},
        ("pass_month_wareki",),
    ),
    Case(
        "examination_whole",
        {},
        {"pass_certificate_number": None},
        ("pass_certificate_number",),
    ),
    Case(
        "examination_before_registration",
        {"pass_month_wareki": EraMonth("5", "0205")},
        {"pass_month_wareki": EraMonth("5", "0206")},
        ("pass_month_wareki",),
    ),
    Case(
        "examination_before_registration",
        BY_EXAMINATION,
        BY_EXAMINATION | {"fixed_term_registration": None, "training_facility_code": None},
        ("pass_month_wareki",),
        record=FIXED_TERM,
        notes="term",
    ),
    Case(
        "since_the_act",
        {"registration_date_wareki": era("1988-04-01")},
        {"registration_date_wareki": era("1988-03-31")},
        ("registration_date_wareki",),
    ),
    Case(
        "born_first",
        {"birth_date_wareki": era("2020-03-01")},
        {"birth_date_wareki": era("2020-03-02")},
        ("birth_date_wareki",),
    ),
    Case(
        "foreign_nationals",
        FOREIGN | {"epa_flag": True},
        {"epa_flag": True, "study_abroad_flag": True},
        ("epa_flag", "study_abroad_flag"),
    ),
    Case(
        "acts_after_registration",
        {"correction_date_wareki": era("2020-05-01"), "reissue_date_wareki": era("2020-05-01")},
        {"correction_date_wareki": era("2020-04-30"), "suspension_date_wareki": era("2020-04-30")},
        ("correction_date_wareki", "suspension_date_wareki"),
    ),
    Case(
        "reasons_with_dates",
        STRUCK_OFF | SUSPENDED,
        {"erasure_reason": Code("401"), "suspension_date_wareki": era("2021-06-01")},
        ("erasure_date_wareki", "suspension_reason"),
    ),
    Case(
        "undone_after",
        STRUCK_OFF | {"erasure_cancellation_date_wareki": era("2021-06-01")},
        STRUCK_OFF | {"erasure_cancellation_date_wareki": era("2021-05-31")},
        ("erasure_cancellation_date_wareki",),
        notes="striking-off",
    ),
    Case(
        "undone_after",
        SUSPENDED | {"suspension_release_date_wareki": era("2021-07-01")},
        {"suspension_release_date_wareki": era("2021-07-01")},
        ("suspension_release_date_wareki",),
        notes="suspension",
    ),
    Case(
        "anew_after_striking_off",
        STRUCK_OFF | {"reregistration_possible_date_wareki": era("2023-06-01")},
        {"reregistration_possible_date_wareki": era("2023-06-01")},
        ("reregistration_possible_date_wareki",),
    ),
    Case(
        "training_whole",
        {
            "designated_training_completed": True,
            "designated_training_completion_date_wareki": era("2021-02-01"),
        },
        {"designated_training_completed": True},
        ("designated_training_completion_date_wareki",),
    ),
    Case(
        "training_whole",
        {"designated_training_completed": False},
        {"designated_training_completion_date_wareki": era("2021-02-01")},
        ("designated_training_completed",),
        notes="day",
    ),
    Case(
        "annotations_whole",
        {
            "annotated_qualification_1": Code("01"),
            "annotated_qualification_1_date_wareki": era("2021-02-01"),
            "annotated_qualification_2": Code("04"),
            "annotated_qualification_2_date_wareki": era("2021-02-01"),
        },
        {
            "annotated_qualification_1": Code("01"),
            "annotated_qualification_2_date_wareki": era("2021-02-01"),
        },
        ("annotated_qualification_1_date_wareki", "annotated_qualification_2"),
    ),
    Case(
        "annotations_whole",
        {},
        {
            "annotated_qualification_1": Code("01"),
            "annotated_qualification_1_date_wareki": era("2021-02-01"),
            "annotated_qualification_2": Code("01"),
            "annotated_qualification_2_date_wareki": era("2021-02-01"),
            "annotated_qualification_4": Code("02"),
            "annotated_qualification_4_date_wareki": era("2021-02-01"),
        },
        ("annotated_qualification_2", "annotated_qualification_4"),
        notes="order",
    ),
    Case(
        "given_name_of_nationals",
        FOREIGN | {"given_name": None},
        {"given_name": None},
        ("given_name",),
    ),
    Case("given_name_kana", {}, {"given_name_kana": None}, ("given_name_kana",)),
    Case(
        "common_name_of_foreign_nationals",
        FOREIGN | {"common_name": "見本蓮"},
        {"common_name": "見本蓮"},
        ("common_name",),
    ),
    Case(
        "common_name_of_foreign_nationals",
        FOREIGN | {"common_name_former_family": "見本蓮"},
        {"common_name_former_family": "見本蓮"},
        ("common_name_former_family",),
        notes="former",
    ),
    Case(
        "long_names",
        {"former_family_name": LONG[:50], "former_family_name_long": LONG},
        {"former_family_name_long": LONG},
        ("former_family_name_long",),
    ),
    Case(
        "long_names",
        FOREIGN | {"common_name": LONG[:50], "common_name_long": LONG},
        FOREIGN | {"common_name": "見本蓮", "common_name_long": "見本"},
        ("common_name_long",),
        notes="shorter",
    ),
    Case(
        "long_full_names",
        {"family_name": LONG[:50], "full_name_kanji_long": LONG + "　花子"},
        {"full_name_kanji_long": "見本　花子"},
        ("full_name_kanji_long",),
    ),
    Case(
        "long_full_names",
        {"family_name_kana": Kana("ミ" * 50), "full_name_kana_long": Kana("ミ" * 60 + " ハナコ")},
        {"full_name_kana_long": Kana("ミホン ハナコ")},
        ("full_name_kana_long",),
        notes="kana",
    ),
    Case(
        "latin_letters",
        {"full_name_alphabet": "Mihôn-O'Hanako, J."},
        {"full_name_alphabet": "Mihon はなこ"},
        ("full_name_alphabet",),
    ),
    Case(
        "flags_with_names",
        {"former_family_name_flag": True, "former_family_name": "旧見本", "common_name_flag": False},
        {"former_family_name_flag": True, "common_name_flag": True, "former_and_common_name_flag": True},
        ("former_family_name", "common_name", "common_name_former_family"),
    ),
    Case(
        "term_whole",
        {},
        {"expiry_date_wareki": None, "training_facility_code": None},
        ("expiry_date_wareki", "training_facility_code"),
        record=FIXED_TERM,
    ),
    Case(
        "term_whole",
        {"fixed_term_registration": False},
        {"available_leave_days": 0},
        ("fixed_term_registration",),
        notes="none",
    ),
    Case(
        "e_number",
        {"registration_number": "ｅ-000001"},
        {"registration_number": "000001"},
        ("registration_number",),
        record=FIXED_TERM,
    ),
    Case(
        "e_number",
        BY_WORK | {"registration_number": "000001"},
        {"fixed_term_registration": False},
        ("registration_number",),
        record=FIXED_TERM,
        notes="lifted",
    ),
    Case(
        "term_end",
        {"expiry_date_wareki": era("2025-06-29"), "total_leave_days": 90},
        {"expiry_date_wareki": era("2025-06-29"), "total_leave_days": 89},
        ("expiry_date_wareki",),
        record=FIXED_TERM,
        notes="leave",
    ),
    Case(
        "term_end",
        {"expiry_date_wareki": era("2032-03-31")},
        {"expiry_date_wareki": era("2033-03-31")},
        ("expiry_date_wareki",),
        record=FIXED_TERM,
        notes="last",
    ),
    Case(
        "term_end",
        {"expiry_date_wareki": era("2023-03-31")},
        {"expiry_date_wareki": era("2022-03-31")},
        ("expiry_date_wareki",),
        record=FIXED_TERM,
        notes="first",
    ),
    Case(
        "term_after_registration",
        {"registration_date_wareki": era("2025-03-31")},
        {"registration_date_wareki": era("2025-04-01")},
        ("expiry_date_wareki",),
        record=FIXED_TERM,
    ),
    Case(
        "leave_within_limits",
        {"expiry_date_wareki": era("2030-03-31"), "total_leave_days": 1826, "available_leave_days": 0},
        {"expiry_date_wareki": era("2030-04-01"), "total_leave_days": 1827},
        ("total_leave_days",),
        record=FIXED_TERM,
    ),
    Case(
        "leave_within_limits",
        {"expiry_date_wareki": era("2025-06-29"), "total_leave_days": 90, "available_leave_days": 1736},
        {"expiry_date_wareki": era("2025-06-29"), "total_leave_days": 90, "available_leave_days": 1737},
        ("available_leave_days",),
        record=FIXED_TERM,
        notes="open",
    ),
    Case(
        "lifting_whole",
        BY_WORK,
        {"expiry_release_date_wareki": era("2025-04-01")},
        ("expiry_release_reason",),
        record=FIXED_TERM,
    ),
    Case(
        "lifted_within_term",
        {"expiry_release_date_wareki": era("2025-04-01")},
        {"expiry_release_date_wareki": era("2025-04-02")},
        ("expiry_release_date_wareki",),
        record=FIXED_TERM,
    ),
    Case(
        "lifted_within_term",
        {"expiry_release_date_wareki": era("2020-05-01")},
        {"expiry_release_date_wareki": era("2020-04-30")},
        ("expiry_release_date_wareki",),
        record=FIXED_TERM,
        notes="registered",
    ),
    Case(
        "lifted_by_examination",
        BY_EXAMINATION | {"pass_month_wareki": EraMonth("5", "0703")},
        BY_EXAMINATION | {"pass_month_wareki": EraMonth("5", "0704")},
        ("pass_month_wareki",),
        record=FIXED_TERM,
    ),
    Case(
        "lifted_by_examination",
        BY_WORK,
        {"expiry_release_reason": Code("01")},
        ("pass_month_wareki",),
        record=FIXED_TERM,
        notes="unknown",
    ),
    Case(
        "lifted_by_work",
        BY_WORK | {"expiry_release_date_wareki": era("2025-03-31")},
        BY_WORK | {"expiry_release_date_wareki": era("2025-03-30")},
        ("expiry_release_date_wareki",),
        record=FIXED_TERM,
    ),
    Case(
        "notice_in_time",
        {},
        BY_WORK,
        ("expiry_release_reason",),
        record=FIXED_TERM,
        before=FIXED_TERM,
        procedure="correct",
        day=date(2025, 4, 15),
        notes="late",
    ),
)


def found(rule: DeclaredRule, changes: Changes, case: Case) -> list[str]:
    """The items of the register at which the rule finds something."""
    findings = rule.findings(changed(changes, case.record), case.before, case.procedure, case.day)
    assert {finding.rule for finding in findings} <= {rule.id}
    assert {finding.path[0] for finding in findings} <= {"register"}
    return [finding.path[1] for finding in findings]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_passes(case: Case) -> None:
    assert found(BY_ID[case.rule], case.passes, case) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_breaks(case: Case) -> None:
    assert found(BY_ID[case.rule], case.breaks, case) == list(case.paths)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_findings_speak_both_languages_and_repeat_no_value(case: Case) -> None:
    record = changed(case.breaks, case.record)
    own = {str(v) for _, v in record.groups["register"].values() if isinstance(v, str) and len(v) > 2}
    for finding in BY_ID[case.rule].findings(record, case.before, case.procedure, case.day):
        assert finding.cites == BY_ID[case.rule].cites != ""
        assert finding.ja.endswith("。")
        assert finding.en.isascii()
        assert finding.en.endswith(".")
        assert not any(value in finding.ja + finding.en for value in own)


def test_work_is_told_within_14_days() -> None:
    rule, told = BY_ID["notice_in_time"], changed(BY_WORK, FIXED_TERM)
    last, late = TERM_OVER + timedelta(days=14), TERM_OVER + timedelta(days=15)
    assert rule.findings(told, FIXED_TERM, "correct", last) == []
    assert len(rule.findings(told, FIXED_TERM, "correct", late)) == 1
    assert rule.findings(told, told, "correct", late) == []  # Told before: this act corrects something else.


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == BY_ID.keys()


def test_ids_are_unlike_one_another() -> None:
    assert len(BY_ID) == len(RULES) == 29


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("record", [SOUND, FIXED_TERM], ids=["examination", "term"])
def test_sound_records_break_no_rule(rule: DeclaredRule, record: Record) -> None:
    assert rule.findings(record, None, "register", DAY) == []
    assert rule.findings(record, record, "correct", DAY) == []
    assert rule.texts[0].endswith("。")
    assert rule.texts[1].endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_empty_record_only_lacks_its_grounds(rule: DeclaredRule) -> None:
    """What else is missing is for the required items to say."""
    empty = Record({"register": type(SOUND.groups["register"]).of()})
    found = [".".join(f.path) for f in rule.findings(empty, None, "register", DAY)]
    assert found == (["register.pass_month_wareki"] if rule.id == "careworker.grounds" else [])
