"""Public health nurses (保健師): what the register keeps, asks, charges, shows and forgets."""

from collections.abc import Mapping
from datetime import date
from random import Random

from meibo.plugin import (
    CODE_TABLES,
    FamilyRegister,
    Groups,
    Numbers,
    ProfessionPlugin,
    ResidentRecord,
    SyntheticPerson,
    code_rows,
    demo,
    hookimpl,
    masters,
    medical,
    nursing,
)
from meibo_public_health_nurse import items

GROUPS: Groups = (
    items.PublicHealthNurseRegister,
    items.PublicHealthNurseReeducation,
    items.PublicHealthNurseAddress,
    *masters(*CODE_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
# The day is from memory (保健師助産師看護師法附則43条).
LAW = nursing.law(date(1951, 9, 1), paragraph=1)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare public health nurses."""
    return medical.profession(
        "public_health_nurse",
        ("保健師", "Public health nurse"),
        ("保健師籍", "Register of public health nurses"),
        law=LAW,
        groups=GROUPS,
        tax=nursing.TAX,
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    kind = code_rows.licence_type(
        "03",
        "保健師",
        "Public health nurse",
        law=nursing.ACT_EN,
        sequence="public_health_nurse_registration_number",
    )
    return code_rows.rows(licence_types=[kind], reasons=nursing.reasons())


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic public health nurse's entry."""
    rounds = demo.rounds(110, yearly_since=1990)
    return demo.medical_entry(person, day, number, random, licence_type="03", exam_round=rounds)
