"""The register entry that seven professions share item by item: 57 items in one order, and two of re-education.

Required is what an entry cannot stand without (医師法施行令4条1号-3号 and its sister orders), and the kana by which
names are found. The given name is not: a foreign national may bear one name alone, as the passport prints it.
"""

from datetime import date

from meibo.items.declaration import Group, Personal, Sensitive, item
from meibo.items.kinds import Code, Kana
from meibo.items.shared import lists
from meibo.values.dates import PartialDate

ENTRY = "tells entries apart and finds them; it says nothing of the person"
OFFICE_DATE = "an office date, by which work lists are drawn up"
OFFICE_CODE = "an office code, by which work lists are drawn up"
EXAM = "statistics by examination; thousands of holders share each value"


class MedicalRegister(
    Group,
    title="名簿情報",
    en="Register",
    purpose=("資格の名簿への登録", "register of the profession"),
    source="application, national examination",
    erasure=("永年保存（医籍は永年保存）", "kept for good (医籍は永年保存)"),
):
    """The entry in a register of the medical file (医籍等); each profession extends it under its own name."""

    registration_id: Personal[int | None] = item(
        "登録ID", en="Entry ID", max_length=10, clear=ENTRY, unique=True
    )
    registration_number: Personal[str] = item(
        "登録番号", en="Registration number", max_length=12, clear=ENTRY, index=True, unique=True
    )
    licence_type_code: Code | None = item(
        "職種コード", en="Licence type", max_length=2, codes=lists.LICENCE_TYPE, clear=OFFICE_CODE
    )
    forwarding_prefecture_code: Code | None = item(
        "進達県コード",
        en="Forwarding prefecture",
        max_length=2,
        codes=lists.PREFECTURE,
        clear="each prefecture lists the applications that it forwarded",
        index=True,
    )
    received_date: date | None = item("受付年月日", en="Date of receipt", clear=OFFICE_DATE)
    registration_date: Personal[date] = item(
        "登録年月日",
        en="Date of registration",
        clear="lists go by it; the public search tells its year",
        index=True,
    )
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
    national_exam_pass_date: date = item(
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
    domicile_code: Personal[Code] = item(
        "本籍地コード", en="Registered domicile, or nationality", max_length=3, codes=lists.DOMICILE
    )
    family_name: Personal[str] = item("姓", en="Family name", max_length=50)
    given_name: Personal[str | None] = item("名", en="Given name", max_length=50)
    family_name_kana: Personal[Kana] = item("フリガナ（姓）", en="Family name (kana)", max_length=50)
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
    birth_date: Personal[PartialDate] = item("生年月日", en="Date of birth")
    sex_code: Personal[Code] = item(
        "性別コード",
        en="Sex",
        max_length=1,
        codes=lists.SEX,
        clear="the public search asks for it; half of the register shares each value",
    )
    register_correction_date: date | None = item("籍訂正年月日", en="Correction: date", clear=OFFICE_DATE)
    # The reason says whether a name, a nationality or a sex changed: family-register matters are sealed.
    register_correction_reason_code: Personal[Code | None] = item(
        "籍訂正理由コード", en="Correction: reason", max_length=3, codes=lists.REASON
    )
    register_correction_reason_text: Personal[str | None] = item(
        "籍訂正理由（記事）", en="Correction: reason in words", max_length=500, multiline=True
    )
    reissue_date: date | None = item("再交付年月日", en="Reissue: date", clear=OFFICE_DATE)
    reissue_reason_code: Code | None = item(
        "再交付理由コード", en="Reissue: reason", max_length=3, codes=lists.REASON, clear=OFFICE_CODE
    )
    reissue_reason_text: Personal[str | None] = item(
        "再交付理由（記事）", en="Reissue: reason in words", max_length=500, multiline=True
    )
    deregistration_date: date | None = item("まっ消年月日", en="Striking off: date", clear=OFFICE_DATE)
    # The reason may say that the holder is dead: life status is sealed.
    deregistration_reason_code: Personal[Code | None] = item(
        "まっ消理由コード", en="Striking off: reason", max_length=3, codes=lists.REASON
    )
    deregistration_reason_text: Personal[str | None] = item(
        "まっ消理由（記事）", en="Striking off: reason in words", max_length=500, multiline=True
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
    remarks_1: Personal[str | None] = item("備考1", en="Remarks 1", max_length=500, multiline=True)
    remarks_2: Personal[str | None] = item("備考2", en="Remarks 2", max_length=500, multiline=True)
    remarks_3: Personal[str | None] = item("備考3", en="Remarks 3", max_length=500, multiline=True)
    remarks_4: Personal[str | None] = item("備考4", en="Remarks 4", max_length=500, multiline=True)
    remarks_5: Personal[str | None] = item("備考5", en="Remarks 5", max_length=500, multiline=True)
    passed_licence_type_code: Code | None = item(
        "合格職種コード", en="Licence type passed for", max_length=2, codes=lists.LICENCE_TYPE
    )
    memo: Personal[str | None] = item("メモ", en="Memo", max_length=2000, multiline=True)
    chief_medical_officer_code: Code | None = item(
        "歴代医務技監コード",
        en="Chief medical officer of the day",
        max_length=3,
        codes=lists.CHIEF_MEDICAL_OFFICER,
        clear=OFFICE_CODE,
    )
    former_family_name: Personal[str | None] = item("旧姓", en="Former family name", max_length=50)
    former_family_name_kana: Personal[Kana | None] = item(
        "フリガナ（旧姓）", en="Former family name (kana)", max_length=50
    )
    certification_date: date | None = item("認定年月日", en="Certification: date")
    application_health_bureau: Code | None = item(
        "申請厚生局",
        en="Certification: regional bureau applied to",
        max_length=2,
        codes=lists.REGIONAL_HEALTH_BUREAU,
    )
    certification_number: Personal[str | None] = item("認定番号", en="Certification: number", max_length=20)


class Reeducation(
    Group,
    title="再教育研修",
    en="Re-education",
    heading="名簿情報",
    purpose=("再教育研修命令の管理", "follow up orders of re-education"),
    source="the minister's order; the holder's application",
    erasure="keep with the licence",
):
    """Whether re-education was ordered and completed: it tells of a disposition, so it is sealed."""

    reeducation_completion_registered_date: Personal[date | None] = item(
        "再教育研修終了登録日", en="Completion registered on"
    )
    reeducation_order_registered_date: Personal[date | None] = item(
        "再教育研修命令登録日", en="Order registered on"
    )


class RegisterAddress(
    Group,
    title="名簿情報",
    en="Register: address",
    purpose="write to the holder",
    source="application",
    erasure="keep with the licence",
):
    """The address with which some lists close 名簿情報; a profession extends it as a part of its register."""

    address: Personal[str | None] = item("住所", en="Address", max_length=200)
