"""Dentists (歯科医師): what the register keeps, asks, charges, shows and forgets."""

from collections.abc import Mapping
from datetime import date
from random import Random

from meibo.plugin import (
    CODE_TABLES,
    FamilyRegister,
    Groups,
    Numbers,
    ProfessionPlugin,
    PublicSearch,
    ResidentRecord,
    SyntheticPerson,
    code_rows,
    hookimpl,
    masters,
    medical,
)
from meibo_dentist import demo, items
from meibo_dentist.rules import RULES

# The order's articles are from memory: it follows 医師法施行令 article by article.
LAW = medical.Law(
    act="歯科医師法",
    since=date(1948, 10, 27),
    examined="2条",
    roll="5条",
    entry="6条1項",
    founded=False,
    of_age="3条",
    practice_report="6条3項",
    measures="7条",
    stop=("歯科医業の停止", "Suspension of practice"),
    longest_stop=36,
    reeducation="7条の2",
    order="歯科医師法施行令",
    application="3条",
    facts="4条1号",
    correction="5条",
    striking_off="6条",
    rewriting="8条",
    reissue="9条",
    numbers=("16", "28", "57の3"),
)
LICENCE_TYPES, *OTHER_TABLES = CODE_TABLES
GROUPS: Groups = (
    items.DentistPracticeReport,
    items.DentistRegister,
    items.DentistReeducation,
    LICENCE_TYPES,
    *masters(*OTHER_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
REPORTED = tuple(
    f"practice_report.{name}"
    for name in (
        "family_name",
        "given_name",
        "family_name_kana",
        "given_name_kana",
        "birth_date",
        "sex_code",
        "registration_number",
        "registration_date",
        "address",
        "phone_number",
        "email_address",
        "email_use_consent",
        "practice_type",
        "main_workplace_name",
        "main_workplace_phone",
        "main_workplace_address",
        "employment_form",
        "main_duties",
        "leave_taken",
        "secondary_workplace_name",
        "secondary_workplace_phone",
        "secondary_workplace_address",
        "clinical_departments",
        "advertisable_dental_specialty_qualifications",
        "dental_school_name",
        "place_of_origin",
        "dental_practice_report_use_consent",
    )
)
"""What holders reported (届出): they see it again, without the office's remarks."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare dentists."""
    return medical.profession(
        "dentist",
        ("歯科医師", "Dentist"),
        ("歯科医籍", "Register of dentists"),
        law=LAW,
        groups=GROUPS,
        tax=60_000,
        rules=RULES,
        public_search=PublicSearch(since=date(2007, 4, 1)),
        shown=REPORTED,
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    return code_rows.rows(
        licence_types=[
            code_rows.licence_type(
                "02",
                "歯科医師",
                "Dentist",
                law="Dental Practitioners' Act",
                sequence="dentist_registration_number",
            )
        ],
        reasons=[
            code_rows.reason("07", "711", "罰金以上の刑（歯科医師法4条3号）", "刑"),
            code_rows.reason("07", "712", "医事に関する犯罪又は不正（歯科医師法4条4号）", "不正"),
            code_rows.reason("07", "713", "歯科医師としての品位を損する行為（歯科医師法7条1項）", "品位"),
        ],
    )


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic dentist's values."""
    return demo.values(person, day, number, random)
