"""A plugin that breaks every promise which can be read from its files; `#!` says what the kit finds on a line."""

from __future__ import annotations

from datetime import date

from meibo.plugin import (
    CodeList,
    Era,
    EraDate,
    ErasureRule,
    Fee,
    Finding,
    Group,
    Kana,
    LegalBasis,
    Measure,
    MeasureKind,
    Personal,
    Procedure,
    ProfessionPlugin,
    hookimpl,
    item,
    rule,
)

SIZES = CodeList("sizes", {"1": ("小", "Small"), "2": ("大", "")})  #! the code 2 of sizes has no English text; write it in English


class PotterRegister(Group, title="陶工名簿", en="Register", purpose="register", source="application", erasure="keep"):
    """The entry."""

    registration_number: str = item("登録番号", en="Number", max_length=12, clear="finds entries", index=True, unique=True)
    registration_date: date = item("登録日", en="Registered on", clear="lists go by it", index=True)
    family_name: Personal[str] = item("姓", en="Family name", max_length=50)
    family_name_kana: Personal[Kana] = item("セイ", en="TODO_6", max_length=50)  #! family_name_kana has no English label; write one in en="…"
    TODO_7: Personal[str | None] = item("窯", en="Kiln")  #! the item 窯 has no identifier yet (TODO_7); name it in English
    clayType: Personal[str | None] = item("土 ", en="Clay")  #! clayType is no snake_case identifier; rename it, such as family_name #! the label of clayType is empty or begins or ends with a blank; print the list's
    size_code: Personal[str | None] = item("大きさ", en="Size", codes=SIZES)
    opened_date: EraDate | None = item("開業日", en="Opened", era="opened_era")  #! opened_date comes before its era opened_era; put the era first
    opened_era: Era | None = item("開業日（元号）", en="Opened: era")


class Wheel(Group, title="轆轤", en="Wheel", purpose="turn pots", source="application", erasure="keep"):  #! the group wheel has no Japanese purpose for the annex; write purpose=(Japanese, English)
    """What a potter turns with."""

    turns: int | None = item("回転数", en="Turns a minute")


@rule("of_age", cites="")
def of_age(register: PotterRegister) -> Finding | None:
    return None


@hookimpl
def meibo_profession() -> ProfessionPlugin:
    """Declare potters."""
    return ProfessionPlugin(  #! no legal basis of entries holds today; declare LegalBasis("register", …)
        code="potter",
        core=">=0.1,<2",
        name=("陶工", "Potter"),
        register_name=("陶工名簿", "Register of potters"),
        groups=(PotterRegister, Wheel),
        rules=(of_age,),
        legal_bases=(
            LegalBasis("register", "陶工法", "1条", date(1950, 1, 1), date(1999, 12, 31)),
            LegalBasis("suspend", "陶工法", "2条", date(1950, 1, 1), date(1949, 12, 31)),  #! the legal basis suspend ends before it begins; mend its days
        ),
        measures=(
            Measure("02", ("停止", "Suspension"), MeasureKind.SUSPENSION, "suspend"),  #! the legal basis of the measure 02 does not hold today; name one that does
        ),
        procedures=(
            Procedure("registration", "登録", " ", documents=("pot",)),  #! the procedure registration has no English text; write it in English #! there is no document pot; declare Document("pot", (…, …))
        ),
        fees=(
            Fee("registration", channel="any", yen=100, valid_from=date(2000, 1, 1), valid_to=date(2009, 12, 31)),
            Fee("registration", channel="online", yen=90, valid_from=date(2009, 12, 1), valid_to=date(2010, 3, 31)),  #! the fee of registration (online) overlaps another from 2009-12-01; let one period end the day before the next begins
            Fee("registration", channel="any", yen=80, valid_from=date(2010, 4, 1)),  #! the fee of registration (paper) has a gap before 2010-04-01; let one period end the day before the next begins
            Fee("lost", channel="any", yen=80, valid_from=date(2010, 4, 1)),  #! there is no procedure lost; name one that is declared
        ),
        erasure=ErasureRule(),
    )
