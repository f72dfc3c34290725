"""Midwives (助産師): what the register keeps, asks, charges, shows and forgets."""

from datetime import date

from meibo.plugin import (
    CODE_TABLES,
    FamilyRegister,
    Groups,
    Numbers,
    ProfessionPlugin,
    ResidentRecord,
    code_rows,
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
