"""The rule of midwives alone; the medical file shares the others."""

from meibo.plugin import Finding, rule
from meibo_midwife.items import MidwifeRegister

MALE = "1"


@rule("midwife.women", cites="保健師助産師看護師法3条、item 27", ja="助産師の免許は女子に与える。")
def women(register: MidwifeRegister, procedure: str) -> Finding | None:
    """Midwives are women when they are registered."""
    if procedure != "register" or register.sex_code != MALE:
        return None
    return Finding(
        "sex_code",
        "助産師として登録できるのは女性だけです。性別コードを確認してください。",
        "Only women are registered as midwives: check the sex.",
    )
