"""Version 2 of the veterinarians' plugin: items renamed in each of its groups, and one of another kind.

The columns stay, so it needs no migration; what version 1 wrote is brought forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

from meibo.plugin import (
    Certificate,
    Claim,
    Code,
    Finding,
    Group,
    Holder,
    Kana,
    Numbers,
    Personal,
    Procedure,
    ProfessionPlugin,
    Upcast,
    converted,
    hookimpl,
    item,
    renamed,
    rule,
)
from meibo.plugin import FamilyRegister as FirstFamilyRegister
from tests import veterinarian
from tests.veterinarian.items import PracticeReport as FirstReport
from tests.veterinarian.items import VeterinarianRegister as FirstRegister

REGISTER: Mapping[str, Any] = FirstRegister.items
REPORT: Mapping[str, Any] = FirstReport.items


class VeterinarianRegister(
    Group, title="名簿情報", en="Register", purpose="register", source="application", erasure="keep"
):
    """The entry: the name is one item, the birth date a whole day."""

    registration_number: str = REGISTER["registration_number"]
    registration_date: date = REGISTER["registration_date"]
    full_name: Personal[str] = item("氏名", en="Name", max_length=50)
    family_name_kana: Personal[Kana] = REGISTER["family_name_kana"]
    birth_date: Personal[date | None] = item("生年月日", en="Date of birth")


class PracticeReport(
    Group, title="届出", en="Practice report", purpose="statistics", source="report", erasure="keep"
):
    """Where a veterinarian works: the workplace has its name's name."""

    practice_field: Code | None = REPORT["practice_field"]
    workplace: Personal[str | None] = item("従事先", en="Workplace", max_length=200)


class FamilyRegister(
    FirstFamilyRegister,
    title="戸籍関係情報",
    en="Family-register replies",
    purpose="confirm death",
    source="network",
    erasure="keep",
    plural="family_registers",
    cardinality=FirstFamilyRegister.cardinality,
):
    """The replies, with an item of another name."""

    birthplace: Personal[str | None] = item("出生地", en="Place of birth", max_length=200)


@rule("veterinarian.registered_after_birth", cites="items 4, 7")
def registered_after_birth(register: VeterinarianRegister) -> Finding | None:
    """An entry made before the holder's birth is a typing slip."""
    if register.birth_date is None or register.birth_date <= register.registration_date:
        return None
    return Finding("registration_date", "生年月日より前です。", "It precedes the date of birth.")


def whole_day(stored: list[str]) -> str | None:
    """A date that may be known in part, as a day where it is known in whole."""
    return stored[0] if len(stored[0]) == 10 and "X" not in stored[0] else None


UPCASTS = (
    Upcast("2", "register", renamed("family_name", "full_name")),
    Upcast("2", "register", converted("birth_date", whole_day)),
    Upcast("2", "practice_report", renamed("workplace_name", "workplace")),
    Upcast("2", "family_register", renamed("place_of_birth", "birthplace")),
)


def second() -> ModuleType:
    """The module of version 2, which finds its migrations where version 1 has them."""
    made = ModuleType("tests.veterinarian.second_plugin")
    made.__file__ = veterinarian.__file__

    @hookimpl
    def meibo_profession() -> ProfessionPlugin:
        first: ProfessionPlugin = veterinarian.meibo_profession()
        return replace(
            first,
            version="2.0",
            groups=(VeterinarianRegister, PracticeReport, FamilyRegister, Numbers),
            rules=(registered_after_birth,),
            holder=Holder(family_name="register.full_name"),
            procedures=(
                Procedure("correction", "名簿訂正", "Correction", gives=("register.full_name",)),
                Procedure("registration", "新規登録", "Registration", gives=("register",)),
            ),
            certificate=Certificate(
                "urn:meibo:veterinarian:2", claims=(Claim("name", item="register.full_name"),)
            ),
            shown_to_holder=("register.registration_number", "register.full_name", "register.birth_date"),
            upcasts=UPCASTS,
        )

    made.meibo_profession = meibo_profession  # type: ignore[attr-defined]
    return made
