"""Physical therapists (理学療法士): what the register keeps, asks, charges, shows and forgets."""

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
from meibo_physical_therapist.items import PhysicalTherapistRegister

# The days, the articles of the order, and that of the suspension are from memory.
LAW = medical.Law(
    act="理学療法士及び作業療法士法",
    since=date(1965, 8, 28),
    examined="3条",
    roll="5条",
    entry="6条1項",
    measures="7条1項",
    stop=("名称の使用の停止", "Suspension of the use of the title"),
    reprimand=False,
    order="理学療法士及び作業療法士法施行令",
    order_since=date(1965, 10, 1),
    application="1条",
    facts="2条",
    correction="3条",
    striking_off="4条",
    rewriting="5条",
    reissue="6条",
    numbers=("69", "87", "57の10"),
)
GROUPS: Groups = (
    PhysicalTherapistRegister,
    *masters(*CODE_TABLES),
    ResidentRecord,
    FamilyRegister,
    Numbers,
)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare physical therapists."""
    return medical.profession(
        "physical_therapist",
        ("理学療法士", "Physical therapist"),
        ("理学療法士名簿", "Register of physical therapists"),
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
                "06",
                "理学療法士",
                "Physical therapist",
                law="Act on Physical Therapists and Occupational Therapists",
                sequence="physical_therapist_registration_number",
            )
        ],
        reasons=[
            code_rows.reason("07", "731", "罰金以上の刑（理学療法士及び作業療法士法4条1号）", "刑"),
            code_rows.reason(
                "07", "732", "業務に関する犯罪又は不正（理学療法士及び作業療法士法4条2号）", "不正"
            ),
        ],
    )


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic physical therapist's entry."""
    rounds = demo.rounds(59, yearly_since=1966)
    return demo.medical_entry(
        person, day, number, random, licence_type="06", exam_round=rounds, reeducation=False
    )
