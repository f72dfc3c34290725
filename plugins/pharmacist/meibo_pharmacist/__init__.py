"""Pharmacists (薬剤師): what the register keeps, asks, charges, shows and forgets."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from meibo.plugin import (
    CODE_TABLES,
    Administrator,
    Certificate,
    Claim,
    DispositionContent,
    Effect,
    ErasureRule,
    ExistingSystem,
    FamilyRegister,
    Group,
    Numbers,
    Placed,
    ProfessionPlugin,
    PublicSearch,
    ReceivingOffice,
    ResidentRecord,
    SyntheticPerson,
    code_rows,
    headed,
    hookimpl,
)
from meibo_pharmacist import demo, items, law, rules
from meibo_pharmacist.masters import RETURNED, REVOKED, rows

SHARED = (*CODE_TABLES, DispositionContent, ResidentRecord, FamilyRegister, Numbers)
GROUPS: Sequence[type[Group] | Placed] = (
    items.PharmacistExam,
    items.PharmacistApplicationEntry,
    items.PharmacistRegister,
    items.PharmacistDisposition,
    items.PharmacistRegisterHistory,
    items.PharmacistDailyCount,
    items.PharmacistDocumentPrint,
    items.PharmacistImage,
    # The official list prints no headings at all.
    *(headed(group, "") for group in SHARED),
)
CERTIFICATE = Certificate(
    "urn:meibo:pharmacist:1",
    claims=(
        Claim("profession", disclosable=False),
        Claim("full_name", disclosable=False),
        Claim("family_name", item="register.family_name"),
        Claim("given_name", item="register.given_name"),
        Claim("family_name_kana", item="register.family_name_kana"),
        Claim("given_name_kana", item="register.given_name_kana"),
        Claim("former_family_name", item="register.former_family_name"),
        Claim("common_family_name", item="register.common_family_name"),
        Claim("common_given_name", item="register.common_given_name"),
        Claim("birth_date"),
        Claim("registration_number"),
        Claim("registration_date"),
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
    "correct": effect("roll_correction"),
    "reissue": effect("reissue"),
    "strike_off": effect("erasure"),
    "undo_strike_off": Effect(clears=effect("erasure").paths()),
}
SHOWN = tuple(
    f"register.{name}"
    for name in (
        "registration_number",
        "registration_date",
        "exam_number",
        "national_exam_round",
        "national_exam_year",
        "exam_site_code",
        "national_exam_pass_date",
        "former_registration_prefecture_code",
        "former_registration_number",
        "former_registration_date",
        "domicile_code",
        "family_name",
        "given_name",
        "family_name_kana",
        "given_name_kana",
        "common_family_name",
        "common_given_name",
        "common_family_name_kana",
        "common_given_name_kana",
        "birth_date",
        "sex_code",
        "roll_correction_date",
        "reissue_date",
        "erasure_date",
        "registration_transfer_date",
        "alma_mater_code",
        "pass_certificate_number",
        "former_family_name",
        "former_family_name_kana",
    )
)
"""Of the entry, what its holder applied with or was told; the office's own notes stay there."""


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare pharmacists."""
    return ProfessionPlugin(
        code="pharmacist",
        core=">=0.1,<2",
        name=("薬剤師", "Pharmacist"),
        register_name=("薬剤師名簿", "Register of pharmacists"),
        groups=GROUPS,
        rules=rules.RULES,
        legal_bases=law.LEGAL_BASES,
        procedures=law.PROCEDURES,
        fees=law.FEES,
        certificate=CERTIFICATE,
        shown_to_holder=SHOWN,
        # The number of who lives goes with the licence; that of the dead is kept with the entry.
        erasure=ErasureRule(keep_record=True, destroy_number_when=RETURNED | REVOKED),
        file="pharmacist",
        effects=EFFECTS,
        measures=law.MEASURES,
        reeducation="order_reeducation",
        administrator=Administrator(
            ("厚生労働省", "Ministry of Health, Labour and Welfare"),
            ("医薬局総務課", "Pharmaceutical Safety Bureau, General Affairs Division"),
        ),
        receiving_office=ReceivingOffice("register.forwarding_prefecture_code", ("都道府県", "Prefecture")),
        public_search=PublicSearch(since=date(2008, 4, 1), sex_required=False),
        existing_system=ExistingSystem(connector="licence_registration", takes_numbers=True),
    )


@hookimpl
def meibo_code_rows() -> code_rows.CodeRows:
    """Rows for the code tables of a new installation."""
    return rows()


@hookimpl
def meibo_demo_values(person: SyntheticPerson, number: int, random: Random) -> Mapping[str, str]:
    """A synthetic pharmacist's values."""
    return demo.values(person, number, random)
