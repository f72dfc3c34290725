"""Items 97-152: the entry in the register (薬剤師名簿).

Required is what an entry cannot stand without (薬剤師法施行令4条), and the kana by which names are found.
The given name is not: a foreign national may bear one name alone, as the passport prints it.
"""

from datetime import date

from meibo.plugin import Code, Kana, PartialDate, Personal, item, lists
from meibo_pharmacist.items.parts import ENTRY, EXAM, Acts, Addenda, Filing, Passed, Person, RegisterHead


class PharmacistRegister(
    RegisterHead,
    Passed,
    Person,
    Acts,
    Filing,
    Addenda,
    title="名簿情報",
    en="Register",
    heading="",
    purpose=("薬剤師名簿への登録（薬剤師法6条）", "register of pharmacists (薬剤師法6条)"),
    source="application, national examination",
    erasure=(
        "永年保存。生存者が免許を返納し、または取り消されたときは個人番号を廃棄する",
        "kept for good; the number of who lives and gave the licence up, or lost it, is destroyed",
    ),
):
    """The entry of a pharmacist. Declared anew is what is required, and what lists are narrowed by."""

    registration_number: Personal[str] = item(
        "登録番号", en="Registration number", max_length=12, clear=ENTRY, index=True, unique=True
    )
    forwarding_prefecture_code: Code | None = item(
        "進達県コード",
        en="Forwarding prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear="each prefecture lists the applications that it forwarded",
        index=True,
    )
    registration_date: Personal[date] = item(
        "登録年月日",
        en="Date of registration",
        clear="lists go by it; the public search tells its year",
        index=True,
    )
    national_exam_pass_date: date = item(
        "国家試験合格年月日", en="National examination: date of pass", clear=EXAM
    )
    domicile_code: Personal[Code] = item(
        "本籍地コード", en="Registered domicile, or nationality", max_length=3, codes=lists.DOMICILE
    )
    family_name: Personal[str] = item("姓", en="Family name", max_length=50)
    family_name_kana: Personal[Kana] = item("フリガナ（姓）", en="Family name (kana)", max_length=50)
    birth_date: Personal[PartialDate] = item("生年月日", en="Date of birth")
    sex_code: Personal[Code] = item(
        "性別コード",
        en="Sex",
        max_length=1,
        codes=lists.SEX,
        clear="the public search asks for it; half of the register shares each value",
    )
