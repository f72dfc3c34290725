"""What law says of pharmacists: bases, measures, procedures, fees."""

from datetime import date, timedelta

from meibo.plugin import Fee, LegalBasis, Measure, MeasureKind, Procedure

ACT = date(1961, 2, 1)
"""薬剤師法 (昭和35年法律146号) and 薬剤師法施行令 (昭和36年政令13号) in force."""
REEDUCATION = date(2008, 4, 1)
"""薬剤師法8条の2 in force, with the reprimand and the limit of three years."""
NUMBERS = date(2024, 5, 27)
"""The day from which the office may use individual numbers; the fees are those of that day."""

LEGAL_BASES = (
    LegalBasis("register", "薬剤師法", "6条、7条1項", ACT),
    LegalBasis("practice_report", "薬剤師法", "9条", ACT),
    LegalBasis("reprimand", "薬剤師法", "8条（戒告）", REEDUCATION),
    LegalBasis("suspend", "薬剤師法", "8条（業務の停止）", ACT),
    LegalBasis("revoke", "薬剤師法", "8条（免許の取消し）", ACT),
    LegalBasis("restore", "薬剤師法", "8条（再免許）", ACT),
    LegalBasis("order_reeducation", "薬剤師法", "8条の2", REEDUCATION),
    LegalBasis("complete_reeducation", "薬剤師法", "8条の2", REEDUCATION),
    LegalBasis("lift_suspension", "薬剤師法", "8条（停止の取消し・変更）", ACT),
    LegalBasis("correct", "薬剤師法施行令", "5条", ACT),
    LegalBasis("strike_off", "薬剤師法施行令", "6条", ACT),
    LegalBasis("undo_strike_off", "薬剤師法施行令", "6条（消除の取消し）", ACT),
    LegalBasis("rewrite", "薬剤師法施行令", "7条", ACT),
    LegalBasis("reissue", "薬剤師法施行令", "8条", ACT),
    # The assessment names 別表第一の54 in its table of bases and 53 in its section II: we follow the table.
    LegalBasis("number_use", "番号法", "9条1項 別表第一の54", NUMBERS),
    LegalBasis("number_exchange", "番号法", "19条8号 別表第二の71", NUMBERS),
    LegalBasis("resident_record", "住民基本台帳法", "30条の9 別表第一の59の2", NUMBERS),
)
MEASURES = (
    Measure("01", ("戒告", "Reprimand"), MeasureKind.REPRIMAND, "reprimand"),
    Measure("02", ("業務の停止", "Suspension of practice"), MeasureKind.SUSPENSION, "suspend", 36),
    Measure("03", ("免許の取消し", "Revocation of the licence"), MeasureKind.REVOCATION, "revoke"),
)
"""薬剤師法8条: a suspension is of three years at most."""
REGISTERED_FACTS = (
    "register.domicile_code",
    "register.family_name",
    "register.given_name",
    "register.birth_date",
    "register.sex_code",
)
"""薬剤師法施行令4条2号: a change of these obliges to a correction."""
MONTH = timedelta(days=30)
PROCEDURES = (
    Procedure(
        "registration",
        "新規登録",
        "Registration",
        gives=("register",),
        documents=(
            "application",
            "diagnosis",
            "family_register_or_resident_record",
            "exam_pass_certificate",
            "revenue_stamp",
        ),
    ),
    Procedure(
        "correction",
        "名簿訂正",
        "Correction of the register",
        gives=REGISTERED_FACTS,
        documents=("application", "family_register", "certificate", "revenue_stamp"),
        within=MONTH,
    ),
    Procedure(
        "rewrite",
        "免許証書換え交付",
        "Rewritten certificate",
        documents=("application", "certificate", "revenue_stamp"),
    ),
    Procedure(
        "reissue",
        "免許証再交付",
        "Reissue of the certificate",
        documents=("application", "remains_of_certificate", "identity_document", "revenue_stamp"),
    ),
    Procedure(
        "deregistration",
        "登録消除",
        "Striking off at the holder's wish",
        documents=("application", "certificate"),
    ),
    Procedure(
        "deregistration_on_death",
        "登録消除（死亡・失踪宣告）",
        "Striking off after death or a declaration of disappearance",
        documents=("application", "certificate", "family_register"),
        within=MONTH,
    ),
    Procedure(
        "reeducation_completion",
        "再教育研修修了登録",
        "Registration of completed re-education",
        documents=("application", "completion_certificate", "revenue_stamp"),
    ),
)
FEES = (
    Fee("registration", channel="any", yen=30_000, valid_from=NUMBERS, kind="tax"),
    # One application, one tax, however many items it corrects.
    Fee("correction", channel="any", yen=1_000, valid_from=NUMBERS, kind="tax"),
    Fee("rewrite", channel="any", yen=2_750, valid_from=NUMBERS),
    Fee("reissue", channel="any", yen=2_750, valid_from=NUMBERS),
    # 薬剤師法施行令1条.
    Fee("reeducation_completion", channel="paper", yen=4_050, valid_from=NUMBERS),
    Fee("reeducation_completion", channel="online", yen=3_900, valid_from=NUMBERS),
)
