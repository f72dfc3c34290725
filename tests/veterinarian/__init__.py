"""Veterinarians (獣医師): what the register keeps, asks, charges, shows and forgets.

A stranger's plugin, which only tests load: `load_host(extra=[("veterinarian", veterinarian)])`.
"""

from datetime import date, timedelta

from meibo.plugin import (
    Certificate,
    Claim,
    Document,
    ErasureRule,
    FamilyRegister,
    Fee,
    LegalBasis,
    Measure,
    MeasureKind,
    Numbers,
    Procedure,
    ProfessionPlugin,
    hookimpl,
)

from . import items, rules

ACT = date(1949, 10, 1)
"""獣医師法 (昭和24年法律186号) in force."""
SINCE = date(2024, 5, 27)


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare the profession; core derives tables, API, forms, reference and annex from it."""
    return ProfessionPlugin(
        code="veterinarian",
        core=">=0.1,<2",
        name=("獣医師", "Veterinarian"),
        register_name=("獣医師名簿", "Register of veterinarians"),
        groups=(
            items.VeterinarianRegister,
            items.PracticeReport,
            items.FurtherQualification,
            FamilyRegister,
            Numbers,
        ),
        rules=(rules.registered_after_birth, rules.qualified_once),
        legal_bases=(
            LegalBasis("register", law="獣医師法", article="6", valid_from=ACT),
            LegalBasis("suspend", law="獣医師法", article="8", valid_from=ACT),
            LegalBasis("revoke", law="獣医師法", article="8", valid_from=ACT),
            LegalBasis("strike_off", law="獣医師法", article="5", valid_from=ACT),
        ),
        procedures=(
            Procedure(
                "registration", "新規登録", "Registration", gives=("register",), documents=("exam_pass",)
            ),
            Procedure(
                "correction",
                "名簿訂正",
                "Correction",
                gives=("register.family_name",),
                within=timedelta(days=30),
            ),
        ),
        documents=(Document("exam_pass", ("国家試験合格証書", "Certificate of the examination")),),
        fees=(
            Fee("registration", channel="any", yen=30_000, valid_from=SINCE, kind="tax"),
            Fee("correction", channel="online", yen=1_000, valid_from=SINCE, kind="tax"),
        ),
        certificate=Certificate(
            "urn:meibo:veterinarian:1",
            claims=(
                Claim("name", item="register.family_name", disclosable=False),
                Claim("birth_date", item="register.birth_date"),
            ),
        ),
        shown_to_holder=(
            "register.registration_number",
            "register.family_name",
            "register.birth_date",
            "qualifications.qualification_field",
            "qualifications.acquired_date",
        ),
        erasure=ErasureRule(keep_record=True, destroy_number_when=frozenset()),
        measures=(
            Measure("02", ("業務の停止", "Suspension"), MeasureKind.SUSPENSION, "suspend", longest_months=36),
            Measure("03", ("免許の取消し", "Revocation"), MeasureKind.REVOCATION, "revoke"),
        ),
    )
