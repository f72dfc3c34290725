"""Registered dietitians (管理栄養士): what the register keeps, asks, charges, shows and forgets."""

from datetime import date
from random import Random

from meibo.plugin import (
    DispositionContent,
    Domicile,
    ErasureRule,
    ExamSite,
    FamilyRegister,
    Holder,
    LicenceType,
    Minister,
    Numbers,
    ProfessionPlugin,
    ResidentRecord,
    SyntheticPerson,
    code_rows,
    headed,
    hookimpl,
)
from meibo_dietitian import demo, items, law
from meibo_dietitian.rules import RULES

HEADING = ""
"""The official list prints no headings."""
GROUPS = (
    items.DietitianExam,
    items.PracticePeriod,
    items.PracticeTotal,
    items.DietitianRegister,
    headed(LicenceType, HEADING),
    headed(Domicile, HEADING, domicile_display_name_ja="本籍地（和名（表示用））"),
    headed(ExamSite, HEADING),
    headed(Minister, HEADING),
    headed(DispositionContent, HEADING),
    items.TrainingFacility,
    headed(
        ResidentRecord,
        HEADING,
        subject_resident_code="対象者住民票コード",
        resident_code="住民票コード",
        movement_reason="異動自由",
        address_gaiji_count="外字住所（住所外字数）",
    ),
    headed(FamilyRegister, HEADING),
    # Item 181 is printed as 180 is; in every other list the individual number stands there.
    headed(Numbers, HEADING, individual_number="死亡日の不詳・推定区分"),
    items.ExamNumber,
)
FACILITIES = 40
SHOWN = tuple(
    f"register.{name}"
    for name in (
        "registration_number",
        "registration_date_era",
        "registration_date",
        "family_name",
        "given_name",
        "family_name_kana",
        "given_name_kana",
        "former_family_name",
        "common_family_name",
        "common_given_name",
        "birth_date_era",
        "birth_date",
        "registered_domicile_code",
        "sex",
        "registered_qualification_type",
        "qualification_date_era",
        "qualification_date",
        "issue_date_era",
        "issue_date",
    )
)
"""Of the entry, what its holder applied with or was told; the office's own notes stay there."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare registered dietitians."""
    return ProfessionPlugin(
        code="dietitian",
        core=">=0.1,<2",
        name=("管理栄養士", "Registered dietitian"),
        register_name=("管理栄養士名簿", "Register of registered dietitians"),
        groups=GROUPS,
        rules=RULES,
        legal_bases=law.LEGAL_BASES,
        procedures=law.PROCEDURES,
        documents=law.DOCUMENTS,
        fees=law.FEES,
        certificate=law.CERTIFICATE,
        shown_to_holder=SHOWN,
        # Nothing says that an entry or its number is destroyed: both are "also properly managed".
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        file="dietitian",
        holder=Holder(sex="register.sex"),
        effects=law.EFFECTS,
        measures=law.MEASURES,
        administrator=law.ADMINISTRATOR,
        receiving_office=law.PREFECTURES,
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    tables = ("domicile_master", "exam_site_master", "reason_master", "minister_master")
    licence_type = code_rows.licence_type(
        "08",
        "管理栄養士",
        "Registered dietitian",
        law="Dietitians Act",
        sequence="dietitian_registration_number",
    )
    shared = code_rows.rows(
        licence_types=[licence_type],
        reasons=[
            code_rows.reason("07", "781", "罰金以上の刑（栄養士法3条1号）", "刑"),
            code_rows.reason("07", "782", "業務に関する犯罪又は不正（栄養士法3条2号）", "不正"),
        ],
    )
    return {
        "licence_type_master": [licence_type],
        **{table: shared[table] for table in tables},
        "disposition_master": code_rows.dispositions(*((m.code, m.name[0]) for m in law.MEASURES)),
        "training_facility_master": [
            {"training_facility_code": f"{n:06}", "training_facility_name": f"見本第{n}栄養大学"}
            for n in range(1, FACILITIES + 1)
        ],
    }


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> dict[str, str]:
    """What core cannot guess of a synthetic holder: the examination, and practice in rows."""
    return demo.values(person, day, number, random)
