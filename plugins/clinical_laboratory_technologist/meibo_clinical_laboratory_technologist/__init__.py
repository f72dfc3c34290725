"""Clinical laboratory technologists (臨床検査技師): what the register keeps, asks, charges, shows and forgets."""

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
)
from meibo_clinical_laboratory_technologist.items import ClinicalLaboratoryTechnologistRegister

# The days and the articles of the order are from memory; before 1971 there were 衛生検査技師 alone.
LAW = medical.Law(
    act="臨床検査技師等に関する法律",
    since=date(1971, 1, 1),
    examined="3条",
    roll="5条",
    entry="6条1項",
    measures="8条1項",
    stop=("名称の使用の停止", "Suspension of the use of the title"),
    reprimand=False,
    order="臨床検査技師等に関する法律施行令",
    order_since=date(1971, 1, 1),
    application="1条",
    facts="2条",
    correction="3条",
    striking_off="4条",
    rewriting="5条",
    reissue="6条",
    numbers=("41", "52", "57の9"),
)
GROUPS: Groups = (
    ClinicalLaboratoryTechnologistRegister,
    *masters(*CODE_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare clinical laboratory technologists."""
    return medical.profession(
        "clinical_laboratory_technologist",
        ("臨床検査技師", "Clinical laboratory technologist"),
        ("臨床検査技師名簿", "Register of clinical laboratory technologists"),
        law=LAW,
        groups=GROUPS,
        tax=9_000,
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    return code_rows.rows(
        licence_types=[
            code_rows.licence_type(
                "07",
                "臨床検査技師",
                "Clinical laboratory technologist",
                law="Act on Clinical Laboratory Technologists",
                sequence="clinical_laboratory_technologist_registration_number",
            )
        ],
        reasons=[
            code_rows.reason(
                "07", "741", "検査の業務に関する犯罪又は不正（臨床検査技師等に関する法律4条3号）", "不正"
            ),
        ],
    )


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic clinical laboratory technologist's entry."""
    rounds = demo.rounds(70, yearly_since=1988)
    return demo.medical_entry(
        person, day, number, random, licence_type="07", exam_round=rounds, reeducation=False
    )
