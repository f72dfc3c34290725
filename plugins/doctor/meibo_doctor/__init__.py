"""Doctors (医師): what the register keeps, asks, charges, shows and forgets."""

from datetime import date, timedelta

from meibo.plugin import (
    Administrator,
    BureauDirector,
    Certificate,
    ChiefMedicalOfficer,
    Claim,
    Domicile,
    Effect,
    ErasureRule,
    ExamSite,
    FamilyRegister,
    Fee,
    LegalBasis,
    LicenceType,
    Measure,
    MeasureKind,
    Minister,
    Numbers,
    Procedure,
    ProfessionPlugin,
    PublicSearch,
    Reason,
    ReceivingOffice,
    ResidentRecord,
    School,
    hookimpl,
)
from meibo_doctor import items, rules
from meibo_doctor.code_rows import CodeRows, code_rows

ACT = date(1948, 10, 27)
"""医師法 (昭和23年法律201号) in force."""
ORDER = date(1953, 12, 8)
"""医師法施行令 (昭和28年政令382号) in force."""
REEDUCATION = date(2007, 4, 1)
"""医師法7条の2 in force."""
NUMBERS = date(2024, 5, 27)
"""The day from which the office may use individual numbers; the fees are those of that day."""

GROUPS = (
    items.DoctorRegister,
    items.DoctorPracticeReport,
    items.DoctorReeducation,
    LicenceType,
    Domicile,
    ExamSite,
    Reason,
    Minister,
    BureauDirector,
    School,
    ChiefMedicalOfficer,
    ResidentRecord,
    FamilyRegister,
    Numbers,
)
LEGAL_BASES = (
    LegalBasis("register", "医師法", "5条、6条1項", ACT),
    LegalBasis("practice_report", "医師法", "6条3項", ACT),
    LegalBasis("reprimand", "医師法", "7条（戒告）", REEDUCATION),
    LegalBasis("suspend", "医師法", "7条（医業の停止）", ACT),
    LegalBasis("revoke", "医師法", "7条（免許の取消し）", ACT),
    LegalBasis("restore", "医師法", "7条（再免許）", ACT),
    LegalBasis("reeducation", "医師法", "7条の2", REEDUCATION),
    LegalBasis("lift_suspension", "医師法", "7条（停止の取消し・変更）", ACT),
    LegalBasis("correct", "医師法施行令", "5条", ORDER),
    LegalBasis("strike_off", "医師法施行令", "6条", ORDER),
    LegalBasis("undo_strike_off", "医師法施行令", "6条（抹消の取消し）", ORDER),
    LegalBasis("rewrite", "医師法施行令", "8条", ORDER),
    LegalBasis("reissue", "医師法施行令", "9条", ORDER),
    LegalBasis("number_use", "番号法", "9条1項 別表第一の15", NUMBERS),
    LegalBasis("number_exchange", "番号法", "19条8号 別表第二の27", NUMBERS),
    LegalBasis("resident_record", "住民基本台帳法", "30条の9 別表第一の57の2", NUMBERS),
)
MEASURES = (
    Measure("01", ("戒告", "Reprimand"), MeasureKind.REPRIMAND, "reprimand"),
    Measure("02", ("医業の停止", "Suspension of practice"), MeasureKind.SUSPENSION, "suspend", 36),
    Measure("03", ("免許の取消し", "Revocation of the licence"), MeasureKind.REVOCATION, "revoke"),
)
"""医師法7条1項: a suspension is of three years at most."""
REGISTERED_FACTS = (
    "register.domicile_code",
    "register.family_name",
    "register.given_name",
    "register.birth_date",
    "register.sex_code",
)
"""医師法施行令4条2号: a change of these obliges to a correction."""
MONTH = timedelta(days=30)
PROCEDURES = (
    Procedure(
        "registration",
        "新規登録",
        "Registration",
        gives=("register",),
        documents=("application", "diagnosis", "family_register_or_resident_record", "revenue_stamp"),
    ),
    Procedure(
        "correction",
        "籍訂正・免許証書換え交付",
        "Correction and rewritten certificate",
        gives=REGISTERED_FACTS,
        documents=("application", "family_register", "certificate", "revenue_stamp"),
        within=MONTH,
    ),
    Procedure(
        "reissue",
        "免許証再交付",
        "Reissue of the certificate",
        documents=("application", "remains_of_certificate", "identity_document", "revenue_stamp"),
    ),
    Procedure(
        "deregistration",
        "まっ消",
        "Striking off at the holder's wish",
        documents=("application", "certificate"),
    ),
    Procedure(
        "deregistration_on_death",
        "まっ消（死亡・失踪宣告）",
        "Striking off after death or a declaration of disappearance",
        documents=("application", "certificate", "family_register"),
        within=MONTH,
    ),
    Procedure("practice_report", "医師届出", "Biennial report", gives=("practice_report",)),
    Procedure(
        "reeducation_completion",
        "再教育研修修了登録",
        "Registration of completed re-education",
        gives=("reeducation.reeducation_completion_registered_date",),
        documents=("application", "completion_certificate", "revenue_stamp"),
    ),
)
FEES = (
    Fee("registration", channel="any", yen=60_000, valid_from=NUMBERS, kind="tax"),
    # One application, one tax, however many items it corrects.
    Fee("correction", channel="any", yen=1_000, valid_from=NUMBERS, kind="tax"),
    Fee("reissue", channel="any", yen=3_100, valid_from=NUMBERS),
    # 医師法施行令1条.
    Fee("reeducation_completion", channel="paper", yen=3_100, valid_from=NUMBERS),
    Fee("reeducation_completion", channel="online", yen=2_950, valid_from=NUMBERS),
)
CERTIFICATE = Certificate(
    "urn:meibo:doctor:1",
    claims=(
        Claim("family_name", item="register.family_name", disclosable=False),
        Claim("given_name", item="register.given_name", disclosable=False),
        Claim("family_name_kana", item="register.family_name_kana"),
        Claim("given_name_kana", item="register.given_name_kana"),
        Claim("former_family_name", item="register.former_family_name"),
        Claim("common_family_name", item="register.common_family_name"),
        Claim("common_given_name", item="register.common_given_name"),
        Claim("birth_date", item="register.birth_date"),
        Claim("registration_number", item="register.registration_number"),
        Claim("registration_date", item="register.registration_date"),
    ),
)


