"""Midwives (助産師): what the register keeps, asks, charges, shows and forgets."""

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
from meibo_midwife import items
from meibo_midwife.rules import women

GROUPS: Groups = (
    items.MidwifeRegister,
    items.MidwifeReeducation,
    items.MidwifeAddress,
    *masters(*CODE_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
# The day is from memory (保健師助産師看護師法附則43条).
LAW = nursing.law(date(1951, 9, 1), paragraph=2)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare midwives."""
    return medical.profession(
        "midwife",
        ("助産師", "Midwife"),
        ("助産師籍", "Register of midwives"),
        law=LAW,
        groups=GROUPS,
        tax=nursing.TAX,
        rules=(women,),
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    kind = code_rows.licence_type(
        "04", "助産師", "Midwife", law=nursing.ACT_EN, sequence="midwife_registration_number"
    )
    return code_rows.rows(licence_types=[kind], reasons=nursing.reasons())


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic midwife's entry."""
    rounds = demo.rounds(107, yearly_since=1990)
    return demo.medical_entry(person, day, number, random, licence_type="04", exam_round=rounds) | {
        "register.sex_code": "2"
    }
