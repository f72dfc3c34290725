"""What law says of registered dietitians: 栄養士法, its order, fees and procedures.

Articles of the order, days, and the fees of correction, rewriting and reissue are from memory.
"""

from datetime import date, timedelta

from meibo.plugin import (
    Administrator,
    Certificate,
    Claim,
    Document,
    Effect,
    Fee,
    LegalBasis,
    Measure,
    MeasureKind,
    Procedure,
    ReceivingOffice,
)

ACT = date(1948, 1, 1)
"""栄養士法 (昭和22年法律245号) in force."""
LICENSED = date(2002, 4, 1)
"""The minister licenses registered dietitians (平成12年法律38号); before, they were entered on a list."""
ORDER = date(1953, 8, 31)
"""栄養士法施行令 (昭和28年政令231号) in force."""
NUMBERS = date(2024, 5, 27)
"""The day from which the office may use individual numbers; the fees are those of that day."""
LEGAL_BASES = (
    LegalBasis("register", "栄養士法", "3条の2第2項、4条3項", ACT),
    LegalBasis("suspend", "栄養士法", "5条2項（名称の使用停止）", LICENSED),
    LegalBasis("revoke", "栄養士法", "5条2項（免許の取消し）", LICENSED),
    LegalBasis("notify_governor", "栄養士法", "5条4項（栄養士免許を与えた都道府県知事への通知）", LICENSED),
    LegalBasis("restore", "栄養士法", "4条3項（再免許）", LICENSED),
    LegalBasis("lift_suspension", "栄養士法", "5条2項（停止の取消し・変更）", LICENSED),
    LegalBasis("correct", "栄養士法施行令", "3条", ORDER),
    LegalBasis("strike_off", "栄養士法施行令", "4条", ORDER),
    LegalBasis("undo_strike_off", "栄養士法施行令", "4条（抹消の取消し）", ORDER),
    LegalBasis("rewrite", "栄養士法施行令", "5条", ORDER),
    LegalBasis("reissue", "栄養士法施行令", "6条", ORDER),
    LegalBasis("number_use", "番号法", "9条1項 別表第一の13", NUMBERS),
    LegalBasis("number_exchange", "番号法", "19条8号 別表第二の21", NUMBERS),
    LegalBasis("resident_record", "住民基本台帳法", "30条の9 別表第一の57の22", NUMBERS),
)
MEASURES = (
    Measure(
        "04",
        ("名称の使用停止", "Suspension of the use of the title"),
        MeasureKind.SUSPENSION,
        "suspend",
        longest_months=12,
    ),
    Measure("03", ("免許の取消し", "Revocation of the licence"), MeasureKind.REVOCATION, "revoke"),
)
"""栄養士法5条2項: a suspension is of one year at most."""
ADMINISTRATOR = Administrator(
    ("厚生労働省", "Ministry of Health, Labour and Welfare"),
    ("健康・生活衛生局健康課", "Public Health Bureau, Health Service Division"),
)
PREFECTURES = ReceivingOffice("register.forwarding_prefecture_code", ("都道府県", "Prefecture"))
"""栄養士法施行令1条2項: through the governor of the prefecture of residence; the ministry takes none itself."""
REGISTERED_FACTS = tuple(
    f"register.{name}"
    for name in ("registered_domicile_code", "family_name", "given_name", "birth_date", "sex")
)
"""栄養士法施行令2条: a change of these obliges to a correction."""
MONTH = timedelta(days=30)
DOCUMENTS = (
    Document(
        "dietitian_licence_copy", ("栄養士免許証の写し", "Copy of the licence certificate as a dietitian")
    ),
)
PROCEDURES = (
    Procedure(
        "registration",
        "新規登録",
        "Registration",
        gives=("exam", "practice_periods", "register"),
        documents=(
            "application",
            "diagnosis",
            "family_register_or_resident_record",
            "exam_pass_certificate",
            "dietitian_licence_copy",
            "revenue_stamp",
        ),
    ),
    Procedure(
        "correction",
        "名簿訂正",
        "Correction",
        gives=REGISTERED_FACTS,
        documents=("application", "family_register", "revenue_stamp"),
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
        "certificate_return",
        "発見した免許証・取消しを受けた免許証の返納",
        "Return of a certificate found again, or of a revoked one",
        documents=("certificate",),
        within=timedelta(days=5),
    ),
    Procedure(
        "deregistration",
        "抹消",
        "Striking off at the holder's wish",
        documents=("application", "certificate"),
    ),
    Procedure(
        "deregistration_on_death",
        "抹消（死亡・失踪宣告）",
        "Striking off after death or a declaration of disappearance",
        documents=("application", "certificate", "family_register"),
        within=MONTH,
    ),
)
FEES = (
    Fee("registration", channel="any", yen=15_000, valid_from=NUMBERS, kind="tax"),
    Fee("correction", channel="any", yen=1_000, valid_from=NUMBERS, kind="tax"),
    Fee("rewrite", channel="any", yen=2_350, valid_from=NUMBERS),
    Fee("reissue", channel="any", yen=2_350, valid_from=NUMBERS),
)
NAMES = (
    *("family_name", "given_name", "family_name_kana", "given_name_kana"),
    *("former_family_name", "common_family_name", "common_given_name"),
)
CERTIFICATE = Certificate(
    "urn:meibo:dietitian:1",
    claims=(
        Claim("profession", disclosable=False),
        Claim("full_name", disclosable=False),
        *(Claim(name, item=f"register.{name}") for name in NAMES),
        Claim("birth_date"),
        Claim("registration_number"),
        Claim("registration_date"),
    ),
)
NOTED = Effect(date="register.reason_date", reason="register.reason_code")
"""The register notes the newest act: its day and its reason's code."""
EFFECTS = {
    "correct": NOTED,
    "reissue": Effect(date="register.issue_date", reason="register.reason_code"),
    "strike_off": NOTED,
    "undo_strike_off": NOTED,
}