def effect(act: str) -> Effect:
    """The three items in which the register notes an act: its day, its reason's code, its words."""
    return Effect(
        date=f"register.{act}_date",
        reason=f"register.{act}_reason_code",
        text=f"register.{act}_reason_text",
    )


EFFECTS = {
    "correct": effect("register_correction"),
    "reissue": effect("reissue"),
    "strike_off": effect("deregistration"),
    "undo_strike_off": Effect(clears=effect("deregistration").paths()),
}


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare doctors."""
    return ProfessionPlugin(
        code="doctor",
        core=">=0.1,<2",
        name=("医師", "Doctor"),
        register_name=("医籍", "Register of doctors"),
        groups=GROUPS,
        rules=rules.RULES,
        legal_bases=LEGAL_BASES,
        procedures=PROCEDURES,
        fees=FEES,
        certificate=CERTIFICATE,
        # 医籍は永年保存: entries and numbers stay, whatever the reason of striking off.
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        file="medical",
        effects=EFFECTS,
        measures=MEASURES,
        administrator=Administrator(
            ("厚生労働省", "Ministry of Health, Labour and Welfare"),
            ("医政局医事課", "Health Policy Bureau, Medical Professions Division"),
        ),
        receiving_office=ReceivingOffice("register.forwarding_prefecture_code", ("都道府県", "Prefecture")),
        public_search=PublicSearch(since=date(2007, 4, 1)),
    )


@hookimpl
def meibo_code_rows() -> CodeRows:
    """Rows for the code tables of a new installation."""
    return code_rows()
