"""Every rule that the medical file shares, in each of the seven professions: what passes, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from meibo.plugin import Code, Email, Kana, PartialDate, Phone, Record
from tests.plugins.medical.cases import Case, Changes, check
from tests.plugins.medical.professions import CODES, DAY, FACTS, HOST, sound

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
CORRECTED: Changes = {
    "register.register_correction_date": date(2021, 1, 4),
    "register.register_correction_reason_code": Code("201"),
}

ENTRY_CASES = (
    Case(
        "born_first",
        {"register.birth_date": PartialDate("2020-03-16")},
        {"register.birth_date": PartialDate("2020-03-17")},
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
        "passed_licence_type",
        {"register.passed_licence_type_code": None},
        {"register.passed_licence_type_code": Code("02")},
        ("register.passed_licence_type_code",),
    ),
    Case(
        "former_registration_whole",
        {
            f"{FORMER}prefecture_code": Code("47"),
            f"{FORMER}number": "12",
            f"{FORMER}date": date(2019, 1, 4),
        },
        {f"{FORMER}number": "12"},
        (f"{FORMER}prefecture_code", f"{FORMER}date"),
    ),
    Case(
        "former_registration_first",
        {f"{FORMER}date": DAY},
        {f"{FORMER}date": date(2020, 5, 2)},
        (f"{FORMER}date",),
    ),
    Case(
        "acts_after_registration",
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
        "reasons_with_dates",
        CORRECTED,
        {"register.register_correction_reason_code": Code("201"), "register.reissue_date": DAY},
        ("register.register_correction_date", "register.reissue_reason_code"),
    ),
    Case(
        "reasons_with_dates",
        {"register.reissue_date": DAY, "register.reissue_reason_text": "亡失"},
        {"register.deregistration_reason_text": "本人の申請"},
        ("register.deregistration_date",),
        notes="words",
    ),
    Case(
        "number_stays",
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
        "number_stays",
        {"register.registration_number": "500002", "register.processing_category_code": Code("06")},
        {"register.registration_number": "500002", "register.processing_category_code": Code("02")},
        ("register.registration_number",),
        before={},
        procedure="correct",
        notes="office-error",
    ),
    Case(
        "number_stays",
        {"register.registration_number": "1234", **FOREIGN},
        {"register.registration_number": "500002", "register.domicile_code": Code("27")},
        ("register.registration_number",),
        before={},
        procedure="correct",
        notes="nationality",
    ),
    Case(
        "certification_whole",
        CERTIFIED,
        {"register.certification_number": "R0001"},
        ("register.certification_date", "register.application_health_bureau"),
    ),
    Case(
        "certified_after_registration",
        CERTIFIED,
        {**CERTIFIED, "register.certification_date": date(2020, 4, 30)},
        ("register.certification_date",),
    ),
    Case(
        "given_name_of_nationals",
        {"register.given_name": None, **FOREIGN},
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
        "given_name_kana",
        {},
        {"register.given_name": None},
        ("register.given_name",),
        notes="name",
    ),
    Case(
        "common_name_kana",
        COMMON,
        {**COMMON, "register.common_family_name_kana": None, "register.common_given_name": None},
        ("register.common_family_name_kana", "register.common_given_name"),
    ),
    Case(
        "common_name_of_foreign_nationals",
        {**COMMON, **FOREIGN},
        COMMON,
        ("register.common_family_name",),
    ),
    Case(
        "former_family_name_kana",
        {"register.former_family_name": "旧姓", "register.former_family_name_kana": Kana("キュウセイ")},
        {"register.former_family_name": "旧姓"},
        ("register.former_family_name_kana",),
    ),
)
AGE_CASES = (
    Case(
        "of_age",
        {"register.birth_date": PartialDate("2002-05-01")},
        {"register.birth_date": PartialDate("2002-05-02")},
        ("register.registration_date",),
    ),
    Case(
        "of_age",
        {"register.birth_date": PartialDate("2002-XX-XX")},
        {"register.birth_date": PartialDate("2002-06-XX")},
        ("register.registration_date",),
        notes="partial",
    ),
    Case(
        "of_age",
        {"register.birth_date": PartialDate("2000-02-29"), "register.registration_date": date(2018, 3, 1)},
        {"register.birth_date": PartialDate("2000-02-29"), "register.registration_date": date(2018, 2, 28)},
        ("register.registration_date",),
        notes="leap-day",
    ),
    Case(
        "of_age",
        {"register.birth_date": PartialDate("XXXX-XX-XX")},
        {"register.birth_date": PartialDate("2019")},
        ("register.registration_date",),
        notes="unknown",
    ),
)
REEDUCATION_CASES = (
    Case(
        "reeducation_ordered",
        {
            "reeducation.reeducation_order_registered_date": date(2023, 4, 3),
            "reeducation.reeducation_completion_registered_date": date(2023, 4, 3),
        },
        {"reeducation.reeducation_completion_registered_date": date(2023, 4, 3)},
        ("reeducation.reeducation_order_registered_date",),
    ),
    Case(
        "reeducation_ordered",
        {"reeducation.reeducation_order_registered_date": date(2023, 4, 3)},
        {
            "reeducation.reeducation_order_registered_date": date(2023, 4, 4),
            "reeducation.reeducation_completion_registered_date": date(2023, 4, 3),
        },
        ("reeducation.reeducation_order_registered_date",),
        notes="order",
    ),
)
SECOND: Changes = {"practice_report.secondary_workplace_name": "見本診療所"}
REPORT_CASES = (
    Case(
        "email_consent",
        {
            "practice_report.email_use_consent": True,
            "practice_report.email_address": Email("holder@example.jp"),
        },
        {"practice_report.email_use_consent": True},
        ("practice_report.email_address",),
    ),
    Case(
        "workplaces_named",
        {**SECOND, "practice_report.secondary_workplace_address": "見本県"},
        {
            "practice_report.main_workplace_name": None,
            "practice_report.main_workplace_address": "見本県",
            "practice_report.secondary_workplace_phone": Phone("000-0000-0000"),
        },
        ("practice_report.main_workplace_name", "practice_report.secondary_workplace_name"),
    ),
    Case(
        "main_workplace_first",
        SECOND,
        {**SECOND, "practice_report.main_workplace_name": None},
        ("practice_report.main_workplace_name",),
    ),
)


def not_before_the_act(since: date) -> Case:
    """The rule of registers that an act founded."""
    return Case(
        "not_before_the_act",
        {"register.registration_date": since},
        {"register.registration_date": date.fromordinal(since.toordinal() - 1)},
        ("register.registration_date",),
    )


OWN = {
    "doctor": 3,
    "dentist": 1,
    "midwife": 1,
}
"""How many rules a profession has beside those that it shares; its own tests hold them."""


def cases_of(code: str) -> list[Case]:
    """The shared cases that a profession must pass."""
    facts = FACTS[code]
    return [
        *ENTRY_CASES,
        *(AGE_CASES if facts.public else [not_before_the_act(facts.since)]),
        *(REEDUCATION_CASES if facts.reeducation else ()),
        *(REPORT_CASES if facts.reports else ()),
    ]


@pytest.mark.parametrize("code", CODES)
def test_cases(code: str) -> None:
    for case in cases_of(code):
        check(HOST[code], case)


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_case(code: str) -> None:
    rules = {rule.id.removeprefix(f"{code}.") for rule in HOST[code].rules}
    shared = {case.rule for case in cases_of(code)}
    assert shared <= rules
    assert len(rules - shared) == OWN.get(code, 0)
    assert len(rules) == len(HOST[code].rules)


@pytest.mark.parametrize("code", CODES)
def test_every_rule_says_what_holds_in_both_languages_and_what_it_rests_on(code: str) -> None:
    for rule in HOST[code].rules:
        assert rule.texts[0].endswith("。")
        assert rule.texts[1].endswith(".")
        assert "item" in rule.cites
        assert rule.cites.startswith(("item", FACTS[code].acts[0], "戸籍法", "住民基本台帳法施行令"))


@pytest.mark.parametrize("code", CODES)
def test_sound_and_empty_records_break_no_rule(code: str) -> None:
    """What is missing is for the required items to say."""
    profession, record = HOST[code], sound(HOST[code])
    empty = Record({key: type(group).of() for key, group in record.groups.items()})
    assert profession.findings(record, None, "register", DAY) == []
    assert profession.findings(record, record, "correct", DAY) == []
    assert profession.findings(empty, None, "register", DAY) == []


def test_the_law_of_each_stands_in_its_rules() -> None:
    cited = {code: {r.id.rpartition(".")[2]: r.cites for r in HOST[code].rules} for code in CODES}
    assert {code: rules["exam_before_registration"] for code, rules in cited.items()} == {
        "doctor": "医師法2条、6条1項、items 8, 13",
        "dentist": "歯科医師法2条、6条1項、items 36, 41",
        "public_health_nurse": "保健師助産師看護師法7条1項、12条1項、items 8, 13",
        "midwife": "保健師助産師看護師法7条2項、12条2項、items 8, 13",
        "nurse": "保健師助産師看護師法7条3項、12条3項、items 8, 13",
        "physical_therapist": "理学療法士及び作業療法士法3条、6条1項、items 8, 13",
        "clinical_laboratory_technologist": "臨床検査技師等に関する法律3条、6条1項、items 8, 13",
    }
    assert cited["doctor"]["reasons_with_dates"] == "items 28-39"
    assert cited["dentist"]["number_stays"] == "歯科医師法施行令4条1号、5条、items 32, 36, 45, 72"
    assert cited["nurse"]["reeducation_ordered"] == "保健師助産師看護師法15条の2第1項・第2項、items 60, 61"
