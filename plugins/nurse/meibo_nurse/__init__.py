"""Nurses (看護師): what the register keeps, asks, charges, shows and forgets."""

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
from meibo_nurse import items

GROUPS: Groups = (
    items.NurseRegister,
    items.NurseReeducation,
    items.NurseAddress,
    *masters(*CODE_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
# The day is from memory (保健師助産師看護師法附則43条).
LAW = nursing.law(date(1950, 9, 1), paragraph=3)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare nurses."""
    return medical.profession(
        "nurse",
        ("看護師", "Nurse"),
        ("看護師籍", "Register of nurses"),
        law=LAW,
        groups=GROUPS,
        tax=nursing.TAX,
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    kind = code_rows.licence_type(
        "05", "看護師", "Nurse", law=nursing.ACT_EN, sequence="nurse_registration_number"
    )
    return code_rows.rows(licence_types=[kind], reasons=nursing.reasons())


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic nurse's entry."""
    rounds = demo.rounds(113, yearly_since=1990)
    return demo.medical_entry(person, day, number, random, licence_type="05", exam_round=rounds)
