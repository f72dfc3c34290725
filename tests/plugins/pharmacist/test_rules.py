"""Every rule of pharmacists with a case that it lets pass and one that it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from meibo.host import load_host
from meibo.plugin import Code, DeclaredRule, Kana, PartialDate
from tests.plugins.pharmacist.records import DAY, HELD, SOUND, changed

RULES = load_host(only={"pharmacist"})["pharmacist"].rules
BY_ID = {rule.id.removeprefix("pharmacist."): rule for rule in RULES}
Changes = dict[str, object]
FOREIGN: Changes = {"register.domicile_code": Code("410")}
FORMER = "register.former_registration_"
ENTRY, REGISTER = "application_entry.", "register."


@dataclass(frozen=True)
class Case:
    """A rule, changes to the sound record that it lets pass, changes that it refuses, and where it points."""

    rule: str
    passes: Changes
    breaks: Changes
    paths: tuple[str, ...]
    before: Changes | None = None
    procedure: str = "register"


CASES = (
    Case(
        "of_age",
        {"register.birth_date": PartialDate("2002-05-01")},
        {"register.birth_date": PartialDate("2002-05-02")},
        ("register.registration_date",),
    ),
    Case(
        "born_first",
        {"register.received_date": date(1995, 1, 15)},
        {"register.received_date": date(1995, 1, 14)},
        ("register.birth_date",),
    ),
    Case(
        "exam_before_registration",
        {"register.national_exam_pass_date": DAY},
        {"register.national_exam_pass_date": date(2020, 5, 2)},
        ("register.national_exam_pass_date",),
    ),
    Case(
        "exam_year",
        {"register.national_exam_year": None},
        {"register.national_exam_year": 2019},
        ("register.national_exam_year",),
    ),
    Case(
        "received_first",
        {"register.received_date": DAY},
        {"register.received_date": date(2020, 5, 2)},
        ("register.received_date",),
    ),
    Case(
        "former_registration_whole",
        {
            f"{FORMER}prefecture_code": Code("13"),
            f"{FORMER}number": "77",
            f"{FORMER}date": date(2001, 1, 1),
        },
        {f"{FORMER}number": "77"},
        (f"{FORMER}prefecture_code", f"{FORMER}date"),
    ),
    Case(
        "former_registration_first",
        {f"{FORMER}date": DAY},
        {f"{FORMER}date": date(2020, 5, 2)},
        (f"{FORMER}date",),
    ),
    Case(
        "number_stays",
        FOREIGN | {"register.registration_number": "600002"},
        {"register.registration_number": "600002", "register.registration_date": date(2020, 5, 2)},
        ("register.registration_number", "register.registration_date"),
        before={},
        procedure="correct",
    ),
    Case(
        "given_name_of_nationals",
        FOREIGN | {"register.given_name": None},
        {"register.given_name": None},
        ("register.given_name",),
    ),
    Case(
        "given_name_kana",
        {"register.given_name": None, "register.given_name_kana": None},
        {"register.given_name_kana": None},
        ("register.given_name_kana",),
    ),
    Case(
        "common_name_kana",
        {"register.common_given_name": "花", "register.common_given_name_kana": Kana("ハナ")},
        {"register.common_given_name": "花", "register.common_family_name_kana": Kana("ミホン")},
        ("register.common_family_name", "register.common_given_name_kana"),
    ),
    Case(
        "common_name_of_foreign_nationals",
        FOREIGN | {"register.common_family_name": "見本"},
        {"register.common_family_name": "見本"},
        ("register.common_family_name",),
    ),
    Case(
        "former_family_name_kana",
        {"register.former_family_name": "旧", "register.former_family_name_kana": Kana("キュウ")},
        {"register.former_family_name": "旧"},
        ("register.former_family_name_kana",),
    ),
    Case(
        "acts_after_registration",
        {"register.erasure_date": DAY, "register.error_correction_date": DAY},
        {"register.roll_correction_date": date(2020, 4, 30), "register.erasure_date": date(2020, 4, 30)},
        ("register.roll_correction_date", "register.erasure_date"),
    ),
    Case(
        "reasons_with_dates",
        {"register.erasure_date": DAY, "register.erasure_reason_text": "申請"},
        {"register.erasure_date": DAY, "register.error_correction_reason_code": Code("601")},
        ("register.erasure_reason_code", "register.error_correction_date"),
    ),
    Case(
        "pass_registration_category",
        {"register.pass_registration_category_code": None},
        {"register.pass_registration_category_code": Code("02")},
        ("register.pass_registration_category_code",),
    ),
    Case(
        "exam_agrees",
        {"exam.exam_number": None, "exam.pass_certificate_number": "A1"},
        {"exam.exam_number": "12346", "exam.national_exam_pass_date": date(2020, 3, 25)},
        ("exam.exam_number", "exam.national_exam_pass_date"),
    ),
    Case(
        "application_agrees",
        {f"{ENTRY}registration_id": None, f"{ENTRY}registration_date": DAY},
        {f"{ENTRY}registration_id": 8, f"{ENTRY}registration_number": "600002"},
        (f"{ENTRY}registration_id", f"{ENTRY}registration_number"),
    ),
    Case(
        "application_ready",
        {f"{ENTRY}provisional_completion_flag": True},
        {f"{ENTRY}hold_flag": True, f"{ENTRY}error_flag": True},
        (f"{ENTRY}hold_flag", f"{ENTRY}error_flag"),
    ),
    Case(
        "held_since",
        {f"{ENTRY}hold_flag": True, f"{ENTRY}held_at": HELD},
        {f"{ENTRY}held_at": HELD},
        (f"{ENTRY}held_at",),
    ),
    Case(
        "own_parent",
        {f"{ENTRY}parent_entry_id": 11},
        {f"{ENTRY}parent_entry_id": 12},
        (f"{ENTRY}parent_entry_id",),
    ),
    Case(
        "provisional_between",
        {f"{ENTRY}provisional_registration_date": date(2020, 4, 2)},
        {f"{ENTRY}provisional_registration_date": date(2020, 4, 1)},
        (f"{ENTRY}provisional_registration_date",),
    ),
    Case(
        "provisional_between",
        {f"{ENTRY}provisional_registration_date": DAY},
        {f"{ENTRY}provisional_registration_date": date(2020, 5, 2)},
        (f"{ENTRY}provisional_registration_date",),
    ),
    Case(
        "pass_date_presence",
        {"exam.pass_date_presence_code": Code("1"), f"{ENTRY}pass_date_presence_code": Code("0")},
        {"exam.pass_date_presence_code": Code("0"), "register.pass_date_presence_code": Code("0")},
        ("exam.pass_date_presence_code", "register.pass_date_presence_code"),
    ),
)
LATER = (
    ("application_agrees", {f"{ENTRY}registration_number": "600002"}),
    ("application_ready", {f"{ENTRY}hold_flag": True}),
)
"""What holds at registration alone."""


def found(case: Case, changes: Changes) -> tuple[str, ...]:
    """The paths that the case's rule finds."""
    before = None if case.before is None else changed(case.before)
    findings = BY_ID[case.rule].findings(changed(changes), before, case.procedure, DAY)
    assert {f.rule for f in findings} <= {f"pharmacist.{case.rule}"}
    return tuple(".".join(f.path) for f in findings)


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == BY_ID.keys()
    assert len(RULES) == 23


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_lets_pass_and_refuses(case: Case) -> None:
    assert found(case, {}) == ()
    assert found(case, case.passes) == ()
    assert found(case, case.breaks) == case.paths


@pytest.mark.parametrize(("rule", "changes"), LATER)
def test_what_an_application_promised_binds_no_correction(rule: str, changes: Changes) -> None:
    findings = BY_ID[rule].findings(changed(changes), SOUND, "correct", DAY)
    assert findings == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_cites_and_speaks_both_languages(rule: DeclaredRule) -> None:
    assert rule.id.startswith("pharmacist.")
    assert rule.cites
    ja, en = rule.texts
    assert ja.endswith("。")
    assert en.endswith(".")
