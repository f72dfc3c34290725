"""Items 3-13 of the veterinarians' register (獣医師名簿), in official order; core prepends 1-2 and gives the rest."""

from datetime import date

from meibo.plugin import Cardinality, Code, CodeList, Era, EraDate, Group, Kana, PartialDate, Personal, item

PRACTICE_FIELDS = CodeList(
    "practice_field",
    {"1": ("小動物", "Small animals"), "2": ("産業動物", "Livestock"), "9": ("その他", "Other")},
)


class VeterinarianRegister(
    Group, title="名簿情報", en="Register", purpose="register", source="application", erasure="keep"
):
    """The entry of a veterinarian."""

    registration_number: str = item(
        "登録番号",
        en="Registration number",
        max_length=12,
        clear="tells entries apart and finds them; it says nothing of the person",
        index=True,
        unique=True,
    )
    registration_date: date = item(
        "登録年月日", en="Registration date", clear="an office date, by which lists are drawn up", index=True
    )
    family_name: Personal[str] = item("姓", en="Family name", max_length=50)
    family_name_kana: Personal[Kana] = item("フリガナ（姓）", en="Family name (kana)", max_length=50)
    birth_date: Personal[PartialDate | None] = item("生年月日", en="Date of birth")


class PracticeReport(
    Group,
    title="届出",
    en="Practice report",
    purpose="statistics",
    source="biennial report",
    erasure="keep",
):
    """Where a veterinarian works."""

    practice_field: Code | None = item(
        "従事分野",
        en="Field of practice",
        max_length=1,
        codes=PRACTICE_FIELDS,
        clear="statistics by field; thousands of holders share each value",
        index=True,
    )
    workplace_name: Personal[str | None] = item("従事先", en="Workplace", max_length=200)


class FurtherQualification(
    Group,
    title="認定資格",
    en="Further qualifications",
    purpose="statistics",
    source="biennial report",
    erasure="keep",
    key="qualifications",
    cardinality=Cardinality.LIST,
):
    """A qualification that a veterinarian holds besides the licence; each is a row."""

    qualification_field: Code = item(
        "認定分野",
        en="Field of the qualification",
        max_length=1,
        codes=PRACTICE_FIELDS,
        clear="statistics by field; thousands of holders share each value",
        index=True,
    )
    acquired_era: Era | None = item("認定年月日（元号）", en="Era of the day it was awarded")
    acquired_date: EraDate | None = item("認定年月日", en="Day it was awarded", era="acquired_era")
    awarded_by: Personal[str | None] = item("認定機関", en="Awarded by", max_length=50)
