"""A profession that no law knows, declared as a stranger's plugin would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType
from typing import Any

from meibo.plugin import (
    Code,
    CodeList,
    Effect,
    Era,
    EraDate,
    EraMonth,
    Finding,
    Group,
    Kana,
    LegalBasis,
    LicenceType,
    Numbers,
    PartialDate,
    Personal,
    Procedure,
    ProfessionPlugin,
    Record,
    hookimpl,
    item,
    rule,
)

COLOURS = CodeList("colours", {"1": ("赤", "red"), "2": ("青", "blue")})


class DancerRegister(
    Group, title="踊り手名簿", en="Register", purpose="a test", source="a test", erasure="keep"
):
    """The first part of the entry."""

    registration_number: Personal[str] = item(
        "登録番号", en="Number", max_length=12, clear="tells entries apart", index=True, unique=True
    )
    registration_date: date = item("登録年月日", en="Date", clear="lists go by it", index=True)
    family_name: Personal[str] = item("姓", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("名", en="Given name", max_length=50)
    family_name_kana: Personal[Kana] = item("セイ", en="Family name (kana)", max_length=50)
    birth_date: Personal[PartialDate] = item("生年月日", en="Date of birth")
    sex_code: Personal[Code] = item("性別", en="Sex", max_length=1, clear="half share each value")


class Practice(Group, title="稽古", en="Practice", purpose="a test", source="a test", erasure="keep"):
    """A group of its own between the parts of the register."""

    started_era: Era | None = item("開始（元号）", en="Began: era")
    started_date: EraDate | None = item(
        "開始", en="Began", era="started_era", clear="an office date", index=True
    )
    taught_era: Era | None = item("指導（元号）", en="Taught: era")
    taught_month: EraMonth | None = item("指導", en="Taught", era="taught_era")
    trial: bool | None = item("仮登録", en="On trial")
    colour: Code | None = item("色", en="Colour", codes=COLOURS)
    memo: Personal[str | None] = item("メモ", en="Memo", max_length=100, multiline=True)


class DancerRegisterEnd(
    Group,
    title="踊り手名簿（続き）",
    en="Register, continued",
    purpose="a test",
    source="a test",
    erasure="keep",
    part_of=DancerRegister,
):
    """The last part of the entry."""

    correction_date: date | None = item("訂正日", en="Corrected on", clear="an office date")
    correction_reason: Personal[str | None] = item("訂正理由", en="Reason", max_length=3)
    remarks: Personal[str | None] = item("備考", en="Remarks", max_length=200)


@rule("dancer.red_only", cites="踊り手法3条")
def red_only(practice: Practice) -> Iterator[Finding]:
    """Blue is refused."""
    if practice.colour == "2":
        yield Finding("colour", "青は選べません。", "Blue is not allowed.")


@rule("dancer.keeps_name", cites="item 5")
def keeps_name(record: Record, previous: Record | None, procedure: str, day: date) -> Finding | None:
    """A correction leaves the family name."""
    if previous is None or procedure != "correct" or day < date(2000, 1, 1):
        return None
    if record.value("register.family_name") == previous.value("register.family_name"):
        return None
    return Finding("register.family_name", "姓は変わりません。", "The family name stays.")


PLUGIN = ProfessionPlugin(
    code="dancer",
    core=">=0.1,<2",
    name=("踊り手", "Dancer"),
    register_name=("踊り手名簿", "Register of dancers"),
    groups=(DancerRegister, Practice, DancerRegisterEnd, LicenceType, Numbers),
    rules=(red_only, keeps_name),
    legal_bases=(LegalBasis("register", "踊り手法", "1条", date(1950, 1, 1)),),
    procedures=(Procedure("correction", "訂正", "Correction", within=timedelta(days=30)),),
    effects={"correct": Effect(date="register.correction_date", reason="register.correction_reason")},
)


def plugin(**changed: Any) -> ProfessionPlugin:
    """The plugin with something changed."""
    return replace(PLUGIN, **changed)


def module(declared: object = PLUGIN, name: str = "meibo_dancer") -> ModuleType:
    """A module that declares a profession, as an entry point names it."""
    made = ModuleType(name)

    @hookimpl
    def meibo_profession() -> object:
        return declared

    made.meibo_profession = meibo_profession  # type: ignore[attr-defined]
    return made
