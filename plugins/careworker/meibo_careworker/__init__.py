"""Certified care workers (介護福祉士): what the register keeps, asks, charges, shows and forgets."""

from collections.abc import Mapping
from datetime import date
from random import Random

from meibo.plugin import (
    Certificate,
    Claim,
    ErasureRule,
    ExistingSystem,
    FamilyRegister,
    Holder,
    Numbers,
    PaperNumbers,
    PassLists,
    ProfessionPlugin,
    ResidentRecord,
    SyntheticPerson,
    Term,
    code_rows,
    hookimpl,
)
from meibo_careworker import demo, items, law
from meibo_careworker.rules import RULES

CENTRE = "care_worker_registration"
"""登録情報連携システム of 社会福祉振興・試験センター, which keeps the register and holds the examination."""
TERM = Term(
    fixed="register.fixed_term_registration",
    until="register.expiry_date_wareki",
    lifted="register.expiry_release_date_wareki",
)
NAMES = (
    *("family_name", "given_name", "family_name_kana", "given_name_kana"),
    *("former_family_name", "common_name"),
)
CLAIMS = (
    Claim("profession", disclosable=False),
    Claim("full_name", disclosable=False),
    *(Claim(name, item=f"register.{name}") for name in NAMES),
    Claim("birth_date"),
    Claim("registration_number"),
    Claim("registration_date"),
    Claim("expiry_date", item="register.expiry_date_wareki"),
    *(Claim(f"annotated_qualification_{n}", f"register.annotated_qualification_{n}") for n in range(1, 6)),
)
"""施行規則11条、26条: the certificate names the holder, the number and day of registration, and practical training."""
REASONS = (
    ("01", "171", "養成施設の卒業（経過措置）", "経過措置"),
    ("02", "271", "有効期限の変更（休業）", "期限変更"),
    ("02", "272", "有効期限の解除", "期限解除"),
    ("04", "471", "有効期限の満了", "期限満了"),
    ("07", "771", "信用失墜行為（45条違反）", "信用失墜"),
    ("07", "772", "秘密保持義務違反（46条違反）", "秘密"),
    ("07", "773", "欠格事由（3条）", "欠格"),
)
"""Processing category, code, reason, short form."""
SHOWN = tuple(
    f"register.{name}"
    for name in (
        "registration_number",
        "registration_date_era",
        "registration_date_wareki",
        "family_name_kana",
        "given_name_kana",
        "family_name",
        "given_name",
        "former_family_name",
        "former_family_name_long",
        "common_name",
        "common_name_long",
        "common_name_former_family",
        "common_name_former_family_long",
        "full_name_kana_long",
        "full_name_kanji_long",
        "full_name_alphabet",
        "domicile_code",
        "postal_code",
        "landline_phone_number",
        "mobile_phone_number",
        "address",
        "email_address",
        "birth_date_era",
        "birth_date_wareki",
        "sex",
        "fixed_term_registration",
        "pass_certificate_number",
        "pass_month_era",
        "pass_month_wareki",
        "training_facility_code",
        "expiry_date_era",
        "expiry_date_wareki",
        "expiry_release_date_era",
        "expiry_release_date_wareki",
        "total_leave_days",
        "available_leave_days",
        "correction_date_era",
        "correction_date_wareki",
        "reissue_date_era",
        "reissue_date_wareki",
        "erasure_date_era",
        "erasure_date_wareki",
        "erasure_cancellation_date_era",
        "erasure_cancellation_date_wareki",
        "suspension_date_era",
        "suspension_date_wareki",
        "suspension_release_date_era",
        "suspension_release_date_wareki",
        "reregistration_possible_date_era",
        "reregistration_possible_date_wareki",
        "designated_training_completed",
        "designated_training_completion_date_era",
        "designated_training_completion_date_wareki",
        "annotated_qualification_1",
        "annotated_qualification_1_date_era",
        "annotated_qualification_1_date_wareki",
        "annotated_qualification_2",
        "annotated_qualification_2_date_era",
        "annotated_qualification_2_date_wareki",
        "annotated_qualification_3",
        "annotated_qualification_3_date_era",
        "annotated_qualification_3_date_wareki",
        "annotated_qualification_4",
        "annotated_qualification_4_date_era",
        "annotated_qualification_4_date_wareki",
        "annotated_qualification_5",
        "annotated_qualification_5_date_era",
        "annotated_qualification_5_date_wareki",
    )
)
"""Of the entry, what its holder applied with or was told; the office's own notes stay there."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare certified care workers."""
    return ProfessionPlugin(
        code="careworker",
        core=">=0.1,<2",
        name=("介護福祉士", "Certified care worker"),
        register_name=("介護福祉士登録名簿", "Register of certified care workers"),
        groups=(items.CareworkerRegister, ResidentRecord, FamilyRegister, Numbers),
        rules=RULES,
        legal_bases=law.LEGAL_BASES,
        procedures=law.PROCEDURES,
        documents=law.DOCUMENTS,
        fees=law.FEES,
        certificate=Certificate("urn:meibo:careworker:1", claims=CLAIMS),
        shown_to_holder=SHOWN,
        # As 医籍等: entries and numbers stay, whatever the reason of striking off.
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        file="careworker",
        holder=Holder(birth_date="register.birth_date_wareki", sex="register.sex"),
        registered="register.registration_date_wareki",
        effects=law.EFFECTS,
        measures=law.MEASURES,
        administrator=law.ADMINISTRATOR,
        term=TERM,
        existing_system=ExistingSystem(connector=CENTRE, items=(3, 80)),
        paper_numbers=PaperNumbers(connector=CENTRE),
        pass_lists=PassLists(
            connector=CENTRE, number="register.pass_certificate_number", passed="register.pass_month_wareki"
        ),
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Reasons and domiciles for a new installation; the register has no code tables of its own."""
    reasons = (*code_rows.REASONS, *REASONS)
    return {
        "domicile_master": list(code_rows.domiciles()),
        "reason_master": [code_rows.reason(*each) for each in reasons],
    }


@hookimpl
def meibo_demo_values(person: SyntheticPerson, day: date, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic care worker's values."""
    return demo.values(person, day, number, random)
