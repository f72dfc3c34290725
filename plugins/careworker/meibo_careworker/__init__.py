"""Certified care workers (介護福祉士): what the register keeps, asks, charges, shows and forgets."""

from collections.abc import Mapping
from datetime import date
from random import Random

from meibo.plugin import (
    Certificate,
    Claim,
    ErasureRule,
    FamilyRegister,
    Holder,
    Numbers,
    ProfessionPlugin,
    ResidentRecord,
    SyntheticPerson,
    Term,
    code_rows,
    hookimpl,
)
from meibo_careworker import demo, items, law
from meibo_careworker.rules import RULES

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
        # As 医籍等: entries and numbers stay, whatever the reason of striking off.
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        file="careworker",
        holder=Holder(birth_date="register.birth_date_wareki", sex="register.sex"),
        registered="register.registration_date_wareki",
        effects=law.EFFECTS,
        measures=law.MEASURES,
        administrator=law.ADMINISTRATOR,
        term=TERM,
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
