"""Runs of items that the official list repeats in exam, application entry, register, history and disposition.

Each is declared once, and the groups are put together from them. Nothing here is required: the register says
what an entry cannot stand without.
"""

from datetime import date

from meibo.plugin import Code, Group, Kana, PartialDate, Personal, Sensitive, item, lists
from meibo_pharmacist import code_lists

ENTRY = "tells entries apart and finds them; it says nothing of the person"
OFFICE_DATE = "an office date, by which work lists are drawn up"
OFFICE_CODE = "an office code, by which work lists are drawn up"
EXAM = "statistics by examination; thousands of holders share each value"


class Passed(Group):
    """The examination, the former registration, and the domicile (items 40-48, 103-111, 175-183)."""

    exam_number: Personal[str | None] = item("受験番号", en="Examinee number", max_length=10)
    national_exam_round: int | None = item(
        "国家試験回数", en="National examination: round", max_length=3, clear=EXAM
    )
    national_exam_year: int | None = item(
        "国家試験実施年", en="National examination: year", max_length=4, clear=EXAM
    )
    exam_site_code: Code | None = item(
        "受験地コード", en="Examination site", max_length=2, codes=lists.EXAM_SITE, clear=EXAM
    )
    national_exam_pass_date: date | None = item(
        "国家試験合格年月日", en="National examination: date of pass", clear=EXAM
    )
    former_registration_prefecture_code: Code | None = item(
        "旧登録県コード",
        en="Former registration: prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear=OFFICE_CODE,
    )
    former_registration_number: Personal[str | None] = item(
        "旧登録番号", en="Former registration: number", max_length=12
    )
    former_registration_date: Personal[date | None] = item("旧登録年月日", en="Former registration: date")
    domicile_code: Personal[Code | None] = item(
        "本籍地コード", en="Registered domicile, or nationality", max_length=3, codes=lists.DOMICILE
    )


