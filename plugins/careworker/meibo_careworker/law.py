"""The law of certified care workers: bases, measures, applications, fees.

Articles are those of 社会福祉士及び介護福祉士法 (昭和62年法律30号), whose articles on social workers hold for care
workers as well (42条2項), and of its 施行規則 (昭和62年厚生省令49号). Fees are those that the centre asks for.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from meibo.plugin import (
    Administrator,
    Document,
    Effect,
    Fee,
    LegalBasis,
    Measure,
    MeasureKind,
    Procedure,
)

ACT = "社会福祉士及び介護福祉士法"
RULES = "社会福祉士及び介護福祉士法施行規則"
TRANSITION = "社会福祉士及び介護福祉士法等の一部を改正する法律（平成19年法律125号）"
SINCE = date(1988, 4, 1)
"""The act's articles on registration in force."""
TERMS_SINCE = date(2017, 4, 1)
"""Since when graduates of training facilities need the examination, and may be entered for a term without it."""
NUMBERS = date(2024, 5, 27)
"""The day from which the office may use individual numbers; the fees are those of that day."""
NOTICE = timedelta(days=14)
"""Within which who has worked throughout the term tells the centre so, counted from the last day."""

LEGAL_BASES = (
    LegalBasis("register", ACT, "42条1項、28条", SINCE),
    LegalBasis("register_for_a_term", TRANSITION, "附則6条の2", TERMS_SINCE),
    LegalBasis("extend_term", TRANSITION, "附則6条の2（休業した期間）", TERMS_SINCE),
    LegalBasis("lift_term", TRANSITION, "附則6条の3", TERMS_SINCE),
    LegalBasis("correct", ACT, "42条2項において準用する31条", SINCE),
    LegalBasis("suspend", ACT, "42条2項において準用する32条2項（名称の使用の停止）", SINCE),
    LegalBasis("lift_suspension", ACT, "42条2項において準用する32条2項（停止の取消し・変更）", SINCE),
    LegalBasis("revoke", ACT, "42条2項において準用する32条1項・2項（登録の取消し）", SINCE),
    LegalBasis("restore", ACT, "42条2項において準用する32条（取消しの取消し）", SINCE),
    LegalBasis("strike_off", ACT, "42条2項において準用する33条", SINCE),
    LegalBasis("undo_strike_off", ACT, "42条2項において準用する33条（消除の取消し）", SINCE),
    LegalBasis("reissue", RULES, "26条において準用する13条", SINCE),
    LegalBasis("number_use", "番号法", "9条1項 別表第一の87", NUMBERS),
    LegalBasis("number_exchange", "番号法", "19条8号 別表第二の110", NUMBERS),
    LegalBasis("resident_record", "住民基本台帳法", "30条の9 別表第一の71の7", NUMBERS),
)
ADMINISTRATOR = Administrator(
    ("厚生労働省", "Ministry of Health, Labour and Welfare"),
    (
        "社会・援護局福祉基盤課",
        "Social Welfare and War Victims' Relief Bureau, Welfare Infrastructure Division",
    ),
    designated=(
        "公益財団法人社会福祉振興・試験センター",
        "Center of Social Welfare Promotion and National Examination",
    ),
)
"""The centre keeps the register as 指定登録機関 (43条). Applications come to it by registered mail (簡易書留) alone."""
MEASURES = (
    Measure(
        "02", ("名称の使用の停止", "Suspension of the use of the title"), MeasureKind.SUSPENSION, "suspend"
    ),
    Measure("03", ("登録の取消し", "Revocation of the registration"), MeasureKind.REVOCATION, "revoke"),
)
"""32条: the act sets no longest suspension, and knows no reprimand."""
DOCUMENTS = (
    Document("notice", ("届出書", "Notice")),
    Document("leave_certificate", ("休業の期間を証する書類", "Certificate of the leave taken")),
    Document("work_certificate", ("介護等の業務への従事を証する書類", "Certificate of work in care")),
)
REGISTERED_FACTS = ("domicile_code", "family_name", "given_name", "birth_date_wareki", "sex")
"""施行規則9条、26条: a change of these is told without delay (31条), so no number of days is set."""
APPLICATION = ("application", "family_register_or_resident_record", "revenue_stamp", "fee_receipt")
PROCEDURES = (
    Procedure("registration", "新規登録", "Registration", gives=("register",), documents=APPLICATION),
    Procedure(
        "fixed_term_registration",
        "新規登録（経過措置）",
        "Registration for a term",
        gives=("register",),
        documents=(*APPLICATION, "graduation_certificate"),
    ),
    Procedure(
        "term_extension",
        "有効期限の変更（休業）",
        "Longer term after leave",
        gives=("register.expiry_date_wareki", "register.total_leave_days", "register.available_leave_days"),
        documents=("notice", "leave_certificate", "certificate"),
    ),
    Procedure(
        "term_lifting",
        "有効期限の解除（業務従事）",
        "Term lifted after work throughout it",
        gives=("register.expiry_release_date_wareki", "register.expiry_release_reason"),
        documents=("notice", "work_certificate"),
        within=NOTICE,
    ),
    Procedure(
        "correction",
        "登録事項の変更",
        "Correction and rewritten certificate",
        gives=tuple(f"register.{fact}" for fact in REGISTERED_FACTS),
        documents=("notice", "family_register_or_resident_record", "certificate", "fee_receipt"),
    ),
    Procedure(
        "reissue",
        "登録証再交付",
        "Reissue of the certificate",
        documents=(
            "application",
            "remains_of_certificate",
            "family_register_or_resident_record",
            "fee_receipt",
        ),
    ),
    Procedure(
        "deregistration",
        "登録の消除",
        "Striking off at the holder's wish",
        documents=("application", "certificate"),
    ),
    Procedure(
        "deregistration_on_death",
        "死亡・失踪宣告の届出",
        "Notice of death or of a declaration of disappearance",
        documents=("notice", "certificate", "family_register"),
    ),
)


def _fees() -> Iterator[Fee]:
    for procedure in ("registration", "fixed_term_registration"):
        yield Fee(procedure, channel="any", yen=9_000, valid_from=NUMBERS, kind="tax")
        yield Fee(procedure, channel="any", yen=3_320, valid_from=NUMBERS)
    yield Fee("correction", channel="paper", yen=1_200, valid_from=NUMBERS)
    # Without a new certificate on paper.
    yield Fee("correction", channel="online", yen=500, valid_from=NUMBERS)
    yield Fee("reissue", channel="any", yen=1_200, valid_from=NUMBERS)


FEES = tuple(_fees())
STRUCK_OFF = ("register.erasure_date_wareki", "register.erasure_reason")
EFFECTS = {
    "correct": Effect("register.correction_date_wareki"),
    "reissue": Effect("register.reissue_date_wareki"),
    "suspend": Effect(
        "register.suspension_date_wareki",
        "register.suspension_reason",
        clears=("register.suspension_release_date_wareki",),
    ),
    "lift_suspension": Effect("register.suspension_release_date_wareki"),
    "strike_off": Effect(*STRUCK_OFF, clears=("register.erasure_cancellation_date_wareki",)),
    # Items 51, 52 stand beside the striking off that is undone, which the register keeps.
    "undo_strike_off": Effect("register.erasure_cancellation_date_wareki"),
}
