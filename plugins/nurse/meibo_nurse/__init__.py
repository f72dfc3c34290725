"""Nurses (看護師): what the register keeps, asks, charges, shows and forgets."""

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
