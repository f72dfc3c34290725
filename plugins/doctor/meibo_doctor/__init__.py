"""Doctors (医師): what the register keeps, asks, charges, shows and forgets."""

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
    medical,
)
from meibo_doctor import demo, items
from meibo_doctor.rules import RULES

LAW = medical.Law(
    act="医師法",
    since=date(1948, 10, 27),
    examined="2条",
    roll="5条",
    entry="6条1項",
    founded=False,
    of_age="3条",
    practice_report="6条3項",
    measures="7条",
    stop=("医業の停止", "Suspension of practice"),
    longest_stop=36,
    reeducation="7条の2",
    order="医師法施行令",
    application="3条",
    facts="4条1号",
    correction="5条",
    striking_off="6条",
    rewriting="8条",
    reissue="9条",
    certification="医師法施行令4条7号、医療法5条の2",
    numbers=("15", "27", "57の2"),
)
GROUPS: Groups = (
    items.DoctorRegister,
    items.DoctorPracticeReport,
    items.DoctorReeducation,
    *CODE_TABLES,
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
REPORTED = tuple(
    f"practice_report.{name}"
    for name in (
        "address",
        "phone_number",
        "email_address",
        "email_use_consent",
        "practice_type",
        "main_workplace_name",
        "main_workplace_phone",
        "main_workplace_address",
        "main_workplace_working_days",
        "main_workplace_duty_count",
        "employment_form",
        "main_duties",
        "leave_taken",
        "secondary_workplace_name",
        "secondary_workplace_phone",
        "secondary_workplace_address",
        "secondary_workplace_working_days",
        "secondary_workplace_duty_count",
        "secondary_workplace_count",
        "clinical_departments",
        "advertisable_specialty_qualifications",
        "handles_childbirth",
        "place_of_origin",
        "foreign_medical_school_country",
        "regional_quota_service_required",
        "regional_quota_service_years",
        "regional_quota_service_completed",
        "regional_quota_service_place",
        "regional_quota_scholarship_lender",
        "regional_quota_selection_method",
        "practice_report_use_consent",
    )
)
"""What holders reported (届出): they see it again, without the office's remarks."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare doctors."""
    return medical.profession(
        "doctor",
        ("医師", "Doctor"),
        ("医籍", "Register of doctors"),
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
                "01",
                "医師",
                "Doctor",
                law="Medical Practitioners' Act",
                sequence="doctor_registration_number",
            )
        ],
        reasons=[
            code_rows.reason("07", "701", "罰金以上の刑（医師法4条3号）", "刑"),
            code_rows.reason("07", "702", "医事に関する犯罪又は不正（医師法4条4号）", "不正"),
            code_rows.reason("07", "703", "医師としての品位を損する行為（医師法7条1項）", "品位"),
        ],
    )


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic doctor's values."""
    return demo.values(person, day, number, random)