class Person(Group):
    """Names, birth, sex (items 10-19, 49-58, 112-121, 184-193)."""

    family_name: Personal[str | None] = item("姓", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("名", en="Given name", max_length=50)
    family_name_kana: Personal[Kana | None] = item("フリガナ（姓）", en="Family name (kana)", max_length=50)
    given_name_kana: Personal[Kana | None] = item("フリガナ（名）", en="Given name (kana)", max_length=50)
    common_family_name: Personal[str | None] = item(
        "通称（姓）", en="Common name: family name", max_length=50
    )
    common_given_name: Personal[str | None] = item("通称（名）", en="Common name: given name", max_length=50)
    common_family_name_kana: Personal[Kana | None] = item(
        "フリガナ（通称：姓）", en="Common name: family name (kana)", max_length=50
    )
    common_given_name_kana: Personal[Kana | None] = item(
        "フリガナ（通称：名）", en="Common name: given name (kana)", max_length=50
    )
    birth_date: Personal[PartialDate | None] = item("生年月日", en="Date of birth")
    sex_code: Personal[Code | None] = item(
        "性別コード",
        en="Sex",
        max_length=1,
        codes=lists.SEX,
        clear="the public search asks for it; half of the register shares each value",
    )


class Acts(Group):
    """What the office did, and under whom (items 60-78, 122-140, 194-212)."""

    roll_correction_date: date | None = item("名簿訂正年月日", en="Correction: date", clear=OFFICE_DATE)
    # The reason says whether a name, a nationality or a sex changed: family-register matters are sealed.
    roll_correction_reason_code: Personal[Code | None] = item(
        "名簿訂正理由コード", en="Correction: reason", max_length=3, codes=lists.REASON
    )
    roll_correction_reason_text: Personal[str | None] = item(
        "名簿訂正理由（記事）", en="Correction: reason in words", max_length=500, multiline=True
    )
    reissue_date: date | None = item("再交付年月日", en="Reissue: date", clear=OFFICE_DATE)
    reissue_reason_code: Code | None = item(
        "再交付理由コード", en="Reissue: reason", max_length=3, codes=lists.REASON, clear=OFFICE_CODE
    )
    reissue_reason_text: Personal[str | None] = item(
        "再交付理由（記事）", en="Reissue: reason in words", max_length=500, multiline=True
    )
    erasure_date: date | None = item("消除年月日", en="Striking off: date", clear=OFFICE_DATE)
    # The reason may say that the holder is dead: life status is sealed.
    erasure_reason_code: Personal[Code | None] = item(
        "消除理由コード", en="Striking off: reason", max_length=3, codes=lists.REASON
    )
    erasure_reason_text: Personal[str | None] = item(
        "消除理由（記事）", en="Striking off: reason in words", max_length=500, multiline=True
    )
    registration_transfer_date: date | None = item("登録換年月日", en="Transfer: date", clear=OFFICE_DATE)
    registration_transfer_reason_code: Code | None = item(
        "登録換理由コード", en="Transfer: reason", max_length=3, codes=lists.REASON, clear=OFFICE_CODE
    )
    registration_transfer_reason_text: Personal[str | None] = item(
        "登録換理由（記事）", en="Transfer: reason in words", max_length=500, multiline=True
    )
    minister_code: Code | None = item(
        "歴代大臣コード", en="Minister of the day", max_length=3, codes=lists.MINISTER, clear=OFFICE_CODE
    )
    bureau_director_code: Code | None = item(
        "歴代局長コード",
        en="Director-general of the day",
        max_length=3,
        codes=lists.BUREAU_DIRECTOR,
        clear=OFFICE_CODE,
    )
    alma_mater_code: Code | None = item(
        "出身校コード",
        en="School of graduation",
        max_length=5,
        codes=lists.SCHOOL,
        clear="statistics by school; many holders share each value",
    )
    record_count: int | None = item("件数", en="Number of cases", max_length=5)
    processing_category_code: Code | None = item(
        "処理区分コード",
        en="Processing category",
        max_length=2,
        codes=lists.PROCESSING_CATEGORY,
        clear=OFFICE_CODE,
    )
    entry_category_code: Code | None = item(
        "エントリー区分コード",
        en="Entry category",
        max_length=2,
        codes=lists.ENTRY_CATEGORY,
        clear=OFFICE_CODE,
    )
    fine_category: Sensitive[Code | None] = item(
        "罰金刑区分", en="Criminal fine", max_length=1, codes=lists.FINE_CATEGORY
    )


class Filing(Group):
    """How the office filed the record (items 24-27, 85-88, 141-144, 162-165, 214-217)."""

    pass_date_presence_code: Code | None = item(
        "合格年月日有無コード",
        en="Whether the date of pass is known",
        max_length=1,
        codes=code_lists.PRESENCE,
    )
    simultaneous_application_count: int | None = item(
        "同時申請回数", en="Applications made at once", max_length=3
    )
    print_target_import_code: Code | None = item(
        "印刷対象取込コード",
        en="Taken over for printing",
        max_length=2,
        codes=code_lists.PRINT_TARGET_IMPORT,
    )
    remarks: Personal[str | None] = item("備考", en="Remarks", max_length=1000, multiline=True)


class Addenda(Group):
    """What the list adds at the end of an entry (items 89-96, 145-152, 218-225)."""

    pass_registration_category_code: Code | None = item(
        "合格登録区分コード",
        en="Registration category passed for",
        max_length=2,
        codes=code_lists.REGISTRATION_CATEGORY,
    )
    pass_certificate_number: Personal[str | None] = item(
        "合格証書番号", en="Number of the certificate of pass", max_length=20
    )
    error_correction_date: date | None = item(
        "誤謬訂正年月日", en="Correction of an error: date", clear=OFFICE_DATE
    )
    error_correction_reason_code: Personal[Code | None] = item(
        "誤謬訂正理由コード", en="Correction of an error: reason", max_length=3, codes=lists.REASON
    )
    error_correction_reason_text: Personal[str | None] = item(
        "誤謬訂正理由（記事）",
        en="Correction of an error: reason in words",
        max_length=500,
        multiline=True,
    )
    test_venue_code: Code | None = item(
        "試験地コード", en="Place of the test", max_length=2, codes=lists.EXAM_SITE
    )
    former_family_name: Personal[str | None] = item("旧姓", en="Former family name", max_length=50)
    former_family_name_kana: Personal[Kana | None] = item(
        "フリガナ（旧姓）", en="Former family name (kana)", max_length=50
    )


class RegisterHead(Group):
    """How an entry begins (items 97-102, 169-174)."""

    registration_id: Personal[int | None] = item("登録ID", en="Entry ID", max_length=12, clear=ENTRY)
    registration_number: Personal[str | None] = item(
        "登録番号", en="Registration number", max_length=12, clear=ENTRY
    )
    registration_category_code: Code | None = item(
        "登録区分コード",
        en="Registration category",
        max_length=2,
        codes=code_lists.REGISTRATION_CATEGORY,
        clear="the daily count goes by it; nearly all holders share one value",
    )
    forwarding_prefecture_code: Code | None = item(
        "進達県コード",
        en="Forwarding prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear="each prefecture lists the applications that it forwarded",
    )
    received_date: date | None = item("受付年月日", en="Date of receipt", clear=OFFICE_DATE)
    registration_date: Personal[date | None] = item(
        "登録年月日", en="Date of registration", clear="lists go by it; the public search tells its year"
    )
