"""Items 3-30: what the examination tells of who passed it. A cut of it opens the entry of a new pharmacist."""

from datetime import date

from meibo.plugin import Code, Group, Personal, Sensitive, item, lists
from meibo_pharmacist import code_lists
from meibo_pharmacist.items.parts import EXAM, OFFICE_CODE, Filing, Person


class _Sat(Group):
    """Items 3-9."""

    exam_number: Personal[str | None] = item("受験番号", en="Examinee number", max_length=10)
    national_exam_round: int | None = item(
        "国家試験回数", en="National examination: round", max_length=3, clear=EXAM
    )
    registration_category_code: Code | None = item(
        "登録区分コード",
        en="Registration category",
        max_length=2,
        codes=code_lists.REGISTRATION_CATEGORY,
        clear=OFFICE_CODE,
    )
    exam_site_code: Code | None = item(
        "受験地コード", en="Examination site", max_length=2, codes=lists.EXAM_SITE, clear=EXAM
    )
    national_exam_year: int | None = item(
        "国家試験実施年", en="National examination: year", max_length=4, clear=EXAM
    )
    domicile_code: Personal[Code | None] = item(
        "本籍地コード", en="Registered domicile, or nationality", max_length=3, codes=lists.DOMICILE
    )
    name_category: Code | None = item(
        "名称区分（氏名）", en="Which name is given", max_length=1, codes=code_lists.NAME_CATEGORY
    )


class _Result(Group):
    """Items 20-23."""

    national_exam_pass_date: date | None = item(
        "国家試験合格年月日", en="National examination: date of pass", clear=EXAM
    )
    reception_number: str | None = item("受付番号", en="Number of receipt", max_length=20)
    fine_category: Sensitive[Code | None] = item(
        "罰金刑区分", en="Criminal fine", max_length=1, codes=lists.FINE_CATEGORY
    )
    set_aside_flag: bool | None = item("退避フラグ", en="Set aside")


class PharmacistExam(
    _Sat,
    Person,
    _Result,
    Filing,
    title="試験情報",
    en="Examination",
    heading="",
    purpose=(
        "国家試験の合格の確認（薬剤師法2条）",
        "see that who applies has passed the national examination (薬剤師法2条)",
    ),
    source=("国家試験の合格者ファイル", "the examination's file of who passed"),
    erasure="keep with the licence",
):
    """Who passed the examination, as its file told it."""

    pass_certificate_number: Personal[str | None] = item(
        "合格証書番号", en="Number of the certificate of pass", max_length=20
    )
    test_venue_code: Code | None = item(
        "試験地コード", en="Place of the test", max_length=2, codes=lists.EXAM_SITE
    )
    alma_mater_code: Code | None = item(
        "出身校コード", en="School of graduation", max_length=5, codes=lists.SCHOOL, clear=EXAM
    )
